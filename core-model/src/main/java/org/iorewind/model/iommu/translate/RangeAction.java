package org.iorewind.model.iommu.translate;

/** What meets a request in one of the ranges of {@link AddressClass}. */
public enum RangeAction {
    /** It is translated like any other. */
    TRANSLATE,
    /** It goes on untranslated. */
    FORWARD,
    /** It is aborted, without an event. */
    REFUSE,
    /** It is aborted and reported as INVALID_DEVICE_REQUEST. */
    REPORT,
    /** The device table entry is illegal. */
    ILLEGAL_ENTRY,
    /** It is an interrupt message of HyperTransport that would have to be remapped: not modelled. */
    REMAP
}
