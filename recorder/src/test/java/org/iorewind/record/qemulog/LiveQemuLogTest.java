package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.record.RecordedEvents;
import org.iorewind.record.memory.GuestMemory;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.GapReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveQemuLogTest {
    private static final Path SEEDS = Path.of("src", "test", "fuzz", "qemulog");
    /** Registers, a device table with one entry, tables of three levels: as a Linux 6.12 left them (capture strict-mem). */
    private static final String DEVICE_TABLE =
            "amdvi_mmio_write AMDVI_MMIO_DEVICE_TABLE write addr 0x0, size 8, val 0x11e4001, offset 0x0";

    private static final String RESULT = "amdvi_translation_result devid: 00:03.0 gpa 0xfffff002 hpa 0x2154000";
    private static final String MISS =
            "amdvi_cache_update  update iotlb domid 0x3 devid: 00:03.0 gpa 0xfffff000 hpa 0x2154000";
    private static final String HIT = "amdvi_iotlb_hit hit iotlb devid 00:03.0 gpa 0xfffff002 hpa 0x2154000";
    private static final long LEAF_ADDRESS = 0x187AFF8;

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();
    private final Map<Long, Long> words = new HashMap<>();

    /** Memory that a test fills. */
    private final class TestMemory implements GuestMemory {
        @Override
        public String description() {
            return "a map";
        }

        @Override
        public boolean read(long address, long[] to, int count) {
            for (int i = 0; i < count; i++) {
                to[i] = words.getOrDefault(address + 8L * i, 0L);
            }
            return true;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    private static LogFacts facts(boolean readsMemory) {
        return new LogFacts(
                0, false, readsMemory, readsMemory, true, false, false, true, true, true, 0, 0, "qemu-11.1", 1, 2);
    }

    private void tables() {
        words.put(0x11e4300L, 0x600000000187b603L);
        words.put(0x11e4308L, 3L);
        words.put(0x187b018L, 0x6000000013f1f401L);
        words.put(0x13f1fff8L, 0x600000000187a201L);
        words.put(LEAF_ADDRESS, 0x7000000002154001L);
    }

    private LiveQemuLog record(String... lines) {
        LiveQemuLog live = new LiveQemuLog(facts(true), "", "", "", new TestMemory(), events);
        for (String line : lines) {
            live.line(line, 0, 0);
        }
        live.end();
        live.run();
        return live;
    }

    private List<String> memory(String... fields) {
        return events.lines(List.of(EventKind.MEMORY_WRITE), fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"q11-linux612-strict-memory", "q10-linux612-strict", "q11-linux612-annotated", "q11-qtest"})
    void theSameLinesGiveTheSameEventsAsFromAFile(String name) throws IOException {
        Path log = SEEDS.resolve(name);
        RecordedEvents imported = new RecordedEvents();
        QemuLogImport.run(List.of(log), imported, ImportOptions.defaults(), Progress.NONE);
        LiveQemuLog live = new LiveQemuLog(LogSurvey.of(List.of(log)), "", "", "", null, events);
        CompletableFuture<Void> written = CompletableFuture.runAsync(live::run);
        for (String line : Files.readAllLines(log)) {
            // a line without a stamp happens at the time of the line before, as in a file
            assertThat(live.line(line, LogLine.UNKNOWN, 0)).isTrue();
        }
        live.end();
        written.join();
        List<EventKind> kinds =
                List.copyOf(EnumSet.complementOf(EnumSet.of(EventKind.SESSION_START, EventKind.SESSION_END)));
        String[] fields = {
            "timeNs",
            "flags",
            "from",
            "region",
            "address",
            "data",
            "size",
            "registerOffset",
            "value",
            "requester",
            "outcome",
            "cache",
            "result",
            "qword0",
            "qword0Known",
            "qword1",
            "ringHead",
            "text",
            "irteLow"
        };
        assertThat(events.lines(kinds, fields))
                .isEqualTo(imported.lines(kinds, fields))
                .isNotEmpty();
        assertThat(live.result().unparsed()).isZero();
    }

    /** As the library inside QEMU hands them over: bytes, with their times beside them. */
    @ParameterizedTest
    @ValueSource(strings = {"q11-linux612-strict-memory", "q10-linux612-strict", "q11-linux612-annotated"})
    void theSameLinesGiveTheSameEventsAsBytes(String name) throws IOException {
        List<String> lines = Files.readAllLines(SEEDS.resolve(name)).stream()
                .map(line -> line.contains("amdvi_") ? line.substring(line.indexOf("amdvi_")) : line)
                .toList();
        LogFacts facts = LogSurvey.of(List.of(SEEDS.resolve(name)));
        RecordedEvents fromTexts = new RecordedEvents();
        LiveQemuLog texts = new LiveQemuLog(facts, "", "", "", null, fromTexts);
        LiveQemuLog bytes = new LiveQemuLog(facts, "", "", "", null, events);
        CompletableFuture<Void> written =
                CompletableFuture.runAsync(texts::run).runAfterBoth(CompletableFuture.runAsync(bytes::run), () -> {});
        long now = facts.startUnixNs();
        for (String line : lines) {
            now += 1000;
            assertThat(texts.line(line, now, 7)).isTrue();
            byte[] content = line.getBytes(StandardCharsets.UTF_8);
            assertThat(bytes.add(new UnsafeBuffer(content), 0, content.length, now, 7))
                    .isZero();
        }
        assertThat(bytes.flush()).isZero();
        texts.end();
        bytes.end();
        written.join();
        assertThat(events.timelessFrames())
                .isEqualTo(fromTexts.timelessFrames())
                .hasSizeGreaterThan(20);
        assertThat(events.timesNs()).isEqualTo(fromTexts.timesNs());
        assertThat(bytes.receivedLines()).isEqualTo(lines.size());
        assertThat(bytes.result().folded()).isEqualTo(texts.result().folded());
    }

    /** What appeared in the event log is the device's word, byte for byte: the model must say the same. */
    @Test
    void anEntryOfTheEventLogIsWrittenWhole() {
        record(
                "amdvi_mmio_write X write addr 0x14, size 4, val 0x8000000, offset 0x0",
                "amdvi_mmio_write X write addr 0x10, size 4, val 0x40000, offset 0x0",
                "amdvi_generate_msi_interrupt Mode: MSI | log@40010=2009000000000030,100000",
                "amdvi_page_fault error: page fault accessing guest physical address 0x100000",
                "amdvi_translation_result devid: 00:06.0 gpa 0x100000 hpa 0x0",
                "amdvi_generate_msi_interrupt Mode: MSI | log@40020=200a000000000030,0",
                "amdvi_page_fault error: page fault accessing guest physical address 0x200010",
                "amdvi_translation_result devid: 00:06.0 gpa 0x200010 hpa 0x0",
                // of another device: not the entry of this fault
                "amdvi_generate_msi_interrupt Mode: MSI | log@40030=2009000000000031,100000",
                "amdvi_page_fault error: page fault accessing guest physical address 0x100000",
                "amdvi_translation_result devid: 00:06.0 gpa 0x100000 hpa 0x0");
        assertThat(events.lines(
                        List.of(EventKind.LOG_ENTRY), "ringOffset", "qword0", "qword0Known", "qword1", "qword1Known"))
                .containsExactly(
                        "LogEntry ringOffset=0x10 qword0=0x2009000000000030 qword0Known=0xffffffffffffffff"
                                + " qword1=0x100000 qword1Known=0xffffffffffffffff",
                        "LogEntry ringOffset=0x20 qword0=0x200a000000000030 qword0Known=0xffffffffffffffff"
                                + " qword1=0x0 qword1Known=0xffffffffffffffff",
                        "LogEntry ringOffset=0xffffffff qword0=0x2000000000000030 qword0Known=0xf00000000000ffff"
                                + " qword1=0x0 qword1Known=0x0");
        // nothing else tells whether a device reads or writes
        assertThat(events.lines(List.of(EventKind.DMA_REQUEST), "access"))
                .containsExactly("DmaRequest access=READ", "DmaRequest access=WRITE", "DmaRequest access=UNKNOWN");
    }

    @Test
    void whatTheIommuReadsIsWrittenBeforeItsUse() {
        tables();
        words.put(0x11e6000L, 0x3000000200000000L);
        LiveQemuLog live = record(
                DEVICE_TABLE,
                "amdvi_mmio_write X write addr 0x2008, size 4, val 0x10, offset 0x0",
                "amdvi_command_exec command buffer head at 0x0 command buffer tail at 0x10 command buffer base at 0x11e6000",
                "amdvi_pages_inval AMD-Vi pages for domain 0x2 invalidated",
                MISS,
                RESULT);
        assertThat(memory("region", "address", "flags"))
                .containsExactly(
                        "MemoryWrite region=COMMAND_RING address=0x11e6000 flags=",
                        "MemoryWrite region=COMMAND_RING address=0x11e6008 flags=",
                        "MemoryWrite region=DEVICE_TABLE address=0x11e4300 flags=",
                        "MemoryWrite region=DEVICE_TABLE address=0x11e4308 flags=",
                        "MemoryWrite region=DEVICE_TABLE address=0x11e4310 flags=",
                        "MemoryWrite region=DEVICE_TABLE address=0x11e4318 flags=",
                        "MemoryWrite region=TABLE_LEVEL_3 address=0x187b018 flags=",
                        "MemoryWrite region=TABLE_LEVEL_2 address=0x13f1fff8 flags=",
                        "MemoryWrite region=TABLE_LEVEL_1 address=0x187aff8 flags=");
        assertThat(live.lateReadings()).isZero();
    }

    @Test
    void anEntryClearedMeanwhileIsInferredFromTheResultAndFlaggedLate() {
        tables();
        words.put(LEAF_ADDRESS, 0L);
        LiveQemuLog live = record(DEVICE_TABLE, MISS, RESULT);
        assertThat(live.lateReadings()).isEqualTo(1);
        List<String> leaf = memory("address", "flags", "data").stream()
                .filter(line -> line.contains("0x187aff8"))
                .toList();
        // present, read and write, next level 0: little-endian bytes; not recorded itself, and read too late
        assertThat(leaf)
                .singleElement()
                .asString()
                .contains("flags=inferred|late")
                .contains("0140150200000060");
    }

    @Test
    void anEntryKnownFromBeforeStaysWhenTheNewReadingComesTooLate() {
        tables();
        LiveQemuLog live = new LiveQemuLog(facts(true), "", "", "", new TestMemory(), events);
        live.line(DEVICE_TABLE, 0, 0);
        live.line(MISS, 0, 0);
        live.line(RESULT, 0, 0);
        words.put(LEAF_ADDRESS, 0L);
        live.line(MISS, 0, 0);
        live.line(RESULT, 0, 0);
        live.end();
        live.run();
        assertThat(live.lateReadings()).isEqualTo(1);
        assertThat(memory("address").stream().filter(line -> line.contains("0x187aff8")))
                .hasSize(1);
    }

    @Test
    void aHitMayDifferFromTheTables() {
        tables();
        words.put(LEAF_ADDRESS, 0L);
        LiveQemuLog live = record(DEVICE_TABLE, HIT, RESULT);
        assertThat(live.lateReadings()).isZero();
        assertThat(memory("address")).isEmpty();
    }

    @Test
    void aTableThatIsGoneIsAGap() {
        tables();
        words.put(0x13f1fff8L, 0L);
        LiveQemuLog live = record(DEVICE_TABLE, MISS, RESULT);
        assertThat(live.lateReadings()).isEqualTo(1);
        assertThat(events.lines(List.of(EventKind.GAP), "reason", "note"))
                .singleElement()
                .asString()
                .contains("SOURCE_LOST")
                .contains("0xfffff002");
        assertThat(memory("address")).isEmpty();
    }

    @Test
    void aCommandOverwrittenMeanwhileIsAGap() {
        words.put(0x11e6000L, 0x1000000000000000L);
        record(
                "amdvi_mmio_write X write addr 0x2008, size 4, val 0x10, offset 0x0",
                "amdvi_command_exec command buffer head at 0x0 command buffer tail at 0x10 command buffer base at 0x11e6000",
                "amdvi_pages_inval AMD-Vi pages for domain 0x2 invalidated");
        assertThat(events.lines(List.of(EventKind.GAP), "note"))
                .singleElement()
                .asString()
                .contains("overwritten");
    }

    @Test
    void whatIsInsertedStandsBetweenItsLines() {
        LiveQemuLog live = new LiveQemuLog(facts(false), "", "", "", null, events);
        live.line(RESULT, 10, 0);
        live.insert(20, writer -> writer.gap(GapReason.SOURCE_LOST, 3, 0, "here"));
        live.line(RESULT, 30, 0);
        live.end();
        live.run();
        live.sessionEnd(40, EndReason.CLEAN, "over");
        assertThat(events.lines(Arrays.asList(EventKind.values()), "timeNs").stream()
                        .filter(line -> !line.startsWith("SessionStart")))
                .containsExactly(
                        "DmaRequest timeNs=0.000000010s",
                        "Translation timeNs=0.000000010s",
                        "Gap timeNs=0.000000020s",
                        "DmaRequest timeNs=0.000000030s",
                        "Translation timeNs=0.000000030s",
                        "SessionEnd timeNs=0.000000040s");
    }

    @Test
    void aTraceThatTakesNoMoreLetsNobodyWait() {
        EventAppender full = new EventAppender() {
            @Override
            public long append(DirectBuffer buffer, int offset, int lengthBytes) {
                throw new TraceStoreException("trace", "", "room", "none", "make room");
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
        LiveQemuLog live = new LiveQemuLog(facts(false), "", "", "", null, full);
        assertThatThrownBy(live::run).isInstanceOf(TraceStoreException.class);
        assertThat(live.isStopped()).isTrue();
        for (int i = 0; i < LiveLines.CAPACITY + 1; i++) {
            assertThat(live.line(RESULT, 0, 0)).isFalse();
        }
    }
}
