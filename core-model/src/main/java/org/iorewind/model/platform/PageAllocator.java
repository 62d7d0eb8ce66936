package org.iorewind.model.platform;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Memory to give away: the lowest free range that fits, so that the same calls give the same addresses. Not thread-safe.
 */
public final class PageAllocator {
    private static final long PAGE_BYTES = 4096;

    /** Free ranges by their first byte: their lengths. */
    private final NavigableMap<Long, Long> free = new TreeMap<>();

    private long left;

    /**
     * Has one range to give.
     *
     * @param base a multiple of 4096
     * @param bytes a multiple of 4096
     */
    public PageAllocator(long base, long bytes) {
        free.put(base, bytes);
        left = bytes;
    }

    /**
     * Gives a range.
     *
     * @param bytes rounded up to 4096
     * @param alignment a power of two from 4096
     * @throws OutOfMemoryException if no range fits
     */
    public long allocate(long bytes, long alignment) {
        long size = bytes + PAGE_BYTES - 1 & -PAGE_BYTES;
        for (Map.Entry<Long, Long> range : free.entrySet()) {
            long base = range.getKey();
            long end = base + range.getValue();
            long start = base + alignment - 1 & -alignment;
            if (start + size <= end) {
                free.remove(base);
                putUnlessEmpty(base, start - base);
                putUnlessEmpty(start + size, end - start - size);
                left -= size;
                return start;
            }
        }
        throw new OutOfMemoryException(size, left);
    }

    /** Takes a range back; it joins its neighbours. */
    public void free(long address, long bytes) {
        long size = bytes + PAGE_BYTES - 1 & -PAGE_BYTES;
        left += size;
        long start = address;
        long end = address + size;
        Map.Entry<Long, Long> before = free.lowerEntry(address);
        if (before != null && before.getKey() + before.getValue() == start) {
            start = before.getKey();
            free.remove(start);
        }
        Long after = free.remove(end);
        if (after != null) {
            end += after;
        }
        free.put(start, end - start);
    }

    private void putUnlessEmpty(long base, long bytes) {
        if (bytes > 0) {
            free.put(base, bytes);
        }
    }

    /** Bytes that are free. */
    public long left() {
        return left;
    }
}
