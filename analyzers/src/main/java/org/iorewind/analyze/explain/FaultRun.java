package org.iorewind.analyze.explain;

/** Faults of one group at addresses that lie close together, as they come. */
final class FaultRun {
    private static final long PAGE = 0xFFF;

    long count;
    long lowest = -1;
    long highest;
    long firstTimeNs;
    long lastTimeNs;
    long firstSequence;
    long lastSequence;
    /** How many were at the very address of the one before; how many above it; at the start of a page. */
    long repeats;

    long climbs;
    long pageStarts;
    /** Greatest common divisor of all distances between one and the next; 0 if all are at one address. */
    long stride;

    private long previous;

    void add(long address, long timeNs, long sequence) {
        if (count == 0) {
            firstTimeNs = timeNs;
            firstSequence = sequence;
            lowest = address;
            highest = address;
        } else {
            long distance = address - previous;
            if (distance == 0) {
                repeats++;
            } else {
                if (Long.compareUnsigned(address, previous) > 0) {
                    climbs++;
                }
                stride = divisor(stride, distance == Long.MIN_VALUE ? 1 : Math.abs(distance));
            }
        }
        if ((address & PAGE) == 0) {
            pageStarts++;
        }
        previous = address;
        count++;
        lowest = Long.compareUnsigned(address, lowest) < 0 ? address : lowest;
        highest = Long.compareUnsigned(address, highest) > 0 ? address : highest;
        firstTimeNs = Math.min(firstTimeNs, timeNs);
        lastTimeNs = count == 1 ? timeNs : Math.max(lastTimeNs, timeNs);
        lastSequence = sequence;
    }

    /** Takes over what another run holds. */
    void join(FaultRun other) {
        lowest = Long.compareUnsigned(other.lowest, lowest) < 0 ? other.lowest : lowest;
        highest = Long.compareUnsigned(other.highest, highest) > 0 ? other.highest : highest;
        firstTimeNs = Math.min(firstTimeNs, other.firstTimeNs);
        lastTimeNs = Math.max(lastTimeNs, other.lastTimeNs);
        firstSequence = Math.min(firstSequence, other.firstSequence);
        lastSequence = Math.max(lastSequence, other.lastSequence);
        count += other.count;
        repeats += other.repeats;
        climbs += other.climbs;
        pageStarts += other.pageStarts;
        stride = 1;
    }

    /** Whether an address lies in it or at most so far from it. */
    boolean isNear(long address, long distance) {
        boolean below = Long.compareUnsigned(address, lowest) < 0;
        boolean above = Long.compareUnsigned(address, highest) > 0;
        long away = below ? lowest - address : above ? address - highest : 0;
        return away >= 0 && Long.compareUnsigned(away, distance) <= 0;
    }

    private static long divisor(long a, long b) {
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }
}
