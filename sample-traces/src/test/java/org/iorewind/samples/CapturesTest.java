package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.iorewind.record.ImportResult;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.replay.Fault;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.samples.Capture.Form;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.archive.Sealer;
import org.iorewind.trace.journal.JournalWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every capture that is a log: imported whole, replayed without an unexplained difference. Counts come from the log's own text. */
class CapturesTest {
    @TempDir
    Path folder;

    static Stream<Capture> logs() {
        return Captures.logs().stream();
    }

    private static long linesWith(Path log, String... needles) throws IOException {
        return lines(log).stream()
                .filter(line -> Stream.of(needles).allMatch(line::contains))
                .count();
    }

    /** Results that no hit or update explains and that do not hand the address back: QEMU gave no right at all. */
    private static long refusals(Path log) throws IOException {
        Pattern result = Pattern.compile("amdvi_translation_result .*gpa 0x([0-9a-f]+) hpa 0x([0-9a-f]+)");
        long refusals = 0;
        boolean answered = false;
        for (String line : lines(log)) {
            Matcher matcher = result.matcher(line);
            if (matcher.find()) {
                long asked = Long.parseUnsignedLong(matcher.group(1), 16) & -4096L;
                boolean passed = asked == Long.parseUnsignedLong(matcher.group(2), 16);
                refusals += answered || passed ? 0 : 1;
                answered = false;
            }
            answered |= line.contains("amdvi_iotlb_hit ") || line.contains("amdvi_cache_update ");
        }
        return refusals;
    }

    private static List<String> lines(Path log) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new ZstdInputStream(Files.newInputStream(log)), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }

    private static ImportResult importTo(EventAppender appender, Path log) {
        try (appender) {
            return QemuLogImport.run(List.of(log), appender, ImportOptions.defaults(), Progress.NONE);
        }
    }

    @ParameterizedTest
    @MethodSource("logs")
    void everyLineIsUnderstoodAndEveryObservationExplained(Capture capture) throws IOException {
        Path log = capture.extractTo(folder);
        Path archive = folder.resolve("trace.iorw");
        ImportResult imported = importTo(ArchiveWriter.create(archive), log);
        assertThat(imported.unparsedExamples()).isEmpty();
        assertThat(imported.lines()).isEqualTo(linesWith(log, ""));
        try (TraceReader trace = Traces.open(archive)) {
            ReplayResult result = Replay.run(trace, ReplayOptions.defaults());
            assertThat(result.firstDivergences()).isEmpty();
            assertThat(result.observations().divergences()).isZero();
            assertThat(result.events()).isEqualTo(imported.events());
            assertThat(result.fidelity()).isEqualTo(capture.fidelity());
            assertThat(result.byKind().get("CommandConsumed"))
                    .isEqualTo(linesWith(log, "amdvi_command_exec ") - linesWith(log, "amdvi_command_read_fail "));
            assertThat(result.byKind().getOrDefault("Translation", 0L))
                    .isEqualTo(linesWith(log, "amdvi_translation_result "));
            assertThat(result.faults().stream().filter(Fault::observed).count()).isEqualTo(refusals(log));
            if (capture.fidelity().equals("full")) {
                assertThat(result.observations().notComparable()).isZero();
                assertThat(result.notModelled()).isEmpty();
            }
        }
    }

    @Test
    void theFaultsOfTheFirstCaptureAreThoseTheGuestProvoked() {
        try (TraceReader trace = Traces.open(Captures.logs().get(0).traceIn(folder))) {
            ReplayResult result = Replay.run(trace, ReplayOptions.defaults());
            ProvokedFaults.areAllOf(result);
        }
    }

    @Test
    void anotherProfileIsNoticed() {
        try (TraceReader trace = Traces.open(Captures.logs().get(0).traceIn(folder))) {
            ReplayResult result = Replay.run(trace, ReplayOptions.defaults().withProfile("spec"));
            assertThat(result.observations().divergences()).isPositive();
        }
    }

    @Test
    void throughAJournalOrNotTheArchiveIsTheSame() throws IOException {
        Path log = Captures.named("q11-linux612-attach").orElseThrow().extractTo(folder);
        Path direct = folder.resolve("direct.iorw");
        Path sealed = folder.resolve("sealed.iorw");
        Path journal = folder.resolve("journal");
        importTo(ArchiveWriter.create(direct), log);
        importTo(JournalWriter.create(journal), log);
        try (TraceReader trace = Traces.open(journal)) {
            Sealer.seal(trace, sealed, Progress.NONE);
        }
        assertThat(Files.mismatch(direct, sealed)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"intel-excerpt, Intel VT-d", "smmuv3-excerpt, Arm SMMUv3"})
    void recordingsOfOtherVendorsAreRefusedByName(String name, String vendor) {
        Path log = new Capture(name, Form.QEMU_LOG, "observed", List.of(), "", "", "").extractTo(folder);
        assertThatThrownBy(() -> QemuLogImport.run(
                        List.of(log), new RefusingAppender(), ImportOptions.defaults(), Progress.NONE))
                .isInstanceOf(UnsupportedSourceException.class)
                .hasMessageContaining(vendor)
                .hasMessageContaining("not supported yet");
    }

    /** Takes nothing: a refused source must not have written anything. */
    private static final class RefusingAppender implements EventAppender {
        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            throw new AssertionError("an event was written");
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
