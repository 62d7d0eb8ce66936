package org.iorewind.samples.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.cost.CostWatcher;
import org.iorewind.analyze.performance.Performance;
import org.iorewind.analyze.performance.PerformanceWatcher;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.ScenarioRecorder;
import org.iorewind.samples.scenario.Scenarios;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of every scenario each part of an analysis tells what it tells by itself, with one thread and with two. */
class AnalysisPartsTest {
    @TempDir
    private Path folder;

    static Stream<String> names() {
        return Scenarios.list().stream().map(Scenario::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void noPartMissesWhatOthersHear(String name) {
        Path file = folder.resolve("trace.iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(file)) {
            ScenarioRecorder.record(Scenarios.named(name).orElseThrow(), Outcomes.SEED, writer);
        }
        CostWatcher costs = new CostWatcher();
        PerformanceWatcher traffic = new PerformanceWatcher();
        try (TraceReader trace = Traces.open(file)) {
            Replay.run(trace, ReplayOptions.defaults(), costs);
            Replay.run(trace, ReplayOptions.defaults(), traffic);
            Analysis whole = Analyses.analyze(trace, ReplayOptions.defaults(), 1);
            Performance alone = traffic.result(List.of(), List.of());
            assertThat(whole.costs()).usingRecursiveComparison().isEqualTo(costs.table());
            assertThat(whole.performance())
                    .usingRecursiveComparison()
                    .ignoringFields("operations", "windows")
                    .isEqualTo(alone);
            assertThat(whole.performance().operations()).containsAll(alone.operations());
            assertThat(Analyses.analyze(trace, ReplayOptions.defaults(), 2))
                    .usingRecursiveComparison()
                    .isEqualTo(whole);
        }
    }
}
