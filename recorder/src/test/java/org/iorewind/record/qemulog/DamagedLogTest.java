package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.iorewind.record.ImportResult;
import org.iorewind.record.RecordedEvents;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that no recorder wrote: counted, never believed, never fatal. */
class DamagedLogTest {
    private static final String WRITE = "amdvi_mmio_write X write addr 0x2008, size 4, val 0x10, offset 0x0";
    private static final String COMMAND =
            "amdvi_command_exec command buffer head at 0x0 command buffer tail at 0x10 command buffer base at 0x1000";
    private static final String RESULT = "amdvi_translation_result devid: 00:03.0 gpa 0xfffff002 hpa 0xfffff000";
    /** An entry without tables: the request passes. */
    private static final String GOOD = " | dte@1000=1,2,3,4";

    @TempDir
    Path folder;

    private RecordedEvents events = new RecordedEvents();

    private ImportResult read(List<String> lines) throws IOException {
        events = new RecordedEvents();
        Path log = Files.write(folder.resolve("qemu.trace"), lines);
        return QemuLogImport.run(List.of(log), events, ImportOptions.defaults(), Progress.NONE);
    }

    private ImportResult read(String... lines) throws IOException {
        return read(List.of(lines));
    }

    private List<String> of(EventKind kind, String... fields) {
        return events.lines(List.of(kind), fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dte@1000=zz",
                "dte@1000=1,2,3",
                "dte@1000=1,2,3,4,5",
                "dte@1004=1,2,3,4",
                "dte@=1,2,3,4",
                "dte@1000",
                "dte@1000=1,2,3,4 L7@2000=1",
                "dte@1000=1,2,3,4 L3@2000=1,2",
                "dte@1000=1,2,3,4  L3@2000=1",
                "dte@-1000=1,2,3,4",
                "dte@1000=+1,2,3,4",
                "dte@10000000000000000=1,2,3,4",
                "dte@1000=1,2,3,4 | STALE",
                "dte@1000=1,2,3,4 | STALE pa=x",
                "cmd=1,2",
                "perhaps"
            })
    void anAnnotationThatIsNotUnderstoodIsCountedAndItsLineKept(String annotation) throws IOException {
        ImportResult result = read(RESULT + " | " + annotation);
        assertThat(result.unparsed()).isEqualTo(1);
        assertThat(result.unparsedExamples().get(0)).contains(annotation);
        assertThat(of(EventKind.TRANSLATION)).hasSize(1);
        assertThat(of(EventKind.MEMORY_WRITE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cmd=xyz", "cmd=1", "cmd=1,2,3", "cmd=1 2", "cmd=,1", "cmd=1,-2", "dte@1000=1,2,3,4"})
    void commandBytesThatAreNotUnderstoodAreCountedAndTheCommandKept(String annotation) throws IOException {
        ImportResult result = read(WRITE, COMMAND + " | " + annotation, RESULT + GOOD);
        assertThat(result.unparsed()).isEqualTo(1);
        assertThat(of(EventKind.COMMAND_CONSUMED)).hasSize(1);
        assertThat(of(EventKind.MEMORY_WRITE, "region")).containsOnly("MemoryWrite region=DEVICE_TABLE");
    }

    @Test
    void whatARecorderSaysOfItsOwnReadingsIsUnderstood() throws IOException {
        ImportResult result = read(
                WRITE,
                COMMAND + " | cmd=8,9",
                "amdvi_pages_inval AMD-Vi pages for domain 0x5 invalidated | MISMATCH",
                RESULT + GOOD + " L1@2000=1 | STALE pa=0");
        assertThat(result.unparsed()).isZero();
        assertThat(of(EventKind.MEMORY_WRITE)).hasSize(7);
    }

    @Test
    void onlyUnderstoodReadingsMakeALogOneWithMemory() throws IOException {
        read(RESULT + " | dte@1000=zz");
        assertThat(of(EventKind.SESSION_START, "fidelity")).containsExactly("SessionStart fidelity=OBSERVED");
        read(RESULT + GOOD);
        assertThat(of(EventKind.SESSION_START, "fidelity")).containsExactly("SessionStart fidelity=FULL");
    }

    @Test
    void readingsAtTheTopOfTheAddressSpaceAreWrittenOnce() throws IOException {
        String line = RESULT + " | dte@ffffffffffffffe0=1,2,3,4 L1@fffffffffffff000=5";
        ImportResult result = read(line, line);
        assertThat(result.unparsed()).isZero();
        assertThat(of(EventKind.MEMORY_WRITE, "address"))
                .containsExactly(
                        "MemoryWrite address=0xffffffffffffffe0",
                        "MemoryWrite address=0xffffffffffffffe8",
                        "MemoryWrite address=0xfffffffffffffff0",
                        "MemoryWrite address=0xfffffffffffffff8",
                        "MemoryWrite address=0xfffffffffffff000");
    }

    @Test
    void aStoreBetweenTwoReadingsMakesTheSecondNews() throws IOException {
        read(RESULT + GOOD, "mem S D 1008 1 7", RESULT + GOOD);
        assertThat(of(EventKind.MEMORY_WRITE, "from", "address"))
                .containsExactly(
                        "MemoryWrite from=WITNESS address=0x1000",
                        "MemoryWrite from=WITNESS address=0x1008",
                        "MemoryWrite from=WITNESS address=0x1010",
                        "MemoryWrite from=WITNESS address=0x1018",
                        "MemoryWrite from=CPU_STORE address=0x1008",
                        "MemoryWrite from=WITNESS address=0x1008");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mem P D 1000 1 -1=0",
                "mem P D 1000 1 200=0",
                "mem P D 1000 1 ffffffffffffffff=0",
                "mem P D 1000 1 0",
                "mem P D 1000 1 =0",
                "mem P D 1000 +0",
                "mem P D 1004 0",
                "mem P D -1000 0",
                "mem S D 1000 8 -1",
                "mem S D 1000 8 +1",
                "mem S D 1000 0 0",
                "mem S D 1000 11 0",
                "mem S D 1000 1 100",
                "mem S D 1000 ffffffffffffffff 0",
                "mem S  D 1000 8 0",
                "mem I W 100000008 8 0",
                "mem I W 18 3 0",
                "mem I Q 18 8 0",
                "mem X D 1000 0 zz",
                "mem X D 1000 zz 0",
                "mem U D",
                "mem   "
            })
    void aMemoryLineThatIsNotUnderstoodWritesNothing(String line) throws IOException {
        ImportResult result = read(line);
        assertThat(result.unparsed()).isEqualTo(1);
        assertThat(events.lines(List.of(EventKind.values()))).containsExactly("SessionStart", "SessionEnd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amdvi_mmio_write X write addr 0x100002008, size 4, val 0x10, offset 0x0",
                "amdvi_mmio_write X write addr 0x2008, size 0, val 0x10, offset 0x0",
                "amdvi_mmio_read X read addr 0xffffffffffffffff, size 8 offset 0x0",
                "amdvi_mmio_read X read addr 0x18, size 260 offset 0x18"
            })
    void anAccessThatNoEventCanHoldIsNotCutToFit(String line) throws IOException {
        assertThat(read(line).unparsed()).isEqualTo(1);
        assertThat(of(EventKind.MMIO_WRITE)).isEmpty();
        assertThat(of(EventKind.MMIO_READ)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999.000000", "9223372036.999999"})
    void aStampBeyondTheClockIsNoTime(String stamp) throws IOException {
        read("7@5.000000:" + RESULT, "7@" + stamp + ":" + RESULT);
        assertThat(of(EventKind.TRANSLATION, "timeNs")).containsOnly("Translation timeNs=0.000000000s");
    }

    private static List<String> tailAndItsCommand(int linesBetween) {
        List<String> lines = new ArrayList<>();
        lines.add("7@5.000000:amdvi_mmio_read AMDVI_MMIO_COMMAND_TAIL read addr 0x2008, size 4 offset 0x2008");
        lines.addAll(Collections.nCopies(linesBetween, "9@5.000001:" + RESULT));
        lines.add("7@5.000002:" + COMMAND);
        return lines;
    }

    @Test
    void theConsequenceOfAnAccessIsLookedForBehindALimitedNumberOfLines() throws IOException {
        read(tailAndItsCommand(MmioAssembler.MOST_LINES_TO_CONSEQUENCE - 1));
        assertThat(of(EventKind.MMIO_WRITE, "value")).containsExactly("MmioWrite value=0x10");
        read(tailAndItsCommand(MmioAssembler.MOST_LINES_TO_CONSEQUENCE));
        assertThat(of(EventKind.MMIO_WRITE)).isEmpty();
        assertThat(of(EventKind.MMIO_READ, "flags")).containsExactly("MmioRead flags=directionUnknown");
    }

    @Test
    void onlyAThousandLabelsOfOtherLinesAreTold() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(RESULT);
        for (int i = 0; i < 3000; i++) {
            lines.add("event_" + i % 1500 + " x");
        }
        ImportResult result = read(lines);
        assertThat(result.skipped()).hasSize(1001).containsEntry("event_0", 2L).containsEntry("others", 1000L);
    }

    @Test
    void anEntrysAddressDoesNotPassToTheNextRequest() throws IOException {
        read(
                "amdvi_ir_remap_msi_req addr 0xfee00000 data 0x4 devid 0xa0",
                "amdvi_ir_irte addr 0x11f6000 offset 0x40",
                "amdvi_ir_irte_ga_val hi 0x25 lo 0x1",
                "amdvi_ir_remap_msi (addr 0xfee00000, data 0x4) -> (addr 0xfee00000, data 0x4025)",
                "amdvi_ir_remap_msi_req addr 0xfee00000 data 0x5 devid 0xa0",
                "amdvi_ir_irte_ga_val hi 0x26 lo 0x1",
                "amdvi_ir_remap_msi (addr 0xfee00000, data 0x5) -> (addr 0xfee00000, data 0x4026)");
        assertThat(of(EventKind.INTERRUPT_DELIVERED, "irteAddress", "irteHigh"))
                .containsExactly(
                        "InterruptDelivered irteAddress=0x11f6040 irteHigh=0x25",
                        "InterruptDelivered irteAddress=0x0 irteHigh=0x26");
    }
}
