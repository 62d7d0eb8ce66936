package org.iorewind.analyze.protocol;

import org.HdrHistogram.Histogram;
import org.agrona.collections.Long2LongHashMap;

/** How long it takes from unmap to flush, to the end of the wait, and to the next use of the address. Not thread-safe. */
public final class Windows {
    private static final int DIGITS = 2;
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final int MOST_ADDRESSES = 1 << 16;
    private static final long NEVER = -1;

    private final Histogram untilTold = new Histogram(LONGEST_NS, DIGITS);
    private final Histogram untilWaited = new Histogram(LONGEST_NS, DIGITS);
    private final Histogram untilGiven = new Histogram(LONGEST_NS, DIGITS);
    private long longestTold = NEVER;
    private long longestToldFrom = NEVER;
    private long longestFrom = NEVER;
    private long longestNs = NEVER;
    private long longestGiven = NEVER;
    private long longestGivenAt = NEVER;

    private long mapped;
    private long mappedBytes;
    private long unmapped;
    private long unmappedBytes;

    Windows() {}

    /** An entry began to map so many bytes. */
    void mapped(long bytes) {
        mapped++;
        mappedBytes += bytes;
    }

    /** An entry ceased to map so many bytes. */
    void unmapped(long bytes) {
        unmapped++;
        unmappedBytes += bytes;
    }

    /** Page table entries that began to map something. */
    public long mappedEntries() {
        return mapped;
    }

    /** Bytes that they map. */
    public long mappedBytes() {
        return mappedBytes;
    }

    /** Page table entries that ceased to map something. */
    public long unmappedEntries() {
        return unmapped;
    }

    /** Bytes that they mapped. */
    public long unmappedBytes() {
        return unmappedBytes;
    }

    private static void record(Histogram histogram, long ns) {
        histogram.recordValue(Math.max(0, Math.min(ns, LONGEST_NS)));
    }

    void told(PendingChange change, Moment now) {
        long ns = now.timeNs() - change.timeNs();
        record(untilTold, ns);
        if (ns > longestTold) {
            longestTold = ns;
            longestToldFrom = change.sequence();
        }
        if (!change.isTable()) {
            change.space().toldUpTo(change.sequence());
        }
    }

    void waited(PendingChange change, Moment now) {
        long ns = now.timeNs() - change.timeNs();
        record(untilWaited, ns);
        if (ns > longestNs) {
            longestNs = ns;
            longestFrom = change.sequence();
        }
        Long2LongHashMap waitedAt = change.space().waitedAt();
        if (!change.isTable() && waitedAt.size() < MOST_ADDRESSES) {
            waitedAt.put(change.first(), now.timeNs());
        }
    }

    void given(AddressSpace space, long address, Moment now) {
        long since = space.waitedAt().remove(address);
        if (since != AddressSpace.NEVER) {
            long ns = now.timeNs() - since;
            record(untilGiven, ns);
            if (ns > longestGiven) {
                longestGiven = ns;
                longestGivenAt = now.sequence();
            }
        }
    }

    /** From the change in the tables to the invalidation, ns. */
    public Histogram untilTold() {
        return untilTold;
    }

    /** From the change to the end of the wait, ns: so long a device may reach what was taken away. */
    public Histogram untilWaited() {
        return untilWaited;
    }

    /** From the end of the wait to the next mapping of the same address, ns. */
    public Histogram untilGiven() {
        return untilGiven;
    }

    /** Sequence number of the change that waited longest for its invalidation, -1 if there was none. */
    public long longestToldFrom() {
        return longestToldFrom;
    }

    /** Sequence number of the mapping that came longest after the wait, -1 if there was none. */
    public long longestGivenAt() {
        return longestGivenAt;
    }

    /** Sequence number of the change that was reachable longest, -1 if there was none. */
    public long longestFrom() {
        return longestFrom;
    }
}
