package org.iorewind.analyze.protocol;

import org.iorewind.trace.EventView;

/** The event that a replay is at. Not thread-safe. */
final class Moment {
    private long sequence;
    private long timeNs;
    private int iommu;
    private int guest;

    void at(EventView event) {
        sequence = event.sequence();
        timeNs = event.timeNs();
        iommu = event.iommu();
        guest = event.guest();
    }

    long sequence() {
        return sequence;
    }

    long timeNs() {
        return timeNs;
    }

    /** Number of the IOMMU. */
    int iommu() {
        return iommu;
    }

    /** GuestID, -1 for none. */
    int guest() {
        return guest;
    }
}
