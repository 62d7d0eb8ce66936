package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.ScenarioRecorder;
import org.iorewind.samples.scenario.Scenarios;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.schema.EventTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the rules say of every scenario and capture. {@code golden/findings.txt} was read finding by finding against the
 * references; a new line in it needs the same.
 */
class FindingsTest {
    private static final Path GOLDEN = Path.of("golden", "findings.txt");
    private static final long SEED = 1;

    @TempDir
    Path folder;

    private RuleReport rules(Path trace) {
        try (TraceReader reader = Traces.open(trace)) {
            return Analyses.analyze(reader, ReplayOptions.defaults()).rules();
        }
    }

    private static String line(Finding finding) {
        int device = finding.where().device();
        int domain = finding.where().domain();
        return finding.severity().id() + " " + finding.rule().id() + " IOMMU "
                + finding.where().iommu() + (device < 0 ? "" : " device " + EventTable.bdf(device))
                + (domain < 0 ? "" : " domain " + domain) + " x" + finding.count() + " at #" + finding.firstSequence();
    }

    @Test
    void everyScenarioHasItsGoldenFindings() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Scenario scenario : Scenarios.list()) {
            Path trace = folder.resolve(scenario.name() + ".iorw");
            try (ArchiveWriter writer = ArchiveWriter.create(trace)) {
                ScenarioRecorder.record(scenario, SEED, writer);
            }
            all.append(scenario.name()).append('\n');
            rules(trace)
                    .findings()
                    .forEach(finding -> all.append("    ").append(line(finding)).append('\n'));
        }
        assertThat(all.toString()).isEqualTo(Files.readString(GOLDEN).replace("\r", ""));
    }

    /** Nobody has planted anything in these: a driver and a device that thousands use. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "q11-linux612-strict-memory",
                "q11-linux612-lazy-memory",
                "q10-linux612-strict-memory",
                "q11-linux612-annotated",
                "q11-linux612-attach",
                "q11-linux612-strict",
                "q11-linux612-fault",
                "q11-linux73-strict",
                "q10-linux612-strict"
            })
    void linuxUnderQemuBreaksNoRule(String name) throws IOException {
        Path log = Captures.named(name).orElseThrow().extractTo(folder);
        Path trace = folder.resolve(name + ".iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(trace)) {
            QemuLogImport.run(List.of(log), writer, ImportOptions.defaults(), Progress.NONE);
        }
        RuleReport rules = rules(trace);
        assertThat(Stream.of(Severity.WARNING, Severity.ERROR).map(rules::atLeast))
                .containsOnly(0L);
    }
}
