package org.iorewind.model.platform.driver;

import java.util.BitSet;

/** DomainIDs to give away: the lowest free one, so that the same calls give the same numbers. Not thread-safe. */
public final class DomainIds {
    /** What {@link #allocate} gives when there is none left. */
    public static final int NONE = -1;

    /** The largest DomainID. */
    public static final int LAST = 0xFFFF;

    private final int first;
    private final int last;
    private final BitSet used = new BitSet();

    /** All 16-bit DomainIDs but 0, which stands for none in Linux. */
    public DomainIds() {
        this(1, LAST);
    }

    /** The DomainIDs from {@code first} to {@code last}. */
    public DomainIds(int first, int last) {
        this.first = first;
        this.last = last;
    }

    /** Gives the lowest free DomainID, or {@link #NONE}. */
    public int allocate() {
        int id = used.nextClearBit(first);
        if (id > last) {
            return NONE;
        }
        used.set(id);
        return id;
    }

    /** Takes one back. */
    public void free(int id) {
        used.clear(id);
    }

    /** How many are in use. */
    public int used() {
        return used.cardinality();
    }
}
