package org.iorewind.model.iommu;

/** What became of a DMA request. */
public enum TranslationDecision {
    /** Translated by a table walk or from the IOTLB. */
    TRANSLATED,
    /** Forwarded without translation. */
    PASSED,
    /** An entry on the way is not present. */
    PAGE_NOT_PRESENT,
    /** The tables or the device table entry forbid the access. */
    NO_PERMISSION,
    /** An entry on the way breaks the rules: level, size, skipped bits or reserved bits. */
    BAD_TABLE_ENTRY,
    /** The device table entry breaks the rules. */
    BAD_DEVICE_ENTRY,
    /** V=1 with TV=0, every request that needs a table is refused. */
    TRANSLATION_OFF,
    /** The address has bits beyond what Mode covers. */
    ADDRESS_TOO_WIDE,
    /** The device table does not reach as far as the requester. */
    DEVICE_OUT_OF_TABLE,
    /** Refused for another reason, such as an address range that is no memory. */
    ABORTED,
    /** A table could not be read. */
    HARDWARE_ERROR,
    /** Undecided, because the recording does not hold a table that is needed. */
    NOT_RECORDED,
    /** Undecided, because the model lacks a feature that is needed. */
    NOT_MODELLED;

    /** Whether the requester gets an abort. */
    public boolean isAborted() {
        return switch (this) {
            case TRANSLATED, PASSED, NOT_RECORDED, NOT_MODELLED -> false;
            default -> true;
        };
    }
}
