package org.iorewind.model.memory;

import java.util.Map;
import java.util.TreeMap;
import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;

/**
 * Address ranges that fail, disjoint and in the order of their addresses. Bounds are unsigned and inclusive, so that the
 * last byte of the address space can be named. Every operation takes logarithmic time in the number of ranges. Not
 * thread-safe.
 */
final class FailureRanges {
    private record Range(long first, long last, MemoryStatus status) {}

    private final TreeMap<Long, Range> ranges = new TreeMap<>(Long::compareUnsigned);

    FailureRanges() {}

    FailureRanges(FailureRanges source) {
        ranges.putAll(source.ranges);
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** The failure of the lowest range that touches these bytes, or {@link MemoryStatus#OK}. */
    MemoryStatus first(long address, long length) {
        if (ranges.isEmpty()) {
            return MemoryStatus.OK;
        }
        Map.Entry<Long, Range> below = ranges.floorEntry(address);
        if (below != null && Long.compareUnsigned(below.getValue().last, address) >= 0) {
            return below.getValue().status;
        }
        Map.Entry<Long, Range> above = ranges.ceilingEntry(address);
        boolean touched = above != null && Long.compareUnsigned(above.getKey(), lastOf(address, length)) <= 0;
        return touched ? above.getValue().status : MemoryStatus.OK;
    }

    /** Ranges that touch and fail alike become one, so that equal states hash the same whatever led to them. */
    void inject(long address, long length, MemoryStatus status) {
        heal(address, length);
        long first = address;
        long last = lastOf(address, length);
        Map.Entry<Long, Range> below = ranges.lowerEntry(first);
        if (below != null && below.getValue().last + 1 == first && below.getValue().status == status) {
            first = below.getKey();
        }
        Map.Entry<Long, Range> above = ranges.higherEntry(last);
        if (above != null && above.getKey() == last + 1 && above.getValue().status == status) {
            ranges.remove(above.getKey());
            last = above.getValue().last;
        }
        ranges.put(first, new Range(first, last, status));
    }

    void heal(long address, long length) {
        if (length < 1) {
            throw new IllegalArgumentException("expected a length of at least 1 byte, found " + length);
        }
        long last = lastOf(address, length);
        Map.Entry<Long, Range> lower = ranges.lowerEntry(address);
        if (lower != null && Long.compareUnsigned(lower.getValue().last, address) >= 0) {
            Range cut = lower.getValue();
            ranges.put(cut.first, new Range(cut.first, address - 1, cut.status));
            keepBeyond(cut, last);
        }
        Map.Entry<Long, Range> next = ranges.ceilingEntry(address);
        while (next != null && Long.compareUnsigned(next.getKey(), last) <= 0) {
            ranges.remove(next.getKey());
            keepBeyond(next.getValue(), last);
            next = ranges.higherEntry(next.getKey());
            if (next != null && Long.compareUnsigned(next.getKey(), last) > 0) {
                return;
            }
        }
    }

    private void keepBeyond(Range range, long last) {
        if (Long.compareUnsigned(range.last, last) > 0) {
            ranges.put(last + 1, new Range(last + 1, range.last, range.status));
        }
    }

    void hashInto(StateHasher hasher) {
        for (Range range : ranges.values()) {
            hasher.addLong(range.first);
            hasher.addLong(range.last);
            hasher.addLong(range.status == MemoryStatus.ABORT ? 1 : 2);
        }
    }

    void saveTo(StateSink sink) {
        sink.addLong(ranges.size());
        for (Range range : ranges.values()) {
            sink.addLong(range.first);
            sink.addLong(range.last);
            sink.addLong(MemoryFailures.code(range.status));
        }
    }

    static FailureRanges from(StateImage.Reader source) {
        FailureRanges restored = new FailureRanges();
        for (long left = source.next(); left > 0; left--) {
            long first = source.next();
            long last = source.next();
            restored.ranges.put(first, new Range(first, last, MemoryFailures.status(source)));
        }
        return restored;
    }

    static long lastOf(long address, long length) {
        long last = address + length - 1;
        return Long.compareUnsigned(last, address) < 0 ? -1L : last;
    }
}
