package org.iorewind.model.iommu.translate;

/** The entries that a walk has read, from the top down. Not thread-safe; allocates nothing after construction. */
final class EntryPath {
    /** No walk of the specification is longer than six steps. */
    private static final int LONGEST = 6;

    private final long[] addresses = new long[LONGEST];
    private final long[] entries = new long[LONGEST];
    private int length;

    void clear() {
        length = 0;
    }

    /** Adds an entry; a walk of more steps than the specification has is not followed to its end. */
    void add(long address, long entry) {
        if (length < LONGEST) {
            addresses[length] = address;
            entries[length++] = entry;
        }
    }

    int last() {
        return length - 1;
    }

    long address(int step) {
        return addresses[step];
    }

    long entry(int step) {
        return entries[step];
    }

    /** Notes that these bits are set now. */
    void mark(int step, long bits) {
        entries[step] |= bits;
    }
}
