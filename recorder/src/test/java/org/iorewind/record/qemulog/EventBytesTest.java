package org.iorewind.record.qemulog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBytesTest {
    private static final Path SEEDS = Path.of("src", "test", "fuzz", "qemulog");
    private static final String BAR = " | ";
    private static final String BASE =
            "amdvi_command_exec command buffer head at 0x20 command buffer tail at 0x30 command buffer base at 0x30000";
    private static final String RESULT = "amdvi_translation_result devid: 00:02.0 gpa 0x40201000 hpa 0x55000";
    private static final long NOW = 1_795_358_786_057_986_000L;
    private static final int THREAD = 17;

    private final EventBytes bytes = new EventBytes();
    private final LineParser text = new LineParser();

    private @Nullable LogLine parsed(byte[] line, int length) {
        return bytes.parse(line, length, NOW, THREAD);
    }

    private @Nullable LogLine parsed(String line) {
        byte[] content = line.getBytes(UTF_8);
        return parsed(content, content.length);
    }

    /** Real lines without their stamps, as the library hands them over. */
    private static List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String seed :
                List.of("q10-linux612-strict", "q11-linux612-annotated", "q11-linux612-strict-memory", "q11-qtest")) {
            try (Stream<String> all = Files.lines(SEEDS.resolve(seed))) {
                all.filter(line -> line.contains("amdvi_"))
                        .map(line -> line.substring(line.indexOf("amdvi_")))
                        .forEach(lines::add);
            }
        }
        lines.addAll(List.of(
                BASE + BAR + "cmd=1000000000011001,77",
                RESULT + BAR + "dte@10200=6000000000020603,0,0,0 L3@20008=6000000000021401 L1@22008=6000000000055001",
                RESULT + BAR + "L6@20008=ffffffffffffffff",
                "amdvi_devtab_inval device table entry for devid: 00:14.0 invalidated" + BAR + "dte@10280=1,2,3,4",
                "amdvi_ir_remap_msi_req addr 0xfee00000 data 0x3 devid 0xa0" + BAR + "dte@10280=1,2,3,4",
                "amdvi_ir_irte addr 0x50000 offset 0x24" + BAR + "irte@50020=1,30",
                "amdvi_page_fault error: page fault accessing guest physical address 0x100000" + BAR
                        + "log@40000=2,0"));
        return lines;
    }

    private void assertSame(LogLine fast, String line) {
        LogLine slow = text.parse(line).arrivedAt(NOW, THREAD);
        assertThat(fast.type).as(line).isEqualTo(slow.type);
        assertThat(fast.event).as(line).isEqualTo(slow.event);
        assertThat(fast.unixNs).isEqualTo(slow.unixNs);
        assertThat(fast.thread).isEqualTo(slow.thread);
        assertThat(fast.label).isEqualTo(slow.label);
        assertThat(Arrays.copyOf(slow.values, fast.values.length)).as(line).isEqualTo(fast.values);
        assertThat(readings(fast)).as(line).isEqualTo(readings(slow));
    }

    private static @Nullable List<String> readings(LogLine line) {
        Annotation annotation = Annotation.of(line);
        return annotation == null
                ? null
                : annotation.readings().stream()
                        .map(reading ->
                                reading.region() + " " + reading.address() + " " + Arrays.toString(reading.words()))
                        .toList();
    }

    @Test
    void realLinesAreReadAsTheirTextIs() throws IOException {
        int all = 0;
        int taken = 0;
        for (String line : lines()) {
            LogLine fast = parsed(line);
            all++;
            if (fast != null) {
                taken++;
                assertSame(fast, line);
            }
        }
        assertThat(taken).isGreaterThan(all * 9 / 10);
    }

    /** A changed line is left alone, or read as its text would be. */
    @Test
    void damagedLinesAreNotReadOtherwise() throws IOException {
        Random random = new Random(20_261_127);
        String alphabet = "0123456789abcdefgxL@=,| \n:.\u00e9";
        int taken = 0;
        for (String line : lines()) {
            StringBuilder damaged = new StringBuilder(line);
            int place = random.nextInt(line.length());
            char other = alphabet.charAt(random.nextInt(alphabet.length()));
            switch (random.nextInt(3)) {
                case 0 -> damaged.setCharAt(place, other);
                case 1 -> damaged.deleteCharAt(place);
                default -> damaged.insert(place, other);
            }
            LogLine fast = parsed(damaged.toString());
            if (fast != null) {
                taken++;
                assertSame(fast, damaged.toString());
            }
        }
        assertThat(taken).isPositive();
    }

    @Test
    void nothingBehindTheLineIsRead() {
        byte[] content = (RESULT + BAR + "L1@22008=6000000000055001").getBytes(UTF_8);
        LogLine line = parsed(content, content.length - 3);
        assertThat(line).isNotNull();
        assertThat(readings(line)).containsExactly("TABLE_LEVEL_1 139272 [" + 0x6000000000055L + "]");
        assertThat(parsed(content, RESULT.length() - 1).values[4]).isEqualTo(0x5500);
        assertThat(parsed(content, "amdvi_translation_result".length())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "amdvi_",
                "mem S 1 22008 8 0",
                "amdvi_new_thing value 0x1",
                "T " + RESULT,
                "17160@1795358786.057986:" + RESULT,
                "2026-11-22T14:42:53.405539Z " + RESULT,
                // says in words whether there was one
                "amdvi_generate_msi_interrupt Mode: NO MSI",
                // no such access
                "amdvi_mmio_read X read addr 0x20, size 3 offset 0x20",
                RESULT + BAR,
                RESULT + BAR + "STALE pa=1",
                RESULT + BAR + "MISMATCH",
                RESULT + BAR + "L7@8=1",
                RESULT + BAR + "L1@4=1",
                RESULT + BAR + "L1@=1",
                RESULT + BAR + "L1@8=",
                RESULT + BAR + "L1@8=12345678901234567",
                RESULT + BAR + "L1@8=1 ",
                RESULT + BAR + "L1@8=1 L",
                RESULT + BAR + "cmd=1,2",
                BASE + BAR + "cmd=1",
                BASE + BAR + "cmd=1,2,3",
                BASE + BAR + "cmd=1,2 cmd=1,2",
                BASE + " |"
            })
    void whatIsUnusualIsLeftToTheReaderOfTexts(String line) {
        assertThat(parsed(line)).isNull();
    }
}
