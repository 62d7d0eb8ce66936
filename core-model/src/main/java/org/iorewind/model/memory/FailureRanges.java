package org.iorewind.model.memory;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.StateHasher;

/**
 * Address ranges that fail, disjoint and in the order of their addresses. Bounds are unsigned and inclusive, so that the
 * last byte of the address space can be named. Not thread-safe.
 */
final class FailureRanges {
    private record Range(long first, long last, MemoryStatus status) {}

    private final List<Range> ranges = new ArrayList<>();

    /** The failure of the lowest range that touches these bytes, or {@link MemoryStatus#OK}. Does not allocate. */
    MemoryStatus first(long address, long length) {
        long last = lastOf(address, length);
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            if (overlap(range, address, last)) {
                return range.status;
            }
        }
        return MemoryStatus.OK;
    }

    void inject(long address, long length, MemoryStatus status) {
        heal(address, length);
        int place = 0;
        while (place < ranges.size() && Long.compareUnsigned(ranges.get(place).first, address) < 0) {
            place++;
        }
        ranges.add(place, new Range(address, lastOf(address, length), status));
    }

    void heal(long address, long length) {
        if (length < 1) {
            throw new IllegalArgumentException("expected a length of at least 1 byte, found " + length);
        }
        long last = lastOf(address, length);
        List<Range> kept = new ArrayList<>();
        for (Range range : ranges) {
            if (!overlap(range, address, last)) {
                kept.add(range);
                continue;
            }
            if (Long.compareUnsigned(range.first, address) < 0) {
                kept.add(new Range(range.first, address - 1, range.status));
            }
            if (Long.compareUnsigned(range.last, last) > 0) {
                kept.add(new Range(last + 1, range.last, range.status));
            }
        }
        ranges.clear();
        ranges.addAll(kept);
    }

    void hashInto(StateHasher hasher) {
        for (Range range : ranges) {
            hasher.addLong(range.first);
            hasher.addLong(range.last);
            hasher.addLong(range.status == MemoryStatus.ABORT ? 1 : 2);
        }
    }

    private static boolean overlap(Range range, long first, long last) {
        return Long.compareUnsigned(range.first, last) <= 0 && Long.compareUnsigned(first, range.last) <= 0;
    }

    private static long lastOf(long address, long length) {
        long last = address + length - 1;
        return Long.compareUnsigned(last, address) < 0 ? -1L : last;
    }
}
