package org.iorewind.replay.checkpoint;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.memory.MemoryPage;
import org.iorewind.model.memory.MemorySnapshot;
import org.iorewind.replay.Playback;

/**
 * The whole state of a replay between two events: a replay that goes on from it cannot be told from one that came there by
 * itself. Immutable; safe for any thread.
 *
 * <p>It shares the pages of memory that did not change with the checkpoints around it.
 */
public final class Checkpoint {
    private final Counts counts;
    private final StateImage state;
    private final MemorySnapshot memory;

    Checkpoint(Counts counts, StateImage state, MemorySnapshot memory) {
        this.counts = counts;
        this.state = state;
        this.memory = memory;
    }

    /** The state that a replay is in. Takes time for the caches' entries and for the pages changed since the last one. */
    public static Checkpoint take(Playback playback) {
        StateImage state = new StateImage();
        playback.saveTo(state);
        return new Checkpoint(
                Counts.of(playback), state, playback.machine().memory().snapshot());
    }

    /**
     * Puts a replay of the same trace with the same options into this state.
     *
     * @throws org.iorewind.model.StateImageException when it does not fit; the replay must be restored otherwise then
     */
    public void restore(Playback playback) {
        playback.machine().memory().restore(memory);
        StateImage.Reader reader = state.reader();
        playback.restoreFrom(reader);
        reader.expectEnd();
    }

    /** What was counted so far. */
    public Counts counts() {
        return counts;
    }

    /** Sequence number of the event before which it was taken: how many events were handled. */
    public long next() {
        return counts.next();
    }

    /** Whether two checkpoints are the same state, bit by bit. */
    public boolean isSameState(Checkpoint other) {
        if (!Arrays.equals(state.toArray(), other.state.toArray())) {
            return false;
        }
        StateImage failures = new StateImage();
        StateImage otherFailures = new StateImage();
        memory.saveFailuresTo(failures);
        other.memory.saveFailuresTo(otherFailures);
        return Arrays.equals(failures.toArray(), otherFailures.toArray()) && changedPages(other) == 0;
    }

    /** How many pages hold something else than in another checkpoint. */
    public int changedPages(Checkpoint other) {
        int[] changed = new int[1];
        memory.forEachDifference(other.memory, new MemorySnapshot.PageVisitor() {
            @Override
            public void page(MemoryPage page) {
                changed[0]++;
            }

            @Override
            public void absent(long number) {
                changed[0]++;
            }
        });
        return changed[0];
    }

    StateImage state() {
        return state;
    }

    MemorySnapshot memory() {
        return memory;
    }

    /** Pages of memory that it knows. */
    public int pages() {
        return memory.pageCount();
    }

    /** Size of everything but memory, in bytes. */
    public long stateBytes() {
        return (long) Long.BYTES * state.size();
    }

    @Override
    public String toString() {
        return "checkpoint before event " + next() + ": " + counts.faults() + " faults, " + counts.divergences()
                + " divergences, " + stateBytes() + " bytes of state, " + pages() + " pages";
    }
}
