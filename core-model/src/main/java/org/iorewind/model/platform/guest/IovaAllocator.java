package org.iorewind.model.platform.guest;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.iorewind.model.platform.driver.Errno;

/**
 * Addresses for devices: from the top of the first 4 GiB downwards, then from the top of all, each aligned to its size, as Linux
 * does. Page 0, the window of interrupts and the HyperTransport hole (reference 7.2) are never given. Not thread-safe.
 */
final class IovaAllocator {
    private static final long PAGE_BYTES = 4096;
    private static final long LOW_END = 1L << 32;
    private static final long INTERRUPTS_FIRST = 0xFEE0_0000L;
    private static final long INTERRUPTS_END = 0xFEF0_0000L;
    private static final long HOLE_FIRST = 0xFD_0000_0000L;
    private static final long HOLE_END = 0x100_0000_0000L;

    /** Free ranges by their first byte: the first byte after them. */
    private final NavigableMap<Long, Long> free = new TreeMap<>();

    /** Has the addresses below 2^bits, 41 to 62. */
    IovaAllocator(int bits) {
        free.put(PAGE_BYTES, INTERRUPTS_FIRST);
        free.put(INTERRUPTS_END, HOLE_FIRST);
        free.put(HOLE_END, 1L << bits);
    }

    /**
     * Gives addresses.
     *
     * @param bytes a positive multiple of 4096
     * @return the first one, or {@link Errno#NO_SPACE}
     */
    long allocate(long bytes) {
        long low = allocateBelow(LOW_END, bytes);
        return low >= 0 ? low : allocateBelow(Long.MAX_VALUE, bytes);
    }

    private long allocateBelow(long limit, long bytes) {
        long alignment = Long.highestOneBit(bytes) == bytes ? bytes : Long.highestOneBit(bytes) << 1;
        for (Map.Entry<Long, Long> range :
                free.headMap(limit, false).descendingMap().entrySet()) {
            long end = Math.min(range.getValue(), limit);
            long first = end - bytes & -alignment;
            if (end >= bytes && first >= range.getKey()) {
                take(range.getKey(), range.getValue(), first, bytes);
                return first;
            }
        }
        return Errno.NO_SPACE;
    }

    private void take(long rangeFirst, long rangeEnd, long first, long bytes) {
        free.remove(rangeFirst);
        if (first > rangeFirst) {
            free.put(rangeFirst, first);
        }
        if (first + bytes < rangeEnd) {
            free.put(first + bytes, rangeEnd);
        }
    }

    /** Takes addresses back. */
    void free(long first, long bytes) {
        long begin = first;
        long end = first + bytes;
        Map.Entry<Long, Long> before = free.lowerEntry(first);
        if (before != null && before.getValue() == begin) {
            begin = before.getKey();
        }
        Long after = free.remove(end);
        free.put(begin, after == null ? end : after);
    }
}
