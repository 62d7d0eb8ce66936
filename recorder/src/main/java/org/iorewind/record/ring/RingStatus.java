package org.iorewind.record.ring;

/**
 * How a ring is doing, for a status line.
 *
 * @param usedBytes written and not yet read
 * @param capacityBytes of the data area
 * @param readBytes by this reader and those before it
 * @param lostRecords that the writer could not place, since the ring was made
 * @param waits how often the writer found the ring full and waited
 * @param waitedNs how long it waited in all
 * @param writerPid process that writes or wrote, 0 if there was none
 */
public record RingStatus(
        long usedBytes,
        int capacityBytes,
        long readBytes,
        long lostRecords,
        long waits,
        long waitedNs,
        int writerPid) {}
