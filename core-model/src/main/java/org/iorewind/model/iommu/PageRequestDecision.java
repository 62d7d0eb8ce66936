package org.iorewind.model.iommu;

/** What became of a peripheral page request. */
public enum PageRequestDecision {
    /** It stands in the log, for software to answer. */
    LOGGED,
    /** The IOMMU answers by itself, as 2080h says; the answer goes out with the last request of the group. */
    ANSWERED,
    /** The log takes no entry and nobody answers. */
    LOST,
    /** A stop marker, which BlkStopMrkEn keeps out of the log. */
    BLOCKED,
    /** Page requests are off, for all devices, for this one, or for its PASIDs: INVALID_PPR_REQUEST. */
    INVALID,
    /** The device table entry is illegal or could not be read. */
    FAILED,
    /** Undecided, because the recording does not hold the device table entry. */
    NOT_RECORDED,
    /** Undecided: the profile's device has no page requests that the model knows of. */
    NOT_MODELLED
}
