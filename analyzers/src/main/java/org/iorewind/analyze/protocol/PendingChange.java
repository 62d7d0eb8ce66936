package org.iorewind.analyze.protocol;

import java.util.Arrays;

/** A mapping or a table that was taken away, and how far the IOMMU has been told. Not thread-safe. */
final class PendingChange {
    private static final int[] ALL_TOLD = new int[0];

    private final long id;
    private final AddressSpace space;
    private final long first;
    private final long bytes;
    private final long target;
    private final int level;
    private final long sequence;
    private final long timeNs;
    private int[] untold;
    private long toldAt = -1;
    private long waitBefore = -1;
    private long narrowlyTold = -1;
    private long misdirectedAt = -1;
    private int misdirectedTo = -1;
    private boolean isReported;

    /**
     * A change.
     *
     * @param id different from that of other changes
     * @param target page or table that was reached until now, system physical, -1 if not known
     * @param level of the table that was taken away, 0 for a page
     * @param untold DomainIDs that are to hear of it
     */
    PendingChange(
            long id,
            AddressSpace space,
            long first,
            long bytes,
            long target,
            int level,
            long sequence,
            long timeNs,
            int[] untold) {
        this.id = id;
        this.space = space;
        this.first = first;
        this.bytes = bytes;
        this.target = target;
        this.level = level;
        this.sequence = sequence;
        this.timeNs = timeNs;
        this.untold = untold;
    }

    long id() {
        return id;
    }

    AddressSpace space() {
        return space;
    }

    long first() {
        return first;
    }

    long bytes() {
        return bytes;
    }

    long target() {
        return target;
    }

    /** Whether it is a table, of which directories may be cached. */
    boolean isTable() {
        return level > 0;
    }

    /** Orders changes by address; the low bits keep tables of several levels apart. */
    long key() {
        return first | level;
    }

    long sequence() {
        return sequence;
    }

    long timeNs() {
        return timeNs;
    }

    boolean covers(long address) {
        return Long.compareUnsigned(address, first) >= 0 && Long.compareUnsigned(address - first, bytes) < 0;
    }

    /** An invalidation of a domain covers it. */
    void told(int domain, long at) {
        untold = without(domain);
        toldAt = at;
    }

    private int[] without(int domain) {
        if (untold.length == 1) {
            return untold[0] == domain ? ALL_TOLD : untold;
        }
        return Arrays.stream(untold).filter(id -> id != domain).toArray();
    }

    /** Whether a domain has not heard of it. */
    boolean isUntold(int domain) {
        for (int id : untold) {
            if (id == domain) {
                return true;
            }
        }
        return false;
    }

    /** Every cache was invalidated. */
    void toldAll(long at) {
        untold = ALL_TOLD;
        toldAt = at;
    }

    /** DomainIDs that have not heard of it. */
    int[] untold() {
        return untold;
    }

    boolean isTold() {
        return untold.length == 0;
    }

    /** Sequence number of the last invalidation that covers it, -1 if there was none. */
    long toldAt() {
        return toldAt;
    }

    /** A wait stood just before the invalidation, where it waits for nothing. */
    void waitedBefore(long at) {
        waitBefore = at;
    }

    long waitBefore() {
        return waitBefore;
    }

    /** An invalidation covered a table that is gone, but left directories cached. */
    void narrowlyTold(long at) {
        narrowlyTold = at;
    }

    long narrowlyTold() {
        return narrowlyTold;
    }

    /** An invalidation of the same range named another domain, in which nothing had changed there. */
    void misdirected(int domain, long at) {
        misdirectedTo = domain;
        misdirectedAt = at;
    }

    long misdirectedAt() {
        return misdirectedAt;
    }

    int misdirectedTo() {
        return misdirectedTo;
    }

    boolean isReported() {
        return isReported;
    }

    void reported() {
        isReported = true;
    }
}
