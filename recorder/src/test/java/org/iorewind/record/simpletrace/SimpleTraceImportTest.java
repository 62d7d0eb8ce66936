package org.iorewind.record.simpletrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.iorewind.record.ImportResult;
import org.iorewind.record.RecordedEvents;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.record.text.TextSource;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimpleTraceImportTest {
    static final Path DECLARATIONS =
            Path.of("src", "test", "resources", "org", "iorewind", "record", "simpletrace", "trace-events-all");
    private static final List<EventKind> ALL = List.of(EventKind.values());

    @TempDir
    Path folder;

    private final RecordedEvents events = new RecordedEvents();

    private ImportResult read(SimpleTraceEncoder trace) throws IOException {
        return read(trace.bytes());
    }

    private ImportResult read(byte[] bytes) throws IOException {
        Path file = folder.resolve("trace-4711");
        Files.write(file, bytes);
        return SimpleTraceImport.run(file, DECLARATIONS, events, ImportOptions.defaults(), Progress.NONE);
    }

    private List<String> order() {
        return events.lines(ALL).stream()
                .filter(line -> !line.equals("SessionStart") && !line.equals("SessionEnd"))
                .toList();
    }

    @Test
    void aFaultIsTheSameEventsAsFromText() throws IOException {
        ImportResult result = read(new SimpleTraceEncoder()
                .event(1_000, "amdvi_generate_msi_interrupt", "Mode: MSI")
                .event(1_001, "amdvi_page_fault", 0x100000L)
                .event(1_002, "amdvi_translation_result", 0, 6, 0, 0x100000L, 0L));
        assertThat(result.unparsed()).isZero();
        assertThat(result.lines()).isEqualTo(3);
        assertThat(result.profile()).isEqualTo("qemu-11.1");
        assertThat(result.contract()).contains("monotonic clock").doesNotContain("wall-clock");
        assertThat(order()).containsExactly("DmaRequest", "Translation", "LogEntry", "InterruptDelivered");
        assertThat(events.lines(List.of(EventKind.TRANSLATION), "outcome", "requester", "address"))
                .containsExactly("Translation outcome=FAULT requester=00:06.0 address=0x100000");
        assertThat(events.timesNs()).containsOnly(1_002L);
    }

    /** Each line of a whole boot, written as a record; only the kind of clock differs. */
    @ParameterizedTest
    @ValueSource(strings = {"q11-linux612-strict.log.zst", "q11-linux612-fault.log.zst", "q11-linux73-strict.log.zst"})
    void aRealBootGivesTheSameEventsAsItsText(String capture) throws IOException {
        Map<String, Event> declared = declared();
        Path log = Path.of("..", "sample-traces", "src", "main", "resources", "org", "iorewind", "samples", "captures")
                .resolve(capture);
        List<String> lines = new ArrayList<>();
        SimpleTraceEncoder encoder = new SimpleTraceEncoder();
        long start = Instant.parse("2026-11-22T00:00:00Z").getEpochSecond() * 1_000_000_000L;
        long first = 0;
        try (TextSource source = TextSource.open(log)) {
            for (String line = source.nextLine(); line != null; line = source.nextLine()) {
                Matcher event = Pattern.compile("(\\S+Z) (\\w+) ?(.*)").matcher(line);
                if (!event.matches()) {
                    continue;
                }
                Instant time = Instant.parse(event.group(1));
                long ns = time.getEpochSecond() * 1_000_000_000L + time.getNano() - start;
                first = lines.isEmpty() ? ns : first;
                lines.add(line);
                encoder.event(ns, event.group(2), arguments(declared, event.group(2), event.group(3)));
            }
        }
        assertThat(lines).hasSizeGreaterThan(20_000);
        Path text = folder.resolve("text");
        Files.write(text, lines);
        RecordedEvents fromText = new RecordedEvents();
        ImportResult expected = QemuLogImport.run(List.of(text), fromText, ImportOptions.defaults(), Progress.NONE);
        ImportResult found = read(encoder);
        assertThat(found.lines()).isEqualTo(expected.lines());
        assertThat(found.skipped()).isEqualTo(expected.skipped());
        assertThat(found.folded()).isEqualTo(expected.folded());
        assertThat(found.unparsed()).isZero();
        // the last event's note is the same too
        assertThat(events.timelessFrames()).isEqualTo(fromText.timelessFrames());
        long shift = first;
        assertThat(events.timesNs())
                .isEqualTo(fromText.timesNs().stream().map(ns -> ns + shift).toList());
    }

    /** How an event's line looks, and of which type each argument is. */
    private record Event(Pattern line, List<Boolean> texts) {}

    private static Map<String, Event> declared() throws IOException {
        Map<String, Event> events = new HashMap<>();
        Pattern declaration = Pattern.compile("(\\w+)\\(([^)]*)\\) \"(.*)\"");
        for (String line : Files.readAllLines(DECLARATIONS)) {
            Matcher matcher = declaration.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            String pattern = Arrays.stream(matcher.group(3).stripTrailing().split("(?=%[xds])|(?<=%[xds])"))
                    .map(part -> switch (part) {
                        case "%x" -> "([0-9a-f]+)";
                        case "%d" -> "(\\d+)";
                        case "%s" -> "(.*?)";
                        default -> Pattern.quote(part);
                    })
                    .reduce("", String::concat);
            List<Boolean> texts = Arrays.stream(matcher.group(2).split(","))
                    .map(argument -> argument.contains("char *"))
                    .toList();
            events.put(matcher.group(1), new Event(Pattern.compile(pattern + " *"), texts));
        }
        return events;
    }

    private static Object[] arguments(Map<String, Event> declared, String name, String printed) {
        Event event = declared.get(name);
        if (event == null) {
            throw new AssertionError("not declared: " + name);
        }
        Matcher matcher = event.line.matcher(printed);
        assertThat(matcher.matches()).as(name + ": " + printed).isTrue();
        Object[] arguments = new Object[matcher.groupCount()];
        for (int i = 0; i < arguments.length; i++) {
            String word = matcher.group(i + 1);
            boolean decimal = name.startsWith("amdvi_mmio") && i == 2;
            arguments[i] = event.texts.get(i)
                    ? (Object) word
                    : (Object) (decimal ? Long.parseLong(word) : Long.parseUnsignedLong(word, 16));
        }
        return arguments;
    }

    @Test
    void bigEndianMachinesWriteTheirOwnOrder() throws IOException {
        ImportResult result = read(new SimpleTraceEncoder(ByteOrder.BIG_ENDIAN, 4)
                .event(5, "amdvi_mmio_write", "X", 0x2008L, 4, 0x10L, 0L));
        assertThat(result.unparsed()).isZero();
        assertThat(events.lines(List.of(EventKind.MMIO_WRITE), "registerOffset", "size", "value"))
                .containsExactly("MmioWrite registerOffset=0x2008 size=4 value=0x10");
    }

    @Test
    void anOwnFileMayBeCompressed() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new SimpleTraceEncoder().event(5, "amdvi_page_fault", 1L).bytes());
        }
        assertThat(read(packed.toByteArray()).lines()).isEqualTo(1);
    }

    @Test
    void negativeNumbersFillSixtyFourBitsAndAreCutToTheirType() throws IOException {
        ImportResult result = read(new SimpleTraceEncoder()
                .event(5, "amdvi_mmio_read_invalid", -1, 0x1000L, 4)
                .event(6, "amdvi_ir_remap_msi_req", 0xfee00000L, 3L, 0xFFFF_FFFF_FFFF_FFA0L)
                .event(7, "amdvi_ir_remap_msi", 0xfee00000L, 3L, 0xfee00000L, 0x4041L));
        assertThat(result.unparsed()).isZero();
        assertThat(events.lines(List.of(EventKind.INTERRUPT_REQUEST), "requester"))
                .containsExactly("InterruptRequest requester=00:14.0");
    }

    @Test
    void droppedRecordsAreACountedGapAndEndWhatWasBegun() throws IOException {
        read(new SimpleTraceEncoder()
                .event(5, "amdvi_iotlb_hit", 0, 2, 0, 0xffffe200L, 0x10aa2000L)
                .dropped(6, 1234)
                .event(7, "amdvi_translation_result", 0, 2, 0, 0xffffe300L, 0L));
        assertThat(events.lines(List.of(EventKind.GAP), "reason", "count"))
                .containsExactly("Gap reason=SOURCE_LOST count=1234");
        assertThat(events.lines(List.of(EventKind.TRANSLATION), "outcome", "cache"))
                .containsExactly("Translation outcome=FAULT cache=MISS");
    }

    @Test
    void otherEventsAreCountedByName() throws IOException {
        ImportResult result = read(new SimpleTraceEncoder()
                .event(5, "amdvi_page_fault", 1L)
                .event(6, "edu_probe", "näme", -5L, -6L)
                .event(7, "guest_mem_before", 1, 0x7fffL));
        assertThat(result.skipped()).containsOnly(Map.entry("edu_probe", 1L), Map.entry("guest_mem_before", 1L));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 2, 3})
    void olderVersionsAreRefusedByName(long version) {
        assertThatThrownBy(() -> read(new SimpleTraceEncoder(ByteOrder.LITTLE_ENDIAN, version)))
                .isInstanceOf(UnsupportedSourceException.class)
                .hasMessageContaining("found version " + version + ", which older QEMUs wrote")
                .hasMessageContaining("scripts/simpletrace.py");
    }

    @Test
    void newerVersionsAndOtherFilesAreRefused() {
        assertThatThrownBy(() -> read(new SimpleTraceEncoder(ByteOrder.LITTLE_ENDIAN, 5)))
                .isInstanceOf(UnsupportedSourceException.class)
                .hasMessageContaining("newer iorewind");
        assertThatThrownBy(() -> read(new byte[0]))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("an empty file");
        assertThatThrownBy(() -> read("2026-11-22T14:42:53.405539Z amdvi_page_fault …".getBytes()))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("import qemu-log");
        assertThatThrownBy(() -> read(new SimpleTraceEncoder().event(5, "edu_probe", "x", 1, 2)))
                .isInstanceOf(TraceFormatException.class);
    }

    @Test
    void recordsThatDoNotFitTheirDeclarationAreReported() throws IOException {
        ImportResult result = read(new SimpleTraceEncoder()
                .event(5, "amdvi_page_fault", 1L)
                .event(6, "amdvi_page_fault", 1L, 2L)
                .event(7, "amdvi_page_fault")
                .event(8, "amdvi_no_such_event", 1L)
                .event(9, 99L, 1L)
                .event(10, "amdvi_ir_err", 1L << 40));
        assertThat(result.unparsed()).isEqualTo(5);
        assertThat(result.unparsedExamples().get(0)).contains("byte ").contains("of the same QEMU?");
        assertThat(result.unparsedExamples().get(3)).contains("found id 99");
    }

    /** A killed QEMU leaves a file that ends anywhere: what was whole is there, and the cut is told. */
    @Test
    void aFileCutAnywhereKeepsWhatIsWhole() throws IOException {
        byte[] whole = new SimpleTraceEncoder()
                .event(5, "amdvi_page_fault", 1L)
                .event(6, "amdvi_mmio_write", "X", 0x2008L, 4, 0x10L, 0L)
                .bytes();
        int first = 24 + 8 + 8 + 4 + "amdvi_page_fault".length() + 8 + 24 + 8;
        for (int length = first + 1; length < whole.length; length++) {
            RecordedEvents kept = new RecordedEvents();
            Path file = folder.resolve("cut");
            Files.write(file, Arrays.copyOf(whole, length));
            ImportResult result =
                    SimpleTraceImport.run(file, DECLARATIONS, kept, ImportOptions.defaults(), Progress.NONE);
            boolean betweenRecords = length == whole.length - (8 + 24 + 5 + 4 * 8);
            assertThat(result.unparsed()).as("length=" + length).isEqualTo(betweenRecords ? 0 : 1);
            assertThat(kept.lines(List.of(EventKind.GAP), "reason"))
                    .isEqualTo(betweenRecords ? List.of() : List.of("Gap reason=DAMAGED"));
        }
    }

    @Test
    void lengthsThatNoQemuWritesEndTheReading() throws IOException {
        for (SimpleTraceEncoder broken : List.of(
                start().u64(1).u64(7).u64(6).u32(-1).u32(0),
                start().u64(1).u64(7).u64(6).u32(23).u32(0),
                start().u64(1).u64(7).u64(-6).u32(24).u32(0),
                start().u64(0).u64(7).u32(0x7fff_ffff),
                start().u64(0).u64(7).u32(0),
                start().u64(2).event(7, "amdvi_page_fault", 2L))) {
            RecordedEvents kept = new RecordedEvents();
            Path file = folder.resolve("broken");
            Files.write(file, broken.bytes());
            ImportResult result =
                    SimpleTraceImport.run(file, DECLARATIONS, kept, ImportOptions.defaults(), Progress.NONE);
            assertThat(result.unparsedExamples().get(0)).contains("what follows cannot be read");
            assertThat(kept.lines(List.of(EventKind.GAP), "reason")).containsExactly("Gap reason=DAMAGED");
        }
    }

    private static SimpleTraceEncoder start() {
        return new SimpleTraceEncoder().event(5, "amdvi_page_fault", 1L);
    }

    @Test
    void aFileWithoutDeclarationsIsRefused() throws IOException {
        Path none = folder.resolve("none");
        Files.writeString(none, "# nothing\nnot a declaration\n");
        Path file = folder.resolve("trace");
        Files.write(file, start().bytes());
        assertThatThrownBy(() -> SimpleTraceImport.run(file, none, events, ImportOptions.defaults(), Progress.NONE))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("trace-events-all");
    }
}
