package org.iorewind.model.iommu.cache;

/**
 * A translation in 64 bits.
 *
 * <pre>
 *  63    58 57    52 51                          12 11 10 9  8       0
 *  ┌───────┬────────┬──────────────────────────────┬──┬──┬──┬─────────┐
 *  │ span  │ shift  │ system physical page         │0 │NP│ C│ rights  │
 *  └───────┴────────┴──────────────────────────────┴──┴──┴──┴─────────┘
 *   span   log2 of the size that an invalidation must meet to drop the entry
 *   shift  log2 of the size of the page
 *   NP     nothing is present there     C  the host's tables had a part in it
 * </pre>
 */
final class CachedPage {
    /** Smallest page of all tables, 4 KiB: what an entry of a cache stands for. */
    static final int FRAME_SHIFT = 12;

    private static final long PAGE_MASK = 0x000F_FFFF_FFFF_F000L;
    private static final int RIGHTS_MASK = 0x1FF;
    private static final long COMBINED = 1 << 9;
    private static final long NOT_PRESENT = 1 << 10;
    private static final int SHIFT_SHIFT = 52;
    private static final int SPAN_SHIFT = 58;
    private static final int SHIFT_MASK = 0x3F;

    private CachedPage() {}

    static long of(long page, int shift, int span, int rights, boolean isCombined) {
        return page & PAGE_MASK
                | (long) span << SPAN_SHIFT
                | (long) shift << SHIFT_SHIFT
                | (isCombined ? COMBINED : 0)
                | rights & RIGHTS_MASK;
    }

    /** An entry that says that a frame is not mapped. */
    static long notPresent(boolean isCombined) {
        return of(0, FRAME_SHIFT, FRAME_SHIFT, 0, isCombined) | NOT_PRESENT;
    }

    static long page(long value) {
        return value & PAGE_MASK;
    }

    static int shift(long value) {
        return (int) (value >>> SHIFT_SHIFT) & SHIFT_MASK;
    }

    static int rights(long value) {
        return (int) value & RIGHTS_MASK;
    }

    static boolean isCombined(long value) {
        return (value & COMBINED) != 0;
    }

    static boolean isNotPresent(long value) {
        return (value & NOT_PRESENT) != 0;
    }

    /** Whether the entry of a frame spans part of the inclusive, unsigned range. */
    static boolean overlaps(long frame, long value, long first, long last) {
        long size = 1L << (value >>> SPAN_SHIFT);
        long spanFirst = frame << FRAME_SHIFT & -size;
        return Long.compareUnsigned(spanFirst, last) <= 0 && Long.compareUnsigned(first, spanFirst + size - 1) <= 0;
    }
}
