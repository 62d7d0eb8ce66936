package org.iorewind.model.iommu;

/** How the IOMMU completes a translation request (reference 7.1): the completion status that the device sees. */
public enum AtsStatus {
    /** With an answer, which may grant no right at all. */
    SUCCESS,
    /** Unsupported request: the device may not ask. */
    UNSUPPORTED_REQUEST,
    /** Completer abort: the question cannot be answered. */
    COMPLETER_ABORT,
    /** Undecided, because the recording or the model lacks something that is needed. */
    UNDECIDED
}
