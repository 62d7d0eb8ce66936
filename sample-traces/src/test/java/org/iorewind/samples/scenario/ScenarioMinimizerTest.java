package org.iorewind.samples.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.minimize.Minimizer;
import org.iorewind.replay.minimize.PredicateProbe;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.samples.workload.ScenarioReader;
import org.iorewind.samples.workload.Step;
import org.iorewind.samples.workload.StepScenario;
import org.iorewind.samples.workload.StepWriter;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.StateHashDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A trace is minimized, written as a scenario, read and recorded: it still shows it, and no step can go. */
class ScenarioMinimizerTest {
    private static final long MANY = 100_000;

    @TempDir
    Path folder;

    private TraceReader recorded(String name) {
        Path file = folder.resolve(name + ".iorw");
        try (EventAppender archive = ArchiveWriter.create(file)) {
            ScenarioRecorder.record(Scenarios.named(name).orElseThrow(), 1, archive);
        }
        return Traces.open(file);
    }

    private TraceReader captured(String name) {
        Capture capture = Captures.list().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        Path file = folder.resolve(name + ".iorw");
        try (EventAppender archive = ArchiveWriter.create(file)) {
            QemuLogImport.run(List.of(capture.extractTo(folder)), archive, ImportOptions.defaults(), Progress.NONE);
        }
        return Traces.open(file);
    }

    private static boolean holds(StepScenario scenario, String predicate) {
        PredicateProbe probe = new PredicateProbe(
                StatePredicate.compile(predicate), ReplayOptions.defaults(), scenario.name(), () -> false);
        ScenarioRecorder.record(scenario, probe);
        return probe.hasHeld();
    }

    private static Optional<ScenarioMinimizer.Result> minimize(TraceReader trace, String predicate, String profile) {
        Minimizer minimizer = new Minimizer(trace, ReplayOptions.defaults().withProfile(profile), MANY);
        Minimizer.Result small =
                minimizer.keep(StatePredicate.compile(predicate)).orElseThrow();
        return new ScenarioMinimizer(minimizer, profile, "small", predicate)
                .smallest(small.selection(), scenario -> holds(scenario, predicate), () -> false);
    }

    private static StepScenario readAgain(StepScenario scenario) {
        return (StepScenario) ScenarioReader.read(StepWriter.write(scenario).getBytes(StandardCharsets.UTF_8));
    }

    private static void isTheSmallest(StepScenario scenario, String predicate) {
        assertThat(holds(scenario, predicate)).isTrue();
        for (int i = 0; i < scenario.steps().size() && scenario.steps().size() > 1; i++) {
            List<Step> others = new ArrayList<>(scenario.steps());
            Step gone = others.remove(i);
            assertThat(holds(scenario.withSteps(others), predicate))
                    .as("without %s", gone)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "base-dma-v1 | faults > 0",
                "base-dma-v1 | iotlb.contains('00:02.0', 0x10000000) && !pte('00:02.0', 0x10000000).present"
                        + " && pte('00:02.0', 0x10000000).known",
                "base-dma-v1 | effects.command == 'INVALIDATE_IOMMU_PAGES' && effects.pagesDropped > 0",
                "hw-two-guests | effects.guestCommands > 0",
                "sw-emulated-intremap | kind == 'InterruptRequest' && iommu == 1",
                "sw-emulated-intremap | effects.interrupts > 0 && irte(1, '00:04.0', 0).enabled",
                "guest-svm | effects.walkSteps > 5",
            })
    void whatIsLeftShowsItWhenItIsRecordedAgain(String name, String predicate) {
        try (TraceReader trace = recorded(name)) {
            ScenarioMinimizer.Result result = minimize(trace, predicate, "").orElseThrow();
            assertThat(result.isMinimal()).isTrue();
            assertThat(result.scenario().steps()).hasSizeLessThan(60);
            StepScenario again = readAgain(result.scenario());
            assertThat(again).isEqualTo(result.scenario());
            isTheSmallest(again, predicate);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "q11-linux612-strict-memory | requester == '00:06.0' && address == 0x100000 && effects.refused > 0 | spec",
            })
    void aRefusalOfARealMachineBecomesAScenarioOfItsProfile(String name, String predicate, String profile) {
        try (TraceReader trace = captured(name)) {
            StepScenario scenario =
                    minimize(trace, predicate, profile).orElseThrow().scenario();
            assertThat(scenario.machine().profile())
                    .isEqualTo(profile.isEmpty() ? trace.session().profile() : profile);
            isTheSmallest(readAgain(scenario), predicate);
        }
    }

    /** Exits of a guest are observed; a model of the IOMMU alone makes none. */
    @Test
    void whatOnlyTheRecordedMachineDidIsNoScenario() {
        try (TraceReader trace = recorded("hw-two-guests")) {
            assertThat(minimize(trace, "kind == 'VmExit'", "")).isEmpty();
        }
    }

    /** {@code faults} counts what was observed, too: a request and its answer are enough for a trace, but no scenario. */
    @Test
    void whereTheSmallestTraceLivesOfWhatWasObservedTheScenarioIsSoughtAnew() {
        try (TraceReader trace = recorded("base-dma-v1")) {
            Minimizer minimizer = new Minimizer(trace, ReplayOptions.defaults(), MANY);
            Minimizer.Result small =
                    minimizer.keep(StatePredicate.compile("faults > 0")).orElseThrow();
            StepScenario steps = new ScenarioMinimizer(minimizer, "", "small", "")
                    .steps(small.selection())
                    .orElseThrow();
            assertThat(holds(steps, "faults > 0")).isFalse();
            StepScenario scenario =
                    minimize(trace, "faults > 0", "").orElseThrow().scenario();
            isTheSmallest(scenario, "faults > 0");
        }
    }

    /** What a person sees first: the file of a refusal is short. */
    @Test
    void aRefusalFitsOnAScreen() {
        try (TraceReader trace = recorded("base-dma-v1")) {
            String text = StepWriter.write(
                    minimize(trace, "faults > 0", "").orElseThrow().scenario());
            assertThat(text.lines().count()).isLessThan(16);
            assertThat(text)
                    .contains(
                            "\"do\":\"MmioWrite\",\"register\":\"DeviceTableBase\"",
                            "\"do\":\"MmioWrite\",\"register\":\"Control\"",
                            "\"do\":\"DmaRequest\"",
                            "\"requester\":\"00:02.0\"");
        }
    }

    @Test
    void whoStopsItGetsTheBestSoFar() {
        try (TraceReader trace = recorded("base-dma-v1")) {
            Minimizer minimizer = new Minimizer(trace, ReplayOptions.defaults(), MANY);
            Minimizer.Result small = minimizer
                    .keep(StatePredicate.compile("effects.refused > 0"))
                    .orElseThrow();
            StepScenario whole = new ScenarioMinimizer(minimizer, "", "small", "")
                    .steps(small.selection())
                    .orElseThrow();
            ScenarioMinimizer.Result result = ScenarioMinimizer.minimize(whole, scenario -> true, () -> true)
                    .orElseThrow();
            assertThat(result.isMinimal()).isFalse();
            assertThat(result.scenario()).isEqualTo(whole);
        }
    }

    static Stream<Scenario> scenarios() {
        return Scenarios.list().stream().filter(scenario -> !scenario.name().equals("mix"));
    }

    /** Steps are the whole input: a machine that goes through all of them ends in the same state, and no answer differs. */
    @ParameterizedTest
    @MethodSource("scenarios")
    void allStepsOfARecordingLeadToTheSameState(Scenario scenario) {
        try (TraceReader trace = recorded(scenario.name())) {
            List<Step> steps = new ArrayList<>();
            long[] hash = new long[1];
            StateHashDecoder decoder = new StateHashDecoder();
            try (EventCursor events = trace.cursor()) {
                while (events.next()) {
                    if (Step.isOne(events.event().kind())) {
                        steps.add(Step.of(events.event()));
                    } else if (events.event().kind() == EventKind.STATE_HASH) {
                        decoder.wrap(
                                events.event().buffer(),
                                events.event().bodyOffset(),
                                events.event().blockLength(),
                                events.event().version());
                        hash[0] = decoder.hash();
                    }
                }
            }
            StepScenario all =
                    new StepScenario("all-steps", List.of(), "", StepScenario.machineOf(trace.session(), ""), steps);
            Path again = folder.resolve("again.iorw");
            ScenarioRecorder.Recorded recorded;
            try (EventAppender archive = ArchiveWriter.create(again)) {
                boolean isSmall = steps.size() <= ScenarioReader.MOST_STEPS;
                recorded = ScenarioRecorder.record(isSmall ? readAgain(all) : all, archive);
            }
            assertThat(recorded.stateHash()).isEqualTo(hash[0]);
            try (TraceReader other = Traces.open(again)) {
                ReplayResult result = Replay.run(other, ReplayOptions.defaults());
                assertThat(result.firstDivergences()).isEmpty();
                assertThat(result.byKind().get("Translation"))
                        .isEqualTo(Replay.run(trace, ReplayOptions.defaults())
                                .byKind()
                                .get("Translation"));
            }
        }
    }
}
