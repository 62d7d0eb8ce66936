package org.iorewind.model.iommu.command;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.InvalidationPolicy;

/**
 * Invalidation commands that were fetched but have not taken effect (reference 3.1; trap 17).
 *
 * <pre>
 *   submit ──▶ [ command, inputs left ] … ──┬─ tick: no inputs left
 *      │        oldest first, at most 64    ├─ full: the oldest makes room
 *      └─ immediate policy ──────────┐      └─ completeAll: COMPLETION_WAIT, the ring stops
 *                                    ▼                  │
 *                               Invalidations.apply ◀───┘
 * </pre>
 *
 * <p>Each command waits for 1 to {@code maximum} inputs, by itself: a later one may overtake an earlier one (MC-110). An input
 * is one tick, counted before it is handled (MC-111). At most 64 wait (MC-112). Not thread-safe; allocates nothing after
 * construction; a tick costs one comparison while nothing waits.
 */
public final class PendingInvalidations implements Stateful {
    /** Most commands that wait. */
    public static final int MOST = 64;

    /** Increment and multipliers of SplitMix64, a generator with 64 bits of state. */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private static final long FIRST_MIX = 0xBF58476D1CE4E5B9L;
    private static final long SECOND_MIX = 0x94D049BB133111EBL;

    private final InvalidationPolicy policy;
    private final Invalidations invalidations;
    private final long[] first;
    private final long[] second;
    private final int[] left;
    private int size;
    private long generator;

    /** An empty queue. */
    public PendingInvalidations(InvalidationPolicy policy, Invalidations invalidations) {
        this.policy = policy;
        this.invalidations = invalidations;
        int places = policy.isDelayed() ? MOST : 0;
        this.first = new long[places];
        this.second = new long[places];
        this.left = new int[places];
        this.generator = policy.seed();
    }

    /** Takes a legal invalidation command. */
    void submit(long q0, long q1) {
        if (!policy.isDelayed()) {
            invalidations.apply(q0, q1);
            return;
        }
        if (size == MOST) {
            long oldest0 = first[0];
            long oldest1 = second[0];
            keepFrom(1);
            invalidations.apply(oldest0, oldest1);
        }
        first[size] = q0;
        second[size] = q1;
        left[size] = 1 + (int) Long.remainderUnsigned(next(), policy.maximum());
        size++;
    }

    /** An input arrived: effects that are due come before it is handled. */
    public void tick() {
        if (size != 0) {
            advance();
        }
    }

    private void advance() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (--left[i] > 0) {
                first[kept] = first[i];
                second[kept] = second[i];
                left[kept] = left[i];
                kept++;
            } else {
                invalidations.apply(first[i], second[i]);
            }
        }
        size = kept;
    }

    /** All effects come now, in the order of the commands. */
    void completeAll() {
        for (int i = 0; i < size; i++) {
            invalidations.apply(first[i], second[i]);
        }
        size = 0;
    }

    /** Reset: what waits is dropped, and the delays begin anew. */
    public void reset() {
        size = 0;
        generator = policy.seed();
    }

    /** Gives what waits, and where the delays stand; nothing under the immediate policy. */
    @Override
    public void saveTo(StateSink sink) {
        if (!policy.isDelayed()) {
            return;
        }
        sink.addLong(generator);
        sink.addLong(size);
        for (int i = 0; i < size; i++) {
            sink.addLong(first[i]);
            sink.addLong(second[i]);
            sink.addLong(left[i]);
        }
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        if (!policy.isDelayed()) {
            return;
        }
        generator = source.next();
        size = source.nextBelow(MOST + 1);
        for (int i = 0; i < size; i++) {
            first[i] = source.next();
            second[i] = source.next();
            left[i] = source.nextBelow(Integer.MAX_VALUE);
        }
    }

    private void keepFrom(int from) {
        size -= from;
        System.arraycopy(first, from, first, 0, size);
        System.arraycopy(second, from, second, 0, size);
        System.arraycopy(left, from, left, 0, size);
    }

    private long next() {
        generator += GOLDEN_GAMMA;
        long z = (generator ^ generator >>> 30) * FIRST_MIX;
        z = (z ^ z >>> 27) * SECOND_MIX;
        return z ^ z >>> 31;
    }
}
