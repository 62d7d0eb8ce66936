package org.iorewind.record.ring;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.iorewind.record.memory.RamLayout;
import org.iorewind.trace.intake.BackPressure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The library inside a program that prints trace events as QEMU does, with guest memory in a file. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TapTest {
    private static final int MEMORY_BYTES = 1 << 20;
    private static final long DEVICE_TABLE = 0x10000;
    private static final long LEVEL_3 = 0x20000;
    private static final long LEVEL_2 = 0x21000;
    private static final long LEVEL_1 = 0x22000;
    private static final long RIGHTS = 3L << 61;
    private static final RingOptions OPTIONS = new RingOptions(1 << 16, BackPressure.BLOCK, Duration.ZERO);

    @TempDir
    private Path folder;

    private Path log;
    private Path memory;
    private final ByteBuffer content = ByteBuffer.allocate(MEMORY_BYTES).order(LITTLE_ENDIAN);

    /** Texts of a ring, by stream. */
    private static final class Texts implements RingHandler {
        final List<String> lines = new ArrayList<>();
        final List<String> notes = new ArrayList<>();
        long lost;

        @Override
        public void event(DirectBuffer buffer, int offset, int length) {
            throw new AssertionError("the library writes no event frames");
        }

        @Override
        public void text(long timeNs, int thread, int stream, DirectBuffer buffer, int offset, int length) {
            assertThat(timeNs).isNotNegative();
            assertThat(thread).isPositive();
            byte[] text = new byte[length];
            buffer.getBytes(offset, text);
            (stream == RingDescriptor.STREAM_NOTE ? notes : lines).add(new String(text, UTF_8));
        }

        @Override
        public void lost(long firstNs, long lastNs, long count, String why) {
            lost += count;
        }
    }

    @BeforeEach
    void placeFiles() {
        log = folder.resolve("log");
        memory = folder.resolve("memory");
    }

    private Texts record(Map<String, String> environment, String... script) throws IOException {
        Texts texts = new Texts();
        Path program = NativeParts.compile("fake_qemu.c", folder);
        NativeParts.require(QemuLibrary.problem() == null, "no library: " + QemuLibrary.problem());
        Files.write(memory, content.array());
        try (RingFile ring = RingFile.create(folder.resolve("ring"), OPTIONS)) {
            ProcessBuilder builder = new ProcessBuilder(program.toString(), log.toString());
            builder.environment().put("LD_PRELOAD", QemuLibrary.extract(folder).toString());
            builder.environment().put("IOREWIND_RING", ring.path().toString());
            builder.environment().put("IOREWIND_RAM", "0+" + Long.toHexString(MEMORY_BYTES) + "@0=" + memory);
            builder.environment().put("MEMORY", memory.toString());
            builder.environment().putAll(environment);
            Process process = builder.redirectErrorStream(true).start();
            try (OutputStream in = process.getOutputStream()) {
                in.write((String.join("\n", script) + "\n").getBytes(UTF_8));
            }
            errors = NativeParts.output(process);
            new RingSource(ring).finish(texts);
            assertThat(ring.writerState()).isEqualTo(WriterState.ENDED);
        }
        return texts;
    }

    private String errors = "";

    @Test
    void linesOfTheIommuGoToTheRingAndAllOthersWhereTheyWent() throws IOException {
        Texts texts = record(
                Map.of(),
                "amdvi_iotlb_reset IOTLB exceed size limit - reset ",
                "nvme_irq_msix raising MSI-X IRQ vector 1",
                "! qemu: something else",
                "amdvi_all_inval Invalidation of all AMD-Vi cache requested ");
        assertThat(texts.lines)
                .containsExactly(
                        "amdvi_iotlb_reset IOTLB exceed size limit - reset ",
                        "amdvi_all_inval Invalidation of all AMD-Vi cache requested ");
        assertThat(log).hasContent("nvme_irq_msix raising MSI-X IRQ vector 1\n");
        assertThat(errors).isEqualTo("qemu: something else");
    }

    /** The library does not call printf for the formats that QEMU has. */
    @Test
    void numbersAreWrittenAsPrintfWritesThem() throws IOException {
        Texts texts = record(Map.of(), "~");
        assertThat(texts.lines)
                .hasSize(6)
                .containsExactlyElementsOf(errors.lines().toList());
    }

    @Test
    void aTimeStampGoesWithTheLineBehindIt() throws IOException {
        Texts texts = record(
                Map.of(),
                "= 2026-11-22T14:42:53.405539Z",
                "amdvi_intr_inval Interrupt table invalidated",
                "= 2026-11-22T14:42:53.405540Z",
                "nvme_irq_msix raising MSI-X IRQ vector 1");
        assertThat(texts.lines).containsExactly("amdvi_intr_inval Interrupt table invalidated");
        assertThat(log).hasContent("2026-11-22T14:42:53.405540Z nvme_irq_msix raising MSI-X IRQ vector 1\n");
    }

    @Test
    void theLogMayBeKept() throws IOException {
        Texts texts = record(Map.of("IOREWIND_KEEP_LOG", "1"), "amdvi_intr_inval Interrupt table invalidated");
        assertThat(texts.lines).hasSize(1);
        assertThat(log).hasContent("amdvi_intr_inval Interrupt table invalidated\n");
    }

    @Test
    void aCommandIsReadWhenItIsTaken() throws IOException {
        content.putLong(0x30020, 0x1000_0000_0001_1001L).putLong(0x30028, 0x77);
        Texts texts = record(
                Map.of(),
                "amdvi_command_exec command buffer head at 0x20 command buffer tail at 0x30 command buffer base at 0x30000",
                "@30020 02 00",
                "amdvi_command_exec command buffer head at 0x20 command buffer tail at 0x30 command buffer base at 0x30000");
        assertThat(texts.lines.get(0)).endsWith("base at 0x30000 | cmd=1000000000011001,77");
        assertThat(texts.lines.get(1)).endsWith("base at 0x30000 | cmd=1000000000010002,77");
    }

    /** Device 00:02.0 has three levels; IOVA 0x40201000 has index 1 in each. */
    private void buildTables() {
        content.putLong((int) DEVICE_TABLE + 0x10 * 32, RIGHTS | LEVEL_3 | 3 << 9 | 3);
        content.putLong((int) LEVEL_3 + 8, RIGHTS | LEVEL_2 | 2 << 9 | 1);
        content.putLong((int) LEVEL_2 + 8, RIGHTS | LEVEL_1 | 1 << 9 | 1);
        content.putLong((int) LEVEL_1 + 8, RIGHTS | 0x55000 | 1);
    }

    private static final String TABLE_SET =
            "amdvi_mmio_write AMDVI_MMIO_DEVICE_TABLE write addr 0x0, size 8, val 0x10001, offset 0x0";
    private static final String TRANSLATED = "amdvi_translation_result devid: 00:02.0 gpa 0x40201000 hpa 0x55000";

    @Test
    void aWalkIsReadWhenItIsDoneAndToldOnce() throws IOException {
        buildTables();
        Texts texts = record(Map.of(), TABLE_SET, TRANSLATED, TRANSLATED, "@22009 60 06", TRANSLATED);
        assertThat(texts.lines)
                .containsExactly(
                        TABLE_SET,
                        TRANSLATED
                                + " | dte@10200=6000000000020603,0,0,0 L3@20008=6000000000021401"
                                + " L2@21008=6000000000022201 L1@22008=6000000000055001",
                        TRANSLATED,
                        TRANSLATED + " | L1@22008=6000000000066001");
    }

    /** A guest is held until the recorder has asked QEMU where its memory is. */
    @Test
    void memoryIsReadFromTheMomentThatItsPlaceIsTold() throws IOException {
        buildTables();
        Path places = folder.resolve("places");
        Texts texts = record(
                Map.of("IOREWIND_RAM", QemuLibrary.ramAt(places), "PLACES", places.toString()),
                TABLE_SET,
                TRANSLATED,
                "+",
                TRANSLATED,
                TRANSLATED);
        assertThat(texts.lines.get(1)).isEqualTo(TRANSLATED);
        assertThat(texts.lines.get(2)).startsWith(TRANSLATED + " | dte@10200=");
        assertThat(texts.lines.get(3)).isEqualTo(TRANSLATED);
        assertThat(texts.notes).isEmpty();
    }

    @Test
    void aPlaceWhereNothingIsMappedIsNotTouched() throws IOException {
        Path places = folder.resolve("places");
        Files.writeString(places, QemuLibrary.places(new RamLayout(List.of(new RamLayout.Piece(0, 1 << 20, 1 << 20)))));
        assertThat(places).content().isEqualTo("0+100000=100000\n");
        Texts texts = record(Map.of("IOREWIND_RAM", QemuLibrary.ramAt(places)), TABLE_SET, TRANSLATED);
        assertThat(texts.lines).containsExactly(TABLE_SET, TRANSLATED);
        assertThat(texts.notes).containsExactly("the guest's memory is not where the recorder says");
    }

    /** Another recorder, or the same one after it threw records away, does not know what the one before was told. */
    @Test
    void aReaderThatBeginsAfreshIsToldEverythingAgain() throws IOException {
        buildTables();
        Path program = NativeParts.compile("fake_qemu.c", folder);
        NativeParts.require(QemuLibrary.problem() == null, "no library: " + QemuLibrary.problem());
        Files.write(memory, content.array());
        Path place = folder.resolve("ring");
        ProcessBuilder builder = new ProcessBuilder(program.toString(), log.toString()).redirectErrorStream(true);
        builder.environment().put("LD_PRELOAD", QemuLibrary.extract(folder).toString());
        builder.environment().put("IOREWIND_RING", place.toString());
        builder.environment().put("IOREWIND_RAM", "0+" + Long.toHexString(MEMORY_BYTES) + "@0=" + memory);
        Texts texts = new Texts();
        Process process;
        try (RingFile ring = RingFile.create(place, OPTIONS)) {
            process = builder.start();
            send(process, TABLE_SET, TRANSLATED);
            RingSource source = new RingSource(ring);
            while (texts.lines.size() < 2) {
                source.poll(texts, 1);
            }
            send(process, TRANSLATED);
            while (texts.lines.size() < 3) {
                source.poll(texts, 1);
            }
        }
        assertThat(texts.lines.get(1)).contains(" | dte@");
        assertThat(texts.lines.get(2)).isEqualTo(TRANSLATED);
        try (RingFile ring = RingFile.open(place)) {
            assertThat(new RingSource(ring).discard()).isZero();
            send(process, TRANSLATED);
            process.getOutputStream().close();
            NativeParts.output(process);
            new RingSource(ring).finish(texts);
        }
        assertThat(texts.lines.get(3)).isEqualTo(texts.lines.get(1));
    }

    private static void send(Process process, String... lines) throws IOException {
        process.getOutputStream().write((String.join("\n", lines) + "\n").getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    @Test
    void aGuestWhoseTablesLeadInCirclesDoesNotHoldUsUp() throws IOException {
        buildTables();
        content.putLong((int) LEVEL_2 + 8, RIGHTS | LEVEL_2 | 2 << 9 | 1);
        Texts texts = record(Map.of(), TABLE_SET, TRANSLATED);
        assertThat(texts.lines.get(1))
                .endsWith(" | dte@10200=6000000000020603,0,0,0 L3@20008=6000000000021401 L2@21008=6000000000021401");
    }

    @Test
    void tablesOutsideOfMemoryAreNotRead() throws IOException {
        buildTables();
        content.putLong((int) LEVEL_3 + 8, RIGHTS | 0x000F_FFFF_FFFF_F000L & ~0xFFFL | 2 << 9 | 1);
        Texts texts = record(
                Map.of(),
                TABLE_SET,
                TRANSLATED,
                "amdvi_command_exec command buffer head at 0xfffffff0 command buffer tail at 0x30 command buffer base"
                        + " at 0xffffffffffffffff");
        assertThat(texts.lines.get(1)).endsWith(" | dte@10200=6000000000020603,0,0,0 L3@20008=600ffffffffff401");
        assertThat(texts.lines.get(2)).endsWith("base at 0xffffffffffffffff");
    }

    @Test
    void anEntryThatAppearsInTheEventLogIsRead() throws IOException {
        Texts texts = record(
                Map.of(),
                "amdvi_mmio_write AMDVI_MMIO_EVENT_BASE write addr 0x10, size 8, val 0x800000000040000, offset 0x10",
                "@40000 30 00 00 00 02 00 09 20",
                "amdvi_generate_msi_interrupt Mode: MSI",
                "amdvi_page_fault error: page fault accessing guest physical address 0x100000",
                "@40010 18 00 00 00 02 00 0a 20",
                "amdvi_generate_msi_interrupt Mode: MSI");
        assertThat(texts.lines.get(1))
                .isEqualTo("amdvi_generate_msi_interrupt Mode: MSI | log@40000=2009000200000030,0");
        assertThat(texts.lines.get(2)).endsWith("0x100000");
        assertThat(texts.lines.get(3))
                .isEqualTo("amdvi_generate_msi_interrupt Mode: MSI | log@40010=200a000200000018,0");
    }

    @Test
    void anInterruptEntryIsReadInAlignedPairs() throws IOException {
        content.putLong(0x50020, 0x1).putLong(0x50028, 0x30);
        Texts texts = record(Map.of(), "amdvi_ir_irte addr 0x50000 offset 0x24");
        assertThat(texts.lines).containsExactly("amdvi_ir_irte addr 0x50000 offset 0x24 | irte@50020=1,30");
    }

    @Test
    void withoutTheGuestsMemoryTheLinesComeAndANoteSaysWhatIsMissing() throws IOException {
        Texts texts = record(Map.of("IOREWIND_RAM", "0+1000@0=/does/not/exist"), TABLE_SET, TRANSLATED);
        assertThat(texts.lines).containsExactly(TABLE_SET, TRANSLATED);
        assertThat(texts.notes).containsExactly("cannot open the file of the guest's memory");
    }

    @Test
    void memoryShorterThanSaidIsNotTouched() throws IOException {
        Texts texts = record(Map.of("IOREWIND_RAM", "0+40000000@0=" + memory), TABLE_SET, TRANSLATED);
        assertThat(texts.notes).containsExactly("the file of the guest's memory is shorter than said");
    }

    @Test
    void aProgramThatIsNotQemuIsLeftAlone() throws IOException {
        NativeParts.require(QemuLibrary.problem() == null, "no library: " + QemuLibrary.problem());
        try (RingFile ring = RingFile.create(folder.resolve("ring"), OPTIONS)) {
            ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "printf '%s' \"$LD_PRELOAD\"");
            String library = QemuLibrary.extract(folder).toString();
            builder.environment().put("LD_PRELOAD", library);
            builder.environment().put("IOREWIND_RING", ring.path().toString());
            assertThat(NativeParts.output(builder.start())).isEqualTo(library);
            assertThat(ring.writerState()).isEqualTo(WriterState.AWAITED);
        }
    }

    @Test
    void withoutARingNothingIsTaken() throws IOException {
        Path program = NativeParts.compile("fake_qemu.c", folder);
        NativeParts.require(QemuLibrary.problem() == null, "no library: " + QemuLibrary.problem());
        ProcessBuilder builder = new ProcessBuilder(program.toString(), log.toString());
        builder.environment().put("LD_PRELOAD", QemuLibrary.extract(folder).toString());
        builder.environment().put("IOREWIND_RING", folder.resolve("none").toString());
        Process process = builder.redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write("amdvi_intr_inval Interrupt table invalidated\n".getBytes(UTF_8));
        }
        assertThat(NativeParts.output(process))
                .isEqualTo(
                        "iorewind: nothing is recorded: cannot open the ring: it is made by the recorder, which must be"
                                + " started first");
        assertThat(log).hasContent("amdvi_intr_inval Interrupt table invalidated\n");
    }
}
