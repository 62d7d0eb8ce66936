package org.iorewind.model.iommu.request;

import org.iorewind.model.iommu.PageRequestDecision;

/** Who takes the page requests of a device, and how its controls want them treated: the host or a guest. */
public interface RequestTarget {
    /** DeviceID under which the device is known, given the host's. */
    int device(int requester);

    /** Whether requests are taken at all. */
    boolean accepts();

    /** Whether stop markers are dropped. */
    boolean blocksStopMarkers();

    /** Whether the IOMMU answers requests that the log cannot take. */
    boolean answers();

    /** Whether it answers all requests, and none is logged. */
    boolean answersAll();

    /** Code of such an answer, 0 to 15. */
    int responseCode();

    /** Writes an entry to the log; whether the log took it. */
    boolean append(long quadword0, long quadword1);

    /** Reports a request that is not taken, which ends as {@link PageRequestDecision#INVALID}. */
    void reportInvalid(long quadword0, long page);
}
