package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules say of every capture. For scenarios see {@code golden/scenarios}. */
class FindingsTest {
    @TempDir
    Path folder;

    private RuleReport rules(Path trace) {
        try (TraceReader reader = Traces.open(trace)) {
            return Analyses.analyze(reader, ReplayOptions.defaults()).rules();
        }
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
