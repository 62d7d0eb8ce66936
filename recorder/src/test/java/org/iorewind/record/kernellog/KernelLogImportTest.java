package org.iorewind.record.kernellog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a kernel log's lines become, and what is said of those that become nothing. */
class KernelLogImportTest {
    private static final String FAULT =
            "nvme 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000b address=0xfee0f000 flags=0x0020]";

    static Stream<String> notices() throws IOException {
        return EntryFormsTest.resource("notices.txt").stream().filter(line -> !line.isEmpty() && !line.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("notices")
    void everyOtherLineOfTheDriverIsKnownAndKept(String line) {
        ImportedLog log = ImportedLog.of(List.of(line));
        assertThat(log.result().unparsedExamples()).isEmpty();
        assertThat(log.events().lines(List.of(EventKind.CONSOLE_LINE), "text")).hasSize(1);
        assertThat(log.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AMD-Vi: The moon is full",
                "AMD-Vi: Event logged [NEW_KIND_OF_EVENT device=0000:01:00.0 address=0x0 flags=0x0000]",
                "AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:01:00.0 domain=0x000b address=0xfee0g000 flags=0x0020]",
                "AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:01:20.0 domain=0x000b address=0x0 flags=0x0020]",
                "AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000b address=0x0 flags=0x0020]",
                "AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:01:00.0 domain=0x000b address=0x0]",
                "AMD-Vi: Event logged [ILLEGAL_COMMAND_ERROR]",
                "AMD-Vi: Event logged [UNKNOWN event[0]=0x1 event[1]=0x2 event[2]=0x3",
                "AMD-Vi: Event logged [IO_PAGE_FAULT device=0000:01:00.0 domain=0x000b",
                "AMD-Vi: Event logged ["
            })
    void aLineThatIsNotUnderstoodIsReportedAndKept(String line) {
        ImportedLog log = ImportedLog.of(List.of("[    1.000000] " + line, "[    2.000000] other words"));
        assertThat(log.result().unparsed()).isEqualTo(1);
        assertThat(log.result().unparsedExamples()).hasSize(1);
        assertThat(log.all()).isEmpty();
    }

    @Test
    void theBootsOfTheCapturesAreUnderstoodWhole() throws IOException {
        for (String name : List.of("amd-q11-l612-fault", "amd-q11-l73-strict", "amd-q10-l612-strict")) {
            ImportedLog log = ImportedLog.ofFile(
                    Path.of("src/test/resources/org/iorewind/record/kernellog/" + name + ".dmesg.gz"));
            assertThat(log.result().unparsedExamples()).as(name).isEmpty();
            assertThat(log.events().lines(List.of(EventKind.SESSION_START), "extendedFeatures", "fidelity"))
                    .as(name)
                    .containsExactly("SessionStart extendedFeatures=0x29d3 fidelity=LOG");
            // steps.txt of the captures: edu was made to fault; QEMU 10.0 writes no entries at all
            assertThat(log.all()).as(name).hasSize(name.startsWith("amd-q11") ? 10 : 0);
        }
    }

    @Test
    void suppressedLinesAreAGapWithTheirNumber() {
        // ROCm issue 2820, and a user's report of NAMD on two GPUs
        ImportedLog log = ImportedLog.of(List.of(
                "[172391.638255] amd_iommu_report_page_fault: 10432 callbacks suppressed",
                "[172391.638261] " + FAULT,
                "[283817.888834] amd_iommu_int_thread: 2718 callbacks suppressed",
                "[283817.888835] AMD-Vi: IOMMU event log overflow",
                "[283818.000000] net_ratelimit: 12 callbacks suppressed"));
        assertThat(log.events().lines(List.of(EventKind.GAP), "reason", "count"))
                .containsExactly(
                        "Gap reason=SOURCE_LOST count=10432",
                        "Gap reason=SOURCE_LOST count=2718",
                        "Gap reason=SOURCE_LOST count=0");
        assertThat(log.result().unparsed()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "** 127 printk messages dropped ** | 127",
                "Nov 27 04:32:51 host systemd-journald[312]: Missed 45 kernel messages | 45",
                "Nov 27 04:32:51 host systemd-journald[312]: Suppressed 67 messages from kernel | 67"
            })
    void whatTheLogLostIsAGap(String line, long count) {
        assertThat(ImportedLog.of(List.of("[    1.000000] " + FAULT, line))
                        .events()
                        .lines(List.of(EventKind.GAP), "count"))
                .containsExactly("Gap count=" + count);
    }

    @Test
    void aRepeatedMessageIsOneEntryAndAGapForTheOthers() {
        ImportedLog log = ImportedLog.of(List.of(
                "Nov 27 04:32:50 host kernel: [   11.000000] " + FAULT,
                "Nov 27 04:32:51 host kernel: message repeated 5 times: [ [   12.345678] " + FAULT + "]"));
        assertThat(log.all()).hasSize(2);
        assertThat(log.events().lines(List.of(EventKind.GAP), "count")).containsExactly("Gap count=4");
    }

    @Test
    void halvesFindEachOtherThroughLinesOfOtherProcessors() {
        ImportedLog log = ImportedLog.of(List.of(
                "[   13.134460] AMD-Vi: Event logged [",
                "[   13.134461] usb 1-1: new device",
                "[   13.137925] IO_PAGE_FAULT device=05:00.0 domain=0x0012 address=0x00000000ff6101b0 flags=0x0070]"));
        assertThat(log.all()).hasSize(1);
        assertThat(log.result().unparsed()).isZero();
    }

    @Test
    void aKernelThatStartsAgainDoesNotTurnTimeBack() {
        ImportedLog log = ImportedLog.of(List.of(
                "[    0.000000] Linux version 6.12.1",
                "[  100.000000] " + FAULT,
                "[    0.000000] Linux version 6.12.1",
                "[    3.000000] " + FAULT));
        assertThat(log.entries().map(ImportedLog.Entry::timeNs)).containsExactly(100_000_000_000L, 103_000_000_000L);
        assertThat(log.events().lines(List.of(EventKind.MARK), "text"))
                .containsExactly("Mark text=the kernel starts again");
    }

    @Test
    void faultsOfOtherVendorsAreNamed() {
        // captures intel-q11-l612-strict; format of Linux 6.12 arm-smmu-v3.c
        assertThatThrownBy(() -> ImportedLog.of(List.of(
                        "[   15.210384] DMAR: DRHD: handling fault status reg 2",
                        "[   15.211277] DMAR: [DMA Read NO_PASID] Request device [00:05.0] fault addr 0x100000"
                                + " [fault reason 0x06] PTE Read access is not set")))
                .isInstanceOf(UnsupportedSourceException.class)
                .hasMessageContaining("1 fault of Intel VT-d")
                .hasMessageContaining("0x100000");
        assertThatThrownBy(() -> ImportedLog.of(List.of("[   15.2] arm-smmu-v3 9050000.smmuv3: event 0x10 received:")))
                .hasMessageContaining("1 fault of Arm SMMU");
        ImportedLog both = ImportedLog.of(
                List.of(
                        "[    1.000000] " + FAULT,
                        "[   15.211277] DMAR: [DMA Read NO_PASID] Request device [00:05.0] fault addr 0x100000 [fault reason 0x06]"));
        assertThat(both.result().skipped()).containsEntry("Intel VT-d (DMAR) faults", 1L);
    }

    @Test
    void aTextThatIsNoLogIsRefused() {
        assertThatThrownBy(() -> ImportedLog.of(List.of("Dear Sir or Madam,", "my computer is broken.")))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("dmesg > dmesg.txt");
    }

    @Test
    void aLogWithoutAWordOfAnIommuIsALog() {
        assertThat(ImportedLog.of(List.of("[    1.000000] usb 1-1: new device")).all())
                .isEmpty();
    }
}
