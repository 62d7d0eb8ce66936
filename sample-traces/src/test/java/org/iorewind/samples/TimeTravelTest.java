package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.iorewind.model.StateHasher;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.bisect.FirstHolding;
import org.iorewind.replay.bisect.OptionComparison;
import org.iorewind.replay.bisect.TraceAlignment;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.checkpoint.CheckpointKey;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.ParallelReplay;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.minimize.Minimizer;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.replay.travel.Stop;
import org.iorewind.replay.whatif.WhatIf;
import org.iorewind.samples.scenario.ScenarioRecorder;
import org.iorewind.samples.scenario.Scenarios;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Time travel on recordings of real machines, and of modelled machines with guests. */
class TimeTravelTest {
    private static final ReplayOptions OPTIONS = ReplayOptions.defaults();

    @TempDir
    Path folder;

    static Stream<Capture> captures() {
        return Captures.list().stream();
    }

    private TraceReader trace(Capture capture) {
        return Traces.open(capture.traceIn(folder));
    }

    private TraceReader trace(String capture) {
        return trace(
                captures().filter(one -> one.name().equals(capture)).findFirst().orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void anyEventOfACaptureIsReachedFromACheckpointAndBackwards(Capture capture) {
        try (TraceReader trace = trace(capture);
                CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
            travel(trace, store);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hw-two-guests", "hybrid-strict-nic", "guest-svm", "sw-shadow-dma", "base-event-log"})
    void anyEventOfAScenarioIsReachedFromACheckpointAndBackwards(String name) {
        Path archive = folder.resolve(name + ".iorw");
        try (EventAppender appender = ArchiveWriter.create(archive)) {
            ScenarioRecorder.record(Scenarios.named(name).orElseThrow(), 1, appender);
        }
        try (TraceReader trace = Traces.open(archive);
                CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
            travel(trace, store);
        }
    }

    /** To events of chance, forth and back; and both ways of replaying in parts. */
    private static void travel(TraceReader trace, CheckpointStore store) {
        ReplayResult whole = Replay.run(trace, OPTIONS);
        long spacing = Math.max(10, whole.events() / 23);
        ParallelReplay parallel = new ParallelReplay(trace, OPTIONS, store, Spacing.every(spacing));
        assertThat(parallel.run(1)).isEqualTo(whole);
        assertThat(parallel.run(3)).isEqualTo(whole);
        SplittableRandom random = new SplittableRandom(17);
        try (ReplayCursor cursor = ReplayCursor.open(trace, OPTIONS, store, Spacing.every(spacing));
                ReplayCursor straight =
                        ReplayCursor.open(trace, OPTIONS, CheckpointStore.inMemory(0), Spacing.every(Long.MAX_VALUE))) {
            long at = -1;
            for (int i = 0; i < 12; i++) {
                at += 1 + random.nextLong(Math.max(1, whole.events() / 12));
                if (straight.seek(at) == Stop.END) {
                    break;
                }
                cursor.seek(random.nextLong(whole.events()));
                cursor.seek(at);
                Checkpoint expected = Checkpoint.take(straight.playback());
                assertThat(Checkpoint.take(cursor.playback()).isSameState(expected))
                        .as("event %d", at)
                        .isTrue();
                cursor.step();
                cursor.stepBack();
                assertThat(Checkpoint.take(cursor.playback()).isSameState(expected))
                        .as("event %d after a step and a step back", at)
                        .isTrue();
            }
            cursor.seekEnd();
            cursor.settle();
            assertThat(cursor.playback().result().stateHash()).isEqualTo(whole.stateHash());
            assertThat(cursor.playback().result().observations()).isEqualTo(whole.observations());
        }
    }

    /**
     * A state that is kept must not be taken for one of another model. If this fails because the state is saved otherwise,
     * or another one is reached, raise {@link CheckpointKey#MODEL_VERSION}, and write both numbers here.
     */
    @Test
    void aModelThatKeepsAnotherStateHasAnotherVersion() {
        Path archive = folder.resolve("known.iorw");
        try (EventAppender appender = ArchiveWriter.create(archive)) {
            ScenarioRecorder.record(Scenarios.named("hw-two-guests").orElseThrow(), 1, appender);
        }
        StateHasher hasher = new StateHasher();
        for (TraceReader trace : List.of(Traces.open(archive), trace("q11-linux612-strict-memory"))) {
            try (trace;
                    ReplayCursor cursor = ReplayCursor.open(
                            trace, OPTIONS, CheckpointStore.inMemory(0), Spacing.every(Long.MAX_VALUE))) {
                cursor.seekEnd();
                cursor.playback().saveTo(hasher);
                cursor.machine().memory().hashInto(hasher);
            }
        }
        assertThat(CheckpointKey.MODEL_VERSION + ":" + Long.toHexString(hasher.value()))
                .isEqualTo("1:3e7313ce6e3fff5d");
    }

    @Test
    void theFirstFaultOfTheCaptureIsFound() {
        try (TraceReader trace = trace("q11-linux612-strict-memory");
                CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
            FirstHolding search = new FirstHolding(trace, OPTIONS, store, Spacing.every(4096));
            assertThat(search.monotone(StatePredicate.compile("faults > 0")))
                    .hasValue(Replay.run(trace, OPTIONS).faults().get(0).sequence());
        }
    }

    /** Linux with {@code iommu.strict=1} flushes the pages of an unmap, with 0 everything at once, later. */
    @Test
    void twoBootsWithAnotherFlushPolicyPartAtTheFirstFlush() {
        try (TraceReader strict = trace("q11-linux612-strict-memory");
                TraceReader lazy = trace("q11-linux612-lazy-memory")) {
            TraceAlignment.Difference first =
                    TraceAlignment.compare(strict, lazy, OPTIONS).first();
            assertThat(first).isNotNull();
            assertThat(first.lane()).isEqualTo("commands of IOMMU 0");
            assertThat(first.whatA()).isEqualTo("INVALIDATE_IOMMU_PAGES of a range");
            assertThat(first.whatB()).isEqualTo("INVALIDATE_IOMMU_PAGES of everything");
        }
    }

    @Test
    void aRealCaptureIsReducedToWhatARefusalNeeds() {
        String predicate = "effects.refused > 0 && divergences == 0";
        Path small = folder.resolve("small.iorw");
        try (TraceReader trace = trace("q11-qtest")) {
            Minimizer.Result result = new Minimizer(trace, OPTIONS, 5000)
                    .keep(StatePredicate.compile(predicate))
                    .orElseThrow();
            assertThat(result.isMinimal()).isTrue();
            assertThat(result.selection().events()).isLessThan(20);
            try (ArchiveWriter writer = ArchiveWriter.create(small)) {
                result.selection().writeTo(writer);
            }
        }
        try (TraceReader trace = Traces.open(small);
                CheckpointStore store = CheckpointStore.inMemory(0)) {
            assertThat(new FirstHolding(trace, OPTIONS, store, Spacing.every(1 << 20))
                            .scan(StatePredicate.compile(predicate), 1))
                    .isPresent();
        }
    }

    @Test
    void aRealBootUnderTheSameOptionsIsTheSame() {
        try (TraceReader trace = trace("q11-linux612-strict-memory")) {
            OptionComparison.Result same = OptionComparison.compare(trace, side(), side());
            assertThat(same.outcome()).isNull();
            assertThat(same.cost()).isNull();
        }
    }

    private static OptionComparison.Side side() {
        return new OptionComparison.Side(OPTIONS, List.of());
    }

    /** A machine that flushes pages when it unmaps them reads stale ones if it does not. */
    @Test
    void withoutItsFlushesTheMachineWouldHaveReadStalePages() {
        try (TraceReader trace = trace("q11-linux612-strict-memory")) {
            WhatIf.Result result =
                    new WhatIf(trace, OPTIONS, List.of("command.kind == 'INVALIDATE_IOMMU_PAGES'"), List.of()).run();
            assertThat(result.droppedCommands()).isGreaterThan(3000);
            assertThat(result.replay().firstDivergences())
                    .anyMatch(divergence -> divergence.field().equals("result"));
        }
    }
}
