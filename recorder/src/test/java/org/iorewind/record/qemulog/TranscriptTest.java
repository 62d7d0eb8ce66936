package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.record.ImportResult;
import org.iorewind.record.RecordedEvents;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptTest {
    private static final String REQUESTS = "qtest script";
    private static final String HEAD_LINE =
            "T amdvi_mmio_read AMDVI_MMIO_COMMAND_HEAD read addr 0x2000, size 4 offset 0x2000";

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();

    private ImportResult read(String... script) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("S name | story");
        lines.addAll(Arrays.asList(script));
        lines.add("T amdvi_intr_inval Interrupt table invalidated");
        Path log = Files.write(folder.resolve("log"), lines);
        return QemuLogImport.run(List.of(log), events, ImportOptions.defaults(), Progress.NONE);
    }

    private List<String> memory() {
        return events.lines(List.of(EventKind.MEMORY_WRITE), "from", "address");
    }

    @Test
    void aMalformedRequestLeavesNothingOfTheOneBeforeInForce() throws IOException {
        ImportResult result = read("> writel 0xfed82000 0x20", HEAD_LINE, "> writel 0xfed82000 zz", HEAD_LINE);
        assertThat(result.unparsed()).isEqualTo(1);
        assertThat(result.folded()).containsEntry(REQUESTS, 1L);
        assertThat(events.lines(List.of(EventKind.MMIO_WRITE, EventKind.MMIO_READ), "value", "flags"))
                .containsExactly("MmioWrite value=0x20 flags=", "MmioRead flags=directionUnknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "writel 0xfed82000",
                "writel 0xfed82000 0x1 0x2",
                "writel 0xfed82000 16",
                "writel -0x1000 0x1",
                "writel 4096 0x1",
                "writel 010000 0x1",
                "writel #1000 0x1",
                "writez 0x1000 0x1",
                "writeq 0x3fffffc 0x1",
                "write 0x1000 0x2 0x123",
                "write 0x1000 0x3 0x1234",
                "write 0x1000 2 0x1234",
                "write 0x1000 0x0 0x",
                "write 0x3ffffff 0x2 0x1234",
                "write 0xffffffffffffffff 0x2 0x1234",
                "write 0xfed82000 0x4 0x12345678",
                "memset 0x1000 0x10 0xff",
                "read 0x1000",
                "readq zz"
            })
    void aRequestThatIsNotUnderstoodIsUnparsedAndStoresNothing(String request) throws IOException {
        ImportResult result = read("> " + request);
        assertThat(result.unparsed()).isEqualTo(1);
        assertThat(result.folded()).doesNotContainKey(REQUESTS);
        assertThat(memory()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"clock_step 100", "outl 0xcf8 0x80000800", "inl 0xcfc", "read 0x1000 0x10", "", " "})
    void otherRequestsAreFolded(String request) throws IOException {
        ImportResult result = read("> " + request);
        assertThat(result.unparsed()).isZero();
        assertThat(result.folded()).containsEntry(REQUESTS, 1L);
    }

    @Test
    void aBlockMakesEachOfItsPagesKnown() throws IOException {
        int length = 2 * 4096 + 2;
        read("> write 0x1fff 0x" + Integer.toHexString(length) + " 0x" + "5a".repeat(length));
        assertThat(memory())
                .containsExactly(
                        "MemoryWrite from=SNAPSHOT address=0x1000",
                        "MemoryWrite from=SNAPSHOT address=0x2000",
                        "MemoryWrite from=SNAPSHOT address=0x3000",
                        "MemoryWrite from=SNAPSHOT address=0x4000",
                        "MemoryWrite from=CPU_STORE address=0x1fff");
    }

    @Test
    void aStoreMayEndWhereTheMemoryEnds() throws IOException {
        ImportResult result = read("> writeq 0x3fffff8 0x1", "> write 0x3fffffe 0x2 0x1234");
        assertThat(result.unparsed()).isZero();
        assertThat(memory()).endsWith("MemoryWrite from=CPU_STORE address=0x3fffffe");
    }

    @Test
    void aStoreTakesTheLowBytesOfItsNumber() throws IOException {
        read("> writeb 0x1000 0x1234", "> writel 0xfed82000 0xffffffff00000010", HEAD_LINE);
        assertThat(events.lines(List.of(EventKind.MEMORY_WRITE), "data")).last().isEqualTo("MemoryWrite data=34");
        assertThat(events.lines(List.of(EventKind.MMIO_WRITE), "value")).containsExactly("MmioWrite value=0x10");
    }

    @Test
    void theAnswerToABlockReadIsNoNumber() throws IOException {
        ImportResult result = read("> read 0xfed82000 0x4", "< OK 0x10000000", HEAD_LINE);
        assertThat(result.unparsed()).isZero();
        assertThat(events.lines(List.of(EventKind.MMIO_READ))).hasSize(1);
        assertThat(events.lines(List.of(EventKind.MMIO_READ_VALUE))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"OK 0xzz", "OK 16", "OK 0x", "OK 0x1 0x2", "OK 0x00000000000000000"})
    void anAnswerThatIsNoNumberIsUnparsed(String answer) throws IOException {
        ImportResult result = read("> readl 0xfed82000", "< " + answer, HEAD_LINE);
        assertThat(result.unparsed()).isEqualTo(1);
        assertThat(result.folded()).containsEntry(REQUESTS, 1L);
    }
}
