package org.iorewind.model.memory;

import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;

/**
 * All injected failures of a memory: ranges that fail until they are healed, and failures of single accesses. An access
 * that a failing range refuses is not counted by the others. Not thread-safe; asking allocates nothing.
 */
final class MemoryFailures {
    private static final CountedFailures NONE = new CountedFailures();

    private FailureRanges ranges;
    private CountedFailures counted;
    private boolean isShared;

    MemoryFailures() {
        this(new FailureRanges(), new CountedFailures());
    }

    private MemoryFailures(FailureRanges ranges, CountedFailures counted) {
        this.ranges = ranges;
        this.counted = counted;
    }

    boolean isEmpty() {
        return ranges.isEmpty() && counted.isEmpty();
    }

    /** Says how an access ends, and counts it. */
    MemoryStatus on(MemoryAccess access, long address, long length) {
        MemoryStatus status = ranges.first(address, length);
        return status != MemoryStatus.OK || counted.isEmpty()
                ? status
                : counted.count(access, address, FailureRanges.lastOf(address, length));
    }

    /** Says whether a range refuses an access; nothing is counted. */
    MemoryStatus lasting(long address, long length) {
        return ranges.first(address, length);
    }

    void inject(long address, long length, MemoryStatus status) {
        requireFailure(status);
        ownRanges();
        ranges.inject(address, length, status);
    }

    void inject(MemoryAccess access, long address, long length, MemoryStatus status, long skip, long count) {
        requireFailure(status);
        if (length < 1 || skip < 0 || count < 1) {
            throw new IllegalArgumentException("expected length and count of at least 1 and no negative skip, found"
                    + " length=" + length + " count=" + count + " skip=" + skip);
        }
        if (!counted.add(access, address, FailureRanges.lastOf(address, length), status, skip, count)) {
            throw new IllegalStateException("expected at most " + CountedFailures.MOST + " failures of single accesses,"
                    + " found one more; heal some first");
        }
    }

    void heal(long address, long length) {
        ownRanges();
        ranges.heal(address, length);
        counted.heal(address, FailureRanges.lastOf(address, length));
    }

    void hashInto(StateHasher hasher) {
        ranges.hashInto(hasher);
        counted.hashInto(hasher);
    }

    void saveTo(StateSink sink) {
        ranges.saveTo(sink);
        counted.saveTo(sink);
    }

    void restoreFrom(StateImage.Reader source) {
        ranges = FailureRanges.from(source);
        isShared = false;
        counted = CountedFailures.from(source);
    }

    static long code(MemoryStatus status) {
        return status == MemoryStatus.ABORT ? 0 : 1;
    }

    static MemoryStatus status(StateImage.Reader source) {
        return source.nextBelow(2) == 0 ? MemoryStatus.ABORT : MemoryStatus.POISON;
    }

    /** A copy that stays as it is; the ranges are shared until either side changes them. */
    MemoryFailures freeze() {
        isShared = true;
        MemoryFailures copy = new MemoryFailures(ranges, counted.isEmpty() ? NONE : new CountedFailures(counted));
        copy.isShared = true;
        return copy;
    }

    /** Becomes like a frozen copy. */
    void restore(MemoryFailures frozen) {
        ranges = frozen.ranges;
        isShared = true;
        counted = new CountedFailures(frozen.counted);
    }

    private void ownRanges() {
        if (isShared) {
            ranges = new FailureRanges(ranges);
            isShared = false;
        }
    }

    private static void requireFailure(MemoryStatus status) {
        if (status != MemoryStatus.ABORT && status != MemoryStatus.POISON) {
            throw new IllegalArgumentException("expected ABORT or POISON, found " + status);
        }
    }
}
