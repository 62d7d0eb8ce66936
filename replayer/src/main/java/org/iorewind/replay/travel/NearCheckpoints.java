package org.iorewind.replay.travel;

import java.util.Map;
import java.util.TreeMap;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints close to where a cursor stands, each four times as far back as the one before, in memory only: a step back
 * replays at most a handful of events, and many steps back a handful each.
 */
final class NearCheckpoints {
    private static final long[] DISTANCES = {1 << 16, 1 << 14, 1 << 12, 1 << 10, 256, 64, 16};
    private static final int MOST = 48;

    private final TreeMap<Long, Checkpoint> kept = new TreeMap<>();

    /** The last one before or at an event; null if there is none. */
    @Nullable
    Checkpoint floor(long next) {
        Map.Entry<Long, Checkpoint> found = kept.floorEntry(next);
        return found == null ? null : found.getValue();
    }

    /**
     * Where on the way to a target the next one is wanted.
     *
     * @param from where the way goes on
     * @param target where it ends
     * @return more than {@code from}; {@link Long#MAX_VALUE} if none is wanted
     */
    long nextWanted(long from, long target) {
        for (long distance : DISTANCES) {
            long wanted = target - distance;
            if (wanted > from) {
                Long below = kept.floorKey(wanted);
                if (below == null || wanted - below > distance / 2) {
                    return wanted;
                }
            }
        }
        return Long.MAX_VALUE;
    }

    /** Keeps one, and forgets the one farthest away from it when there are too many. */
    void add(Checkpoint checkpoint) {
        kept.put(checkpoint.next(), checkpoint);
        if (kept.size() > MOST) {
            long first = checkpoint.next() - kept.firstKey();
            long last = kept.lastKey() - checkpoint.next();
            kept.remove(first >= last ? kept.firstKey() : kept.lastKey());
        }
    }
}
