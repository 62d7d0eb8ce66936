package org.iorewind.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.iorewind.cli.SmallTrace;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpLineTest {
    @TempDir
    private Path dir;

    @Test
    void everyKindHasASentence() {
        Set<EventKind> seen = EnumSet.noneOf(EventKind.class);
        DumpLine line = new DumpLine();
        try (TraceReader trace = Traces.open(SmallTrace.write(dir.resolve("a.iorw")));
                EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                seen.add(cursor.event().kind());
                assertThat(line.sentence(cursor.event())).isNotBlank();
            }
        }
        assertThat(seen).isEqualTo(EnumSet.allOf(EventKind.class));
    }

    @Test
    void columnsStandUnderEachOther() {
        assertThat(lines())
                .allMatch(line -> line.charAt(46) != ' ' && line.charAt(45) == ' ' || line.startsWith("         0"));
        assertThat(lines().get(6))
                .isEqualTo("         6      1.000000s  DmaRequest         00:06.0 read 0x100000 len 4");
    }

    @Test
    void sentencesSayWhatHappened() {
        assertThat(String.join("\n", lines()))
                .contains(
                        "write CommandTail[0x2008] = 0x40",
                        "write Control+4[0x1c] = 0x7 (4 bytes)",
                        "read vf register 0x2020",
                        "stored 0x1000 table level 1 = 0x100000000000001",
                        "snapshot of 0x2000 device table, 4,096 bytes: ab000000000000000000000000000000...",
                        "00:14.0 interrupt 0xfee00000 data 0x31 [bus number not known] [late]",
                        "asks for the translation of 0x4000 len 4096, to read only pasid 0x5 guest=3",
                        "asks for the page 0x5000 rights read|known group 9, last of its group pasid 0x5",
                        "injected: memory poison address 0x1000 value 0x0 length 0x1000: a broken bank",
                        "an IOMMU of profile spec, EFR 0x29d3, EFR2 0x0, sees memory 0x100000000 length 0x8000000,"
                                + " notPresentCached iommu=1",
                        "answer Status[0x2020] = 0x3",
                        "INVALIDATE_IOMMU_PAGES at 0x40 of the ring at 0x11e6000, tail 0x50: 0x3000000200000000"
                                + " 0x7ffffffffffff001",
                        "command at 0x50 of the ring at 0x11e6000, tail 0x60, bytes not recorded",
                        "00:02.0 0xffffe000 -> 0x10aa2000, IOTLB hit, rights r-, domain 2",
                        "00:06.0 0x100000 refused",
                        "00:06.0 fails to answer the invalidation requests with the tags 0x5",
                        "00:06.0 0x200000 -> 0x40000000, IOTLB miss, rights rwx privileged global untranslated only"
                                + " snooped, page size 0x200000, domain 2",
                        "00:06.0 0x400000 answered without rights, IOTLB miss, rights --, domain 2",
                        "00:06.0 gets the response 0 for group 9 pasid 0x5",
                        "event log: IO_PAGE_FAULT at 0x10: 0x2000000000000030 0x100000",
                        "stored 0x1 at 0x11da000",
                        "remapped to 0xfee00000 data 0x4041, entry at 0x3000 = 0x41",
                        "exit for mmio at 0xfed82008, took 0.000001s",
                        "map (prot=3) for 00:02.0 iova 0x1000 physical 0x2000 size 0x1000 returned -12",
                        "begin of boot",
                        "mark 1: here",
                        "12 events missing over 0.001000s, queue full",
                        "end of the recording, clean");
    }

    @Test
    void textsOfTheTraceDoNotActOnTheTerminal() {
        assertThat(String.join("\n", lines()))
                .doesNotContain("\u001b", "\u202e")
                .contains("\\x1b[2J\\u202e<script>");
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        DumpLine line = new DumpLine();
        Path file = dir.resolve("lines.iorw");
        try (TraceReader trace = Traces.open(file.toFile().exists() ? file : SmallTrace.write(file));
                EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                lines.add(line.of(cursor.event()));
            }
        }
        return lines;
    }
}
