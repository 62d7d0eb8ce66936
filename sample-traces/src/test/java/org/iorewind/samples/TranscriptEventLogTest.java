package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The event log of QEMU, byte for byte. A transcript shows in its {@code E} lines what the script found in the log of the
 * device; the model must have written the same entries at the same places.
 */
class TranscriptEventLogTest {
    private static final Pattern SHOWN = Pattern.compile("E (\\d+) ([0-9a-f]{16}) ([0-9a-f]{16}) \\|.*");
    private static final int ENTRY_BYTES = 16;

    @TempDir
    Path folder;

    /** The entries of each scenario, in the order in which they were found. */
    private static List<List<String>> shown(Path log) throws IOException {
        List<List<String>> scenarios = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new ZstdInputStream(Files.newInputStream(log)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("S ")) {
                    scenarios.add(new ArrayList<>());
                }
                Matcher entry = SHOWN.matcher(line);
                if (entry.matches()) {
                    scenarios
                            .get(scenarios.size() - 1)
                            .add(entry.group(1) + " " + entry.group(2) + " " + entry.group(3));
                }
            }
        }
        return scenarios;
    }

    /** What the model writes, scenario by scenario: each begins with a mark. */
    private static final class Written implements ReplayListener {
        final List<List<String>> scenarios = new ArrayList<>();

        @Override
        public void before(EventView event, Machine machine) {
            if (event.kind() == EventKind.MARK) {
                scenarios.add(new ArrayList<>());
            }
        }

        @Override
        public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
            if (written) {
                scenarios
                        .get(scenarios.size() - 1)
                        .add(String.format(Locale.ROOT, "%d %016x %016x", ringOffset / ENTRY_BYTES, qword0, qword1));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"q11-qtest, 104", "q11-qtest-default, 10", "q10-qtest, 0"})
    void theModelWroteWhatTheScriptFound(String name, int entries) throws IOException {
        Path log = Captures.named(name).orElseThrow().extractTo(folder);
        Path archive = folder.resolve("trace.iorw");
        try (ArchiveWriter appender = ArchiveWriter.create(archive)) {
            QemuLogImport.run(List.of(log), appender, ImportOptions.defaults(), Progress.NONE);
        }
        Written written = new Written();
        try (TraceReader trace = Traces.open(archive)) {
            Replay.run(trace, ReplayOptions.defaults(), written);
        }
        List<List<String>> shown = shown(log);
        assertThat(shown.stream().mapToInt(List::size).sum()).isEqualTo(entries);
        assertThat(written.scenarios).hasSameSizeAs(shown);
        for (int i = 0; i < shown.size(); i++) {
            List<String> model = written.scenarios.get(i);
            // a scenario may go on after the script has looked for the last time
            assertThat(model.size())
                    .as("scenario %d", i)
                    .isGreaterThanOrEqualTo(shown.get(i).size());
            assertThat(model.subList(0, shown.get(i).size()))
                    .as("scenario %d", i)
                    .isEqualTo(shown.get(i));
        }
    }
}
