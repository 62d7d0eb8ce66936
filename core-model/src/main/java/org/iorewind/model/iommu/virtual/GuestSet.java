package org.iorewind.model.iommu.virtual;

import java.util.Arrays;

/**
 * A set of GuestIDs that is walked in their order, quickly even if it is empty. Not thread-safe; allocates nothing.
 *
 * <pre>
 *   blocks: 16 bits ──▶ summary: 16 * 64 bits ──▶ words: 1024 * 64 bits      a bit above is set while one below it is
 * </pre>
 */
final class GuestSet {
    private static final int WORDS = PrivateSpaceDescriptor.GUESTS / Long.SIZE;

    private final long[] words = new long[WORDS];
    private final long[] summary = new long[WORDS / Long.SIZE];
    private int blocks;
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
        blocks |= 1 << word / Long.SIZE;
    }

    void remove(int guest) {
        int word = guest / Long.SIZE;
        size -= (int) (words[word] >>> guest & 1);
        words[word] &= ~(1L << guest);
        if (words[word] == 0) {
            summary[word / Long.SIZE] &= ~(1L << word);
        }
        if (summary[word / Long.SIZE] == 0) {
            blocks &= ~(1 << word / Long.SIZE);
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
        int block = after / Long.SIZE;
        long members = block < summary.length ? summary[block] & -1L << after : 0;
        if (members == 0) {
            int above = blocks & -2 << block;
            if (above == 0) {
                return -1;
            }
            block = Integer.numberOfTrailingZeros(above);
            members = summary[block];
        }
        int found = block * Long.SIZE + Long.numberOfTrailingZeros(members);
        return found * Long.SIZE + Long.numberOfTrailingZeros(words[found]);
    }

    void clear() {
        Arrays.fill(words, 0);
        Arrays.fill(summary, 0);
        blocks = 0;
        size = 0;
    }
}
