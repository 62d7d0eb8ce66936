package org.iorewind.record.mmiotrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.ImportResult;
import org.iorewind.record.MmioWindow;
import org.iorewind.record.RecordedEvents;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MmiotraceImportTest {
    private static final Path CAPTURE =
            Path.of("src", "test", "resources", "org", "iorewind", "record", "mmiotrace", "linux612-nvme-e1000e.zst");

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();

    private ImportResult read(String... lines) throws IOException {
        Path text = folder.resolve("mmio.txt");
        Files.write(text, List.of(lines));
        return MmiotraceImport.run(List.of(text), events, MmioWindow.QEMU, Progress.NONE);
    }

    private List<String> of(EventKind kind, String... fields) {
        return events.lines(List.of(kind), fields);
    }

    /** As counted with grep in the capture: the IOMMU's registers were mapped before mmiotrace could run. */
    @Test
    void aRealTextHasEveryAccessCountedByItsDevice() {
        ImportResult result = MmiotraceImport.run(List.of(CAPTURE), events, MmioWindow.QEMU, Progress.NONE);
        assertThat(result.lines()).isEqualTo(5973);
        assertThat(result.unparsed()).isZero();
        assertThat(result.events()).isEqualTo(2);
        assertThat(result.skipped().values().stream().mapToLong(n -> n).sum()).isEqualTo(1687 + 4269);
        assertThat(result.skipped()).containsKeys("access to 00:02.0", "access to 00:05.0");
        assertThat(result.folded())
                .containsEntry("VERSION", 1L)
                .containsEntry("PCIDEV", 10L)
                .containsEntry("MAP", 5L)
                .containsEntry("UNMAP", 1L);
        assertThat(result.contract()).contains("no access to registers at 0xfed80000, and 5956 to other devices");
    }

    /** The NVMe controller of the capture in the IOMMU's place: real lines, read as register accesses. */
    @Test
    void accessesInTheWindowHaveTheirValues() {
        MmiotraceImport.run(List.of(CAPTURE), events, new MmioWindow(0xfeb8_0000L), Progress.NONE);
        List<EventKind> kinds = List.of(EventKind.MMIO_READ, EventKind.MMIO_READ_VALUE, EventKind.MMIO_WRITE);
        assertThat(events.lines(kinds, "registerOffset", "size", "value"))
                .startsWith(
                        "MmioRead registerOffset=0x1c size=4",
                        "MmioReadValue registerOffset=0x1c size=4 value=0x1",
                        "MmioRead registerOffset=0x200c size=4",
                        "MmioReadValue registerOffset=0x200c size=4 value=0x1",
                        "MmioWrite registerOffset=0x2000 size=4 value=0xfee00000");
        assertThat(of(EventKind.MARK, "text"))
                .first()
                .isEqualTo("Mark text=the IOMMU's registers are mapped at virtual 0xff63a9f2c0606000");
        assertThat(events.timesNs().get(1)).isEqualTo(4_940_498_000L);
    }

    @Test
    void lostEventsAreGapsAndMarksAreMarks() throws IOException {
        read(
                "VERSION 20070824",
                "# a comment",
                "LSPCI 00:01.0 IOMMU: AMD",
                "MARK 5.000001 driver loaded: now",
                "MARK 0.000000 Lost 17 events.",
                "UNKNOWN 5.000002 1 0xfed80018 0f,6f,00 0x0 0",
                "UNKNOWN 5.000003 1 0xfec00018 0f,6f,00 0x0 0");
        assertThat(of(EventKind.MARK, "text")).containsExactly("Mark text=driver loaded: now");
        assertThat(of(EventKind.GAP, "reason", "count", "note"))
                .containsExactly(
                        "Gap reason=SOURCE_LOST count=17 note=before this",
                        "Gap reason=SOURCE_LOST count=1 note=an access at offset 0x18 by an instruction not understood,"
                                + " opcode 0f,6f,00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "R 4 4.940498 1 0xfed8001c 0x1 0x0",
                "R 4 4.94049 1 0xfed8001c 0x1 0x0 0",
                "W -4 4.940498 1 0xfed8001c 0x1 0x0 0",
                "W 4 4.940498 1 fed8001c 0x1 0x0 0",
                "PCIDEV 0008 10221419 18",
                "rw what?",
                "VERSION"
            })
    void aDamagedLineIsReported(String line) throws IOException {
        ImportResult result = read("VERSION 20070824", line);
        assertThat(result.unparsed()).isEqualTo(1);
        assertThat(result.unparsedExamples().get(0)).contains("mmio.txt:2: ");
    }

    @Test
    void otherVersionsAndOtherTextsAreRefused() {
        assertThatThrownBy(() -> read("VERSION 20991231"))
                .isInstanceOf(UnsupportedSourceException.class)
                .hasMessageContaining("mmio.txt:1");
        assertThatThrownBy(() -> read("hello", "world"))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("trace_pipe");
    }
}
