package org.iorewind.replay.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.travel.RandomSession;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParallelReplayTest {
    @TempDir
    Path folder;

    @Test
    void theResultIsThatOfOneThread() {
        for (long seed = 0; seed < 6; seed++) {
            try (TraceReader trace = RandomSession.of(folder.resolve(seed + ".iorw"), seed, 1500);
                    CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
                ReplayOptions options = ReplayOptions.defaults();
                ReplayResult whole = Replay.run(trace, options);
                ParallelReplay parallel = new ParallelReplay(trace, options, store, Spacing.every(97));
                for (int threads : new int[] {1, 1, 2, 3, 16}) {
                    assertThat(parallel.run(threads))
                            .as("seed %d threads %d", seed, threads)
                            .isEqualTo(whole);
                }
            }
        }
    }

    @Test
    void ofManyFaultsTheFirstAreListed() {
        try (TraceReader trace = RandomSession.of(folder.resolve("t.iorw"), 3, 1500);
                CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
            ReplayOptions usual = ReplayOptions.defaults();
            ReplayOptions few = new ReplayOptions("", usual.divergenceLimit(), 7, usual.model(), Progress.NONE);
            ReplayResult whole = Replay.run(trace, few);
            assertThat(whole.faults()).hasSize(7);
            ParallelReplay parallel = new ParallelReplay(trace, few, store, Spacing.every(97));
            parallel.run(1);
            assertThat(parallel.run(2)).isEqualTo(whole);
        }
    }

    @Test
    void aCheckpointOfAnotherTraceIsFoundOut() {
        ReplayOptions options = ReplayOptions.defaults();
        try (TraceReader trace = RandomSession.of(folder.resolve("a.iorw"), 1, 1500);
                TraceReader other = RandomSession.of(folder.resolve("b.iorw"), 2, 1500);
                CheckpointStore store = CheckpointStore.inMemory(1 << 24)) {
            new ParallelReplay(other, options, store, Spacing.every(100)).run(1);
            ReplayResult found = new ParallelReplay(trace, options, store, Spacing.every(100)).run(2);
            assertThat(found).isEqualTo(Replay.run(trace, options));
        }
    }

    @Test
    void anArchiveCarriesItsCheckpoints() {
        ReplayOptions options = ReplayOptions.defaults();
        Path sealed = folder.resolve("sealed.iorw");
        Path again = folder.resolve("again.iorw");
        try (TraceReader trace = RandomSession.of(folder.resolve("a.iorw"), 4, 3000)) {
            CheckpointedSealer.seal(trace, sealed, 100, Progress.NONE);
            CheckpointedSealer.seal(trace, again, 100, Progress.NONE);
            assertThat(sealed).as("the same bytes").hasSameBinaryContentAs(again);
            try (TraceReader archive = Traces.open(sealed);
                    CheckpointStore store = CheckpointStore.of(archive, options)) {
                assertThat(((ArchiveReader) archive).checkpoints()).hasSizeGreaterThan(40);
                assertThat(store.sequences()).hasSizeGreaterThan(40);
                assertThat(archive.check().damages()).isEmpty();
                ReplayResult parallel = new ParallelReplay(archive, options, store, Spacing.every(100)).run(2);
                assertThat(parallel).isEqualTo(Replay.run(trace, options));
            }
        }
        assertThat(folder.resolve("sealed.iorw.checkpoints")).doesNotExist();
    }
}
