package org.iorewind.model.iommu.virtual;

import java.util.Arrays;

/** A set of GuestIDs that is walked in their order, quickly even if it is empty. Not thread-safe; allocates nothing. */
final class GuestSet {
    private static final int WORDS = PrivateSpaceDescriptor.GUESTS / Long.SIZE;

    private final long[] words = new long[WORDS];
    private final long[] summary = new long[WORDS / Long.SIZE];
    private int size;

    GuestSet() {}

    boolean isEmpty() {
        return size == 0;
    }

    void add(int guest) {
        int word = guest / Long.SIZE;
        size += (words[word] >>> guest & 1) == 0 ? 1 : 0;
        words[word] |= 1L << guest;
        summary[word / Long.SIZE] |= 1L << word;
    }

    void remove(int guest) {
        int word = guest / Long.SIZE;
        size -= (int) (words[word] >>> guest & 1);
        words[word] &= ~(1L << guest);
        if (words[word] == 0) {
            summary[word / Long.SIZE] &= ~(1L << word);
        }
    }

    /** The smallest member that is not below this, or -1. */
    int next(int from) {
        int word = from / Long.SIZE;
        if (word >= WORDS) {
            return -1;
        }
        long rest = words[word] & -1L << from;
        if (rest != 0) {
            return word * Long.SIZE + Long.numberOfTrailingZeros(rest);
        }
        int after = word + 1;
        for (int block = after / Long.SIZE; block < summary.length; block++) {
            long mask = block == after / Long.SIZE ? -1L << after : -1L;
            long blocks = summary[block] & mask;
            if (blocks != 0) {
                int found = block * Long.SIZE + Long.numberOfTrailingZeros(blocks);
                return found * Long.SIZE + Long.numberOfTrailingZeros(words[found]);
            }
        }
        return -1;
    }

    void clear() {
        Arrays.fill(words, 0);
        Arrays.fill(summary, 0);
        size = 0;
    }
}
