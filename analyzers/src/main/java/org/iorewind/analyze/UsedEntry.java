package org.iorewind.analyze;

import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventView;

/** The device table entry that the IOMMU used for the last event, from memory or from its cache. Not thread-safe. */
public final class UsedEntry implements ReplayListener {
    private static final long[] NONE = new long[0];

    private final long[] quadwords = new long[DeviceEntryDescriptor.QUADWORDS];
    private int device;
    private boolean isUsed;

    /** None yet. */
    public UsedEntry() {}

    @Override
    public void before(EventView event, Machine machine) {
        isUsed = false;
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        isUsed = true;
        device = requester;
        quadwords[0] = q0;
        quadwords[1] = q1;
        quadwords[2] = q2;
        quadwords[3] = q3;
    }

    /** That of a device: four quadwords, or none if it was not used. */
    public long[] of(int requester) {
        return isUsed && device == requester ? quadwords.clone() : NONE;
    }
}
