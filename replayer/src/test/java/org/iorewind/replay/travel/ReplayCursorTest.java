package org.iorewind.replay.travel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCursorTest {
    private static final int EVENTS = 900;

    @TempDir
    Path folder;

    private TraceReader trace;
    private final List<Long> hashes = new ArrayList<>();
    private final List<Long> faults = new ArrayList<>();
    private final List<Long> divergences = new ArrayList<>();
    private final List<EventKind> kinds = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    /** What each event leads to, by going forward once. */
    @BeforeEach
    void record() {
        trace = RandomSession.of(folder.resolve("trace.iorw"), 7, EVENTS);
        try (ReplayCursor cursor = cursor(CheckpointStore.inMemory(1 << 20))) {
            while (cursor.step() == Stop.REACHED) {
                hashes.add(cursor.machine().stateHash());
                faults.add(cursor.playback().faults());
                divergences.add(cursor.playback().divergences());
                kinds.add(cursor.event().kind());
                times.add(cursor.event().timeNs());
            }
        }
    }

    @AfterEach
    void close() {
        trace.close();
    }

    private ReplayCursor cursor(CheckpointStore store) {
        return ReplayCursor.open(trace, ReplayOptions.defaults(), store, Spacing.every(50));
    }

    private ReplayCursor cursor() {
        return cursor(CheckpointStore.inMemory(1 << 24));
    }

    private void expectAt(ReplayCursor cursor, long sequence) {
        assertThat(cursor.sequence()).isEqualTo(sequence);
        if (sequence >= 0) {
            int at = (int) sequence;
            assertThat(cursor.event().sequence()).isEqualTo(sequence);
            assertThat(cursor.machine().stateHash()).as("event %d", sequence).isEqualTo(hashes.get(at));
            assertThat(cursor.playback().faults()).isEqualTo(faults.get(at));
            assertThat(cursor.playback().divergences()).isEqualTo(divergences.get(at));
            assertThat(cursor.playback().events()).isEqualTo(sequence + 1);
        }
    }

    @Test
    void theSessionHasSomethingToFind() {
        assertThat(faults.get(faults.size() - 1)).isGreaterThan(20);
        assertThat(divergences.get(divergences.size() - 1)).isGreaterThan(20);
    }

    @Test
    void whateverTheWayTheStateIsThatOfTheEvent() {
        SplittableRandom random = new SplittableRandom(3);
        try (ReplayCursor cursor = cursor()) {
            for (int i = 0; i < 300; i++) {
                int target = random.nextInt(-1, hashes.size());
                assertThat(cursor.seek(target)).isEqualTo(Stop.REACHED);
                expectAt(cursor, target);
                switch (random.nextInt(3)) {
                    case 0 -> {
                        Stop stop = cursor.stepBack();
                        assertThat(stop).isEqualTo(target < 0 ? Stop.START : Stop.REACHED);
                        expectAt(cursor, Math.max(-1, target - 1));
                    }
                    case 1 -> {
                        Stop stop = cursor.step();
                        int last = hashes.size() - 1;
                        assertThat(stop).isEqualTo(target == last ? Stop.END : Stop.REACHED);
                        expectAt(cursor, Math.min(last, target + 1));
                    }
                    default -> {}
                }
            }
        }
    }

    @Test
    void aStepAndAStepBackLeadNowhere() {
        try (ReplayCursor cursor = cursor()) {
            for (int at = 0; at < hashes.size() - 1; at += 37) {
                cursor.seek(at);
                cursor.step();
                cursor.stepBack();
                expectAt(cursor, at);
            }
        }
    }

    @Test
    void manyStepsBackMeetEveryEvent() {
        try (ReplayCursor cursor = cursor()) {
            cursor.seekEnd();
            for (int at = hashes.size() - 1; at >= 0; at--) {
                expectAt(cursor, at);
                cursor.stepBack();
            }
            expectAt(cursor, -1);
            assertThat(cursor.stepBack()).isEqualTo(Stop.START);
        }
    }

    @Test
    void beforeTheFirstEventThereIsNone() {
        try (ReplayCursor cursor = cursor()) {
            assertThatThrownBy(cursor::event).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void behindTheLastEventIsTheLastEvent() {
        try (ReplayCursor cursor = cursor()) {
            assertThat(cursor.seek(1_000_000)).isEqualTo(Stop.END);
            expectAt(cursor, hashes.size() - 1);
            assertThat(cursor.step()).isEqualTo(Stop.END);
            expectAt(cursor, hashes.size() - 1);
            assertThat(cursor.seekEnd()).isEqualTo(Stop.REACHED);
        }
    }

    @Test
    void theNthFaultIsWhereItBecomesKnown() {
        try (ReplayCursor cursor = cursor()) {
            for (long n : new long[] {1, 20, 2}) {
                assertThat(cursor.seekFault(n)).isEqualTo(Stop.REACHED);
                int at = 0;
                while (faults.get(at) < n) {
                    at++;
                }
                expectAt(cursor, at);
            }
            assertThat(cursor.seekFault(100_000)).isEqualTo(Stop.END);
        }
    }

    @Test
    void theNthOfAKindAndTheFirstOfATimeAreFound() {
        try (ReplayCursor cursor = cursor()) {
            cursor.seekEnd();
            cursor.seekKind(EventKind.MARK, 3);
            List<Integer> marks = new ArrayList<>();
            for (int i = 0; i < kinds.size(); i++) {
                if (kinds.get(i) == EventKind.MARK) {
                    marks.add(i);
                }
            }
            expectAt(cursor, marks.get(2));
            assertThat(cursor.seekTime(times.get(400))).isEqualTo(Stop.REACHED);
            expectAt(cursor, 400);
            assertThat(cursor.seekTime(times.get(400) + 1)).isEqualTo(Stop.REACHED);
            expectAt(cursor, 401);
        }
    }

    @Test
    void aTestIsMetInBothDirections() {
        MomentTest isMark = (event, playback, effects) -> event.kind() == EventKind.MARK;
        try (ReplayCursor cursor = cursor()) {
            List<Long> forward = new ArrayList<>();
            while (cursor.runUntil(isMark) == Stop.REACHED) {
                expectAt(cursor, cursor.sequence());
                forward.add(0, cursor.sequence());
            }
            List<Long> back = new ArrayList<>();
            while (cursor.runBackUntil(isMark) == Stop.REACHED) {
                expectAt(cursor, cursor.sequence());
                back.add(cursor.sequence());
            }
            assertThat(back).isEqualTo(forward).hasSizeGreaterThan(20);
            expectAt(cursor, -1);
        }
    }

    @Test
    void anInterruptedRunCanGoOn() {
        try (ReplayCursor cursor = cursor()) {
            cursor.interrupt();
            assertThat(cursor.seekEnd()).isEqualTo(Stop.INTERRUPTED);
            expectAt(cursor, cursor.sequence());
            assertThat(cursor.seekEnd()).isEqualTo(Stop.REACHED);
            expectAt(cursor, hashes.size() - 1);
        }
    }

    @Test
    void littleMemoryMeansFewerCheckpointsAndTheSameStates() {
        try (ReplayCursor cursor = cursor(CheckpointStore.inMemory(100_000))) {
            cursor.seekEnd();
            for (int at = 0; at < hashes.size(); at += 71) {
                cursor.seek(at);
                expectAt(cursor, at);
            }
        }
    }

    @Test
    void effectsAreThoseOfTheEvent() {
        try (ReplayCursor cursor = cursor()) {
            cursor.seekEnd();
            int at = kinds.indexOf(EventKind.DMA_REQUEST);
            cursor.seek(at);
            assertThat(cursor.effects().translations()).isOne();
            cursor.seek(at - 1);
            assertThat(cursor.effects().translations()).isZero();
        }
    }

    @Test
    void aMarkIsFoundByItsText() {
        int first = kinds.indexOf(EventKind.MARK);
        try (ReplayCursor cursor = cursor()) {
            cursor.seek(5);
            assertThat(cursor.seekMark("no such mark")).isEqualTo(Stop.END);
            expectAt(cursor, 5);
            cursor.interrupt();
            assertThat(cursor.seekMark("no such mark")).isEqualTo(Stop.INTERRUPTED);
            expectAt(cursor, 5);
            assertThat(cursor.seekMark("mark")).isEqualTo(Stop.REACHED);
            expectAt(cursor, first);
        }
    }

    @Test
    void aForgottenInterruptStopsNothing() {
        try (ReplayCursor cursor = cursor()) {
            cursor.interrupt();
            cursor.clearInterrupt();
            assertThat(cursor.seekEnd()).isEqualTo(Stop.REACHED);
        }
    }
}
