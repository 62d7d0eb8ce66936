package org.iorewind.model.memory;

import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;

/**
 * Failures of the n-th access: each lets some accesses that touch its range pass, then fails some, and is gone. Each counts
 * for itself; where several are due, the oldest tells how the access fails. Bounds are unsigned and inclusive. At most
 * {@link #MOST} wait, so that an access stays cheap. Not thread-safe; allocates nothing after construction.
 */
final class CountedFailures {
    static final int MOST = 64;

    private final MemoryAccess[] accesses = new MemoryAccess[MOST];
    private final MemoryStatus[] statuses = new MemoryStatus[MOST];
    private final long[] firsts = new long[MOST];
    private final long[] lasts = new long[MOST];
    private final long[] skips = new long[MOST];
    private final long[] counts = new long[MOST];
    private int size;

    CountedFailures() {}

    CountedFailures(CountedFailures source) {
        for (int i = 0; i < source.size; i++) {
            move(source, i, i);
        }
        size = source.size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns false when there is no place. */
    boolean add(MemoryAccess access, long first, long last, MemoryStatus status, long skip, long count) {
        if (size == MOST) {
            return false;
        }
        accesses[size] = access;
        statuses[size] = status;
        firsts[size] = first;
        lasts[size] = last;
        skips[size] = skip;
        counts[size] = count;
        size++;
        return true;
    }

    /** Counts an access and says how it ends. */
    MemoryStatus count(MemoryAccess access, long first, long last) {
        MemoryStatus result = MemoryStatus.OK;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (accesses[i] == access && touches(i, first, last)) {
                if (skips[i] > 0) {
                    skips[i]--;
                } else {
                    counts[i]--;
                    result = result == MemoryStatus.OK ? statuses[i] : result;
                }
            }
            if (counts[i] > 0) {
                move(this, i, kept++);
            }
        }
        size = kept;
        return result;
    }

    /** Drops those that touch a range. */
    void heal(long first, long last) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!touches(i, first, last)) {
                move(this, i, kept++);
            }
        }
        size = kept;
    }

    void hashInto(StateHasher hasher) {
        hasher.addLong(size);
        for (int i = 0; i < size; i++) {
            hasher.addLong(firsts[i]);
            hasher.addLong(lasts[i]);
            hasher.addLong((accesses[i] == MemoryAccess.LOAD ? 4 : 6) | (statuses[i] == MemoryStatus.ABORT ? 0 : 1));
            hasher.addLong(skips[i]);
            hasher.addLong(counts[i]);
        }
    }

    void saveTo(StateSink sink) {
        sink.addLong(size);
        for (int i = 0; i < size; i++) {
            sink.addLong(accesses[i] == MemoryAccess.LOAD ? 0 : 1);
            sink.addLong(firsts[i]);
            sink.addLong(lasts[i]);
            sink.addLong(MemoryFailures.code(statuses[i]));
            sink.addLong(skips[i]);
            sink.addLong(counts[i]);
        }
    }

    static CountedFailures from(StateImage.Reader source) {
        CountedFailures restored = new CountedFailures();
        for (int left = source.nextBelow(MOST + 1); left > 0; left--) {
            MemoryAccess access = source.nextBelow(2) == 0 ? MemoryAccess.LOAD : MemoryAccess.STORE;
            long first = source.next();
            long last = source.next();
            MemoryStatus status = MemoryFailures.status(source);
            long skip = source.next();
            restored.add(access, first, last, status, skip, source.next());
        }
        return restored;
    }

    private boolean touches(int i, long first, long last) {
        return Long.compareUnsigned(firsts[i], last) <= 0 && Long.compareUnsigned(first, lasts[i]) <= 0;
    }

    private void move(CountedFailures source, int from, int to) {
        accesses[to] = source.accesses[from];
        statuses[to] = source.statuses[from];
        firsts[to] = source.firsts[from];
        lasts[to] = source.lasts[from];
        skips[to] = source.skips[from];
        counts[to] = source.counts[from];
    }
}
