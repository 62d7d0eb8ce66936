package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.iorewind.record.ImportResult;
import org.iorewind.record.RecordedEvents;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logs of every dialect with bytes and lines flipped, lost, doubled and made up: read, or refused by name. */
class MutatedLogTest {
    private static final int MOST_PLACES = 1 << 20;
    /** Of a session: its start and its end. */
    private static final int FRAMING_EVENTS = 2;

    private enum Dialect {
        PLAIN_10("""
                7@1795358779.000001:amdvi_iotlb_reset IOTLB exceed size limit - reset\s
                7@1795358779.361900:amdvi_mmio_read AMDVI_MMIO_CONTROL read addr 0x18, size 8 offset 0x18
                7@1795358779.361971:amdvi_mmio_read AMDVI_MMIO_CONTROL read addr 0x18, size 8 offset 0x18
                7@1795358779.361973:amdvi_control_status MMIO_STATUS state 0x482
                7@1795358779.361975:amdvi_command_error error: Executing commands with command buffer disabled 0x482
                7@1795358779.362078:amdvi_mmio_read AMDVI_MMIO_COMMAND_TAIL read addr 0x2008, size 4 offset 0x2008
                9@1795358779.362079:amdvi_iotlb_hit hit iotlb devid 00:05.0 gpa 0xf0 hpa 0x177c7000
                9@1795358779.362079:amdvi_translation_result devid: 00:05.0 gpa 0xf0 hpa 0x177c7000
                7@1795358779.362080:amdvi_command_exec command buffer head at 0x10 command buffer tail at 0x20 command buffer base at 0x1a0e000
                7@1795358779.362081:amdvi_pages_inval AMD-Vi pages for domain 0x5 invalidated
                9@1795358779.362090:amdvi_translation_result devid: 00:06.0 gpa 0x100000 hpa 0x0
                """),
        PLAIN_11("""
                2026-11-22T14:44:31.405193Z amdvi_mmio_write AMDVI_MMIO_COMMAND_TAIL write addr 0x2008, size 4, val 0x30, offset 0x0
                2026-11-22T14:44:31.405196Z amdvi_command_exec command buffer head at 0x10 command buffer tail at 0x30 command buffer base at 0x11e6000
                2026-11-22T14:44:31.405204Z amdvi_completion_wait completion wait requested with store address 0x11da000 and store data 0x1
                2026-11-22T14:44:31.405205Z amdvi_command_exec command buffer head at 0x20 command buffer tail at 0x30 command buffer base at 0x11e6000
                2026-11-22T14:44:31.405206Z amdvi_iotlb_reset IOTLB exceed size limit - reset\s
                2026-11-22T14:44:31.405207Z amdvi_all_inval Invalidation of all AMD-Vi cache requested\s
                2026-11-22T14:44:32Z amdvi_cache_update  update iotlb domid 0x2 devid: 00:02.0 gpa 0xffffe000 hpa 0x10aa2000
                2026-11-22T14:44:32.405220Z amdvi_translation_result devid: 00:02.0 gpa 0xffffe000 hpa 0x10aa2000
                2026-11-22T14:44:32.405230Z amdvi_generate_msi_interrupt Mode: MSI
                2026-11-22T14:44:32.405231Z amdvi_page_fault error: page fault accessing guest physical address 0x100000
                2026-11-22T14:44:32.405232Z amdvi_translation_result devid: 00:06.0 gpa 0x100000 hpa 0x0
                2026-11-22T14:44:32.405240Z amdvi_mem_ir_write_req addr 0x0 data 0x4 size 0x4
                2026-11-22T14:44:32.405241Z amdvi_ir_remap_msi_req addr 0xfee00000 data 0x4 devid 0xa0
                2026-11-22T14:44:32.405242Z amdvi_ir_irte addr 0x11f6000 offset 0x40
                2026-11-22T14:44:32.405243Z amdvi_ir_irte_ga_val hi 0x25 lo 0x1
                2026-11-22T14:44:32.405244Z amdvi_ir_remap_msi (addr 0xfee00000, data 0x4) -> (addr 0xfee00000, data 0x4025)
                2026-11-22T14:44:58.703997Z qemu-system-x86_64: Guest says index 65430 is available
                2026-11-22T14:44:59.000001Z amdvi_ir_remap_msi_req addr 0xfee00000 data 0x5 devid 0xa0
                """),
        PLUGIN("""
                mem P D 11e5000 2 1f=600000000187b603 20=3
                mem P 3 1874000 1 1ff=11
                7@1795358779.361900:amdvi_mmio_read AMDVI_MMIO_COMMAND_TAIL read addr 0x2008, size 4 offset 0x2008
                7@1795358779.361901:amdvi_command_exec command buffer head at 0x10 command buffer tail at 0x20 command buffer base at 0x1a0e000
                7@1795358779.361902:amdvi_pages_inval AMD-Vi pages for domain 0x5 invalidated
                mem I W 2008 4 20
                mem S C 1a0e020 8 10000000011da001
                mem S D 11e5410 10 00000000000000aa20000000011f6013
                7@1795358779.361903:amdvi_mmio_read AMDVI_MMIO_CONTROL read addr 0x18, size 8 offset 0x18
                mem I R 18 8 482
                mem X 3 1874ff8 11 12
                mem U 3 1874000
                mem END callbacks=579410880 tracked_stores=23114 mmio=6787 missed=0
                """),
        ANNOTATED("""
                2026-11-22T15:05:04.005600Z amdvi_mmio_write AMDVI_MMIO_COMMAND_TAIL write addr 0x2008, size 4, val 0x20, offset 0x0
                2026-11-22T15:05:04.005603Z amdvi_command_exec command buffer head at 0x0 command buffer tail at 0x20 command buffer base at 0x11e6000 | cmd=3000000200000000,00000000fffdf002
                2026-11-22T15:05:04.005604Z amdvi_pages_inval AMD-Vi pages for domain 0x2 invalidated | MISMATCH
                2026-11-22T15:05:04.005605Z amdvi_command_exec command buffer head at 0x10 command buffer tail at 0x20 command buffer base at 0x11e6000 | cmd=10000000011da001,0000000000000001
                2026-11-22T15:05:04.005606Z amdvi_completion_wait completion wait requested with store address 0x11da000 and store data 0x1
                2026-11-22T15:05:04.005607Z amdvi_iotlb_hit hit iotlb devid 00:03.0 gpa 0xfffff002 hpa 0x2154000
                2026-11-22T15:05:04.005608Z amdvi_translation_result devid: 00:03.0 gpa 0xfffff002 hpa 0x2154000 | dte@11e4300=600000000187b603,3,0,0 L3@187b018=6000000013f1f401 L2@13f1fff8=60000000187a201
                2026-11-22T15:05:04.005609Z amdvi_translation_result devid: 00:03.0 gpa 0xfffff002 hpa 0x2154000 | dte@fffffffffffff000=1,2,3,4 | STALE pa=0
                """),
        SNAPSHOT("""
                # state at attach, VM stopped
                reg 0 0000000011e5001f
                reg 18 000000000003148f
                mem P D 11e5000 1 1f=600000000187b603
                # lines while running
                amdvi_iotlb_hit hit iotlb devid 00:03.0 gpa 0xfffff002 hpa 0x2154000
                amdvi_translation_result devid: 00:03.0 gpa 0xfffff002 hpa 0x2154000 | dte@11e4300=600000000187b603,3,0,0
                # state at the end, VM stopped
                reg 2000 a10
                mem P D 11e5000 1 1f=600000000187b603
                """),
        TRANSCRIPT("""
                # iommu options: intremap=on,dma-remap=on; edu 00:06.0
                S one | registers and a DMA
                > readq 0xfed80018
                < OK 0x0000000000000010
                T amdvi_mmio_read AMDVI_MMIO_CONTROL read addr 0x18, size 8 offset 0x18
                > writeq 0xfed80000 0x420000
                < OK
                T amdvi_mmio_read AMDVI_MMIO_DEVICE_TABLE read addr 0x0, size 8 offset 0x0
                > writeq 0x420600 0x6000000000430603
                < OK
                > write 0x500000 0x10 0x000102030405060708090a0b0c0d0e0f
                < OK
                > writeq 0xe0000098 0x3
                < OK
                > clock_step 130000000
                < OK 130000000
                T amdvi_translation_result devid: 00:06.0 gpa 0x500000 hpa 0x0
                R EVT_HEAD 0x0
                S two | a fresh machine
                > read 0x500000 0x10
                < OK 0x00000000000000000000000000000000
                """);

        private final String text;

        Dialect(String text) {
            this.text = text;
        }
    }

    private enum Change {
        FLIP_BIT,
        SET_BYTE,
        INSERT_BYTE,
        DELETE_BYTE,
        INSERT_TOKEN,
        DOUBLE_BYTES,
        DELETE_BYTES,
        TRUNCATE,
        DELETE_LINE,
        DOUBLE_LINE,
        SWAP_LINES,
        CUT_LINE,
        JOIN_LINES
    }

    /** Text that is meant to hurt: signs, numbers at their limits, separators, other lines' beginnings. */
    private static final List<String> TOKENS = List.of(
            " ",
            "-",
            "+",
            "0x",
            "-1",
            "ffffffffffffffff",
            "8000000000000000",
            "10000000000000000",
            "7fffffff",
            ",",
            "=",
            "@",
            " | ",
            "\r",
            "\n",
            "\n\n",
            "mem ",
            "\nmem  ",
            "\n>  ",
            "\nS \n",
            "T ",
            "\u00e9\uff11",
            "amdvi_");

    /**
     * One change.
     *
     * @param place where, counted round
     * @param value what with, or how much
     */
    private record Mutation(Change change, int place, int value) {}

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        return Combinators.combine(
                        Arbitraries.of(Change.class),
                        Arbitraries.integers().between(0, MOST_PLACES).withoutEdgeCases(),
                        Arbitraries.integers().between(0, 255))
                .as(Mutation::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @ParameterizedTest
    @EnumSource
    void theDialectsThemselvesAreUnderstoodWhole(Dialect dialect) throws IOException {
        ImportResult result = read(dialect.text.getBytes(StandardCharsets.UTF_8));
        assertThat(result.unparsedExamples()).isEmpty();
        assertThat(result.lines()).isEqualTo(dialect.text.lines().count());
    }

    @Property(tries = 4000, shrinking = ShrinkingMode.BOUNDED)
    void aDamagedLogIsReadOrRefusedAndEveryLineAccountedFor(
            @ForAll Dialect dialect, @ForAll("mutations") List<Mutation> mutations) throws IOException {
        byte[] text = dialect.text.getBytes(StandardCharsets.UTF_8);
        for (Mutation mutation : mutations) {
            text = mutate(text, mutation);
        }
        try {
            read(text);
        } catch (TraceFormatException e) {
            assertThat(e).hasMessageContaining("expected");
        }
    }

    /** Imports the text and compares what the result says with it. */
    private static ImportResult read(byte[] text) throws IOException {
        Path log = Files.createTempFile("mutated", ".log");
        try {
            Files.write(log, text);
            RecordedEvents recorded = new RecordedEvents();
            ImportResult result = QemuLogImport.run(List.of(log), recorded, ImportOptions.defaults(), Progress.NONE);
            List<String> events = recorded.lines(List.of(EventKind.values()));
            assertThat(events)
                    .hasSize((int) result.events())
                    .startsWith("SessionStart")
                    .endsWith("SessionEnd");
            checkAccount(new String(text, StandardCharsets.UTF_8), result);
            return result;
        } finally {
            Files.delete(log);
        }
    }

    /** A line is skipped, folded, unparsed or makes an event; one with an annotation may be unparsed besides. */
    private static void checkAccount(String text, ImportResult result) {
        String ended = text.endsWith("\n") || text.isEmpty() ? text : text + "\n";
        long lines = ended.chars().filter(c -> c == '\n').count();
        assertThat(result.lines()).isEqualTo(lines);
        long annotated = Arrays.stream(ended.split("\n"))
                .filter(line -> line.contains(" | "))
                .count();
        long skipped =
                result.skipped().values().stream().mapToLong(count -> count).sum();
        long folded =
                result.folded().values().stream().mapToLong(count -> count).sum();
        long without = skipped + folded + result.unparsed();
        assertThat(without).isLessThanOrEqualTo(lines + annotated);
        assertThat(without + result.events() - FRAMING_EVENTS).isGreaterThanOrEqualTo(lines);
        assertThat(result.unparsedExamples()).hasSize((int) Math.min(10, result.unparsed()));
    }

    private static byte[] mutate(byte[] text, Mutation mutation) {
        if (text.length == 0) {
            return text;
        }
        int at = mutation.place % text.length;
        int value = mutation.value;
        return switch (mutation.change) {
            case FLIP_BIT -> splice(text, at, 1, new byte[] {(byte) (text[at] ^ 1 << value % 8)});
            case SET_BYTE -> splice(text, at, 1, new byte[] {(byte) value});
            case INSERT_BYTE -> splice(text, at, 0, new byte[] {(byte) value});
            case DELETE_BYTE -> splice(text, at, 1, new byte[0]);
            case INSERT_TOKEN ->
                splice(text, at, 0, TOKENS.get(value % TOKENS.size()).getBytes(StandardCharsets.UTF_8));
            case DOUBLE_BYTES -> splice(text, at, 0, Arrays.copyOfRange(text, at, Math.min(at + value, text.length)));
            case DELETE_BYTES -> splice(text, at, Math.min(value, text.length - at), new byte[0]);
            case TRUNCATE -> Arrays.copyOf(text, at);
            case DELETE_LINE, DOUBLE_LINE, SWAP_LINES, CUT_LINE, JOIN_LINES ->
                mutateLines(text, mutation.change, mutation.place, value);
        };
    }

    private static byte[] mutateLines(byte[] text, Change change, int place, int value) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n' || i == text.length - 1) {
                lines.add(Arrays.copyOfRange(text, from, i + 1));
                from = i + 1;
            }
        }
        int at = place % lines.size();
        int other = value % lines.size();
        byte[] line = lines.get(at);
        switch (change) {
            case DELETE_LINE -> lines.remove(at);
            case DOUBLE_LINE -> lines.add(other, line);
            case SWAP_LINES -> lines.set(at, lines.set(other, line));
            case CUT_LINE -> lines.set(at, splice(line, line.length * value / 256, line.length, new byte[] {'\n'}));
            default -> lines.set(at, Arrays.copyOf(line, line.length - 1));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        lines.forEach(out::writeBytes);
        return out.toByteArray();
    }

    /** The text with {@code length} bytes at {@code at} replaced. */
    private static byte[] splice(byte[] text, int at, int length, byte[] with) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(text, 0, at);
        out.writeBytes(with);
        int rest = Math.min(at + length, text.length);
        out.write(text, rest, text.length - rest);
        return out.toByteArray();
    }
}
