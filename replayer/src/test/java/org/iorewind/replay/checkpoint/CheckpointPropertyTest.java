package org.iorewind.replay.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.iorewind.replay.Playback;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.travel.RandomSession;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;

/** Checkpoint and suffix are the whole replay. */
class CheckpointPropertyTest {
    private static final int EVENTS = 400;

    private Path folder = Path.of("");
    private int files;

    @BeforeProperty
    void folder() throws IOException {
        folder = Files.createTempDirectory("iorewind-checkpoints");
    }

    @AfterProperty
    void remove() throws IOException {
        try (var entries = Files.walk(folder)) {
            entries.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }

    private TraceReader trace(long seed) {
        return RandomSession.of(folder.resolve(files++ + ".iorw"), seed, EVENTS);
    }

    private static Playback start(TraceReader trace) {
        return Playback.start(trace.session(), "test", ReplayOptions.defaults());
    }

    private static ReplayResult goOn(TraceReader trace, Playback playback) {
        try (EventCursor cursor = trace.cursor()) {
            cursor.seek(playback.events());
            while (cursor.next()) {
                playback.handle(cursor.event());
            }
        }
        playback.settle();
        return playback.result();
    }

    /** All but the list of faults, which begins at the checkpoint. */
    private static void expectSame(ReplayResult resumed, ReplayResult whole) {
        List<Long> tail = whole.faults().stream().map(fault -> fault.sequence()).toList();
        int left = resumed.faults().size();
        assertThat(resumed.faults()).isEqualTo(whole.faults().subList(tail.size() - left, tail.size()));
        assertThat(resumed.faultCount()).isEqualTo(whole.faultCount());
        assertThat(resumed.stateHash()).isEqualTo(whole.stateHash());
        assertThat(resumed.observations()).isEqualTo(whole.observations());
        assertThat(resumed.firstDivergences()).isEqualTo(whole.firstDivergences());
        assertThat(resumed.byKind()).isEqualTo(whole.byKind());
        assertThat(resumed.knownDeviations()).isEqualTo(whole.knownDeviations());
        assertThat(resumed.notRecorded()).isEqualTo(whole.notRecorded());
        assertThat(resumed.notModelled()).isEqualTo(whole.notModelled());
        assertThat(resumed.fidelity()).isEqualTo(whole.fidelity());
        assertThat(resumed.ended()).isEqualTo(whole.ended());
    }

    @Property(tries = 60)
    void aReplayThatGoesOnFromACheckpointEndsLikeTheWholeReplay(
            @ForAll long seed, @ForAll @IntRange(max = 500) int at) {
        try (TraceReader trace = trace(seed);
                EventCursor cursor = trace.cursor()) {
            Playback first = start(trace);
            while (first.events() < at && cursor.next()) {
                first.handle(cursor.event());
            }
            Checkpoint checkpoint = Checkpoint.take(first);
            Playback second = start(trace);
            checkpoint.restore(second);
            assertThat(Checkpoint.take(second).isSameState(checkpoint)).isTrue();
            assertThat(second.machine().stateHash()).isEqualTo(first.machine().stateHash());
            ReplayResult whole = Replay.run(trace, ReplayOptions.defaults());
            expectSame(goOn(trace, second), whole);
            checkpoint.restore(second);
            expectSame(goOn(trace, second), whole);
        }
    }

    @Property(tries = 40)
    void aCheckpointComesBackFromBytesWholeAndAsChangesOfAnother(
            @ForAll long seed, @ForAll @IntRange(max = 200) int base, @ForAll @IntRange(max = 200) int distance) {
        try (TraceReader trace = trace(seed);
                EventCursor cursor = trace.cursor()) {
            Playback playback = start(trace);
            while (playback.events() < base && cursor.next()) {
                playback.handle(cursor.event());
            }
            Checkpoint first = Checkpoint.take(playback);
            while (playback.events() < base + distance + 1 && cursor.next()) {
                playback.handle(cursor.event());
            }
            Checkpoint second = Checkpoint.take(playback);
            Checkpoint whole = CheckpointCodec.decode(CheckpointCodec.encode(second, null), next -> null);
            byte[] changes = CheckpointCodec.encode(second, first);
            Checkpoint changed = CheckpointCodec.decode(changes, next -> next == first.next() ? first : null);
            assertThat(whole.isSameState(second)).isTrue();
            assertThat(changed.isSameState(second)).isTrue();
            assertThat(whole.counts()).isEqualTo(second.counts());
            Playback third = start(trace);
            changed.restore(third);
            expectSame(goOn(trace, third), Replay.run(trace, ReplayOptions.defaults()));
        }
    }

    @Property(tries = 200)
    void damagedBytesAreRefusedOrAreAState(
            @ForAll long seed, @ForAll @IntRange(max = 1 << 20) int place, @ForAll byte value) {
        try (TraceReader trace = trace(1);
                EventCursor cursor = trace.cursor()) {
            Playback playback = start(trace);
            while (playback.events() < 100 && cursor.next()) {
                playback.handle(cursor.event());
            }
            byte[] bytes = CheckpointCodec.encode(Checkpoint.take(playback), null);
            bytes[place % bytes.length] = value;
            bytes[(int) ((seed & Long.MAX_VALUE) % Math.min(bytes.length, 4096))] ^= (byte) (1 << (place & 7));
            try {
                Checkpoint decoded = CheckpointCodec.decode(bytes, next -> null);
                decoded.restore(playback);
            } catch (org.iorewind.model.StateImageException
                    | org.iorewind.trace.TraceFormatException
                    | IllegalArgumentException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }
}
