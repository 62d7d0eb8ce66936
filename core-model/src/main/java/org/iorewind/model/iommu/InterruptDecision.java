package org.iorewind.model.iommu;

/** What became of an interrupt request. */
public enum InterruptDecision {
    /** Replaced as the interrupt table says. */
    REMAPPED,
    /** Forwarded unchanged. */
    PASSED,
    /** Refused. */
    ABORTED,
    /** Undecided, because the recording does not hold a table that is needed. */
    NOT_RECORDED,
    /** Undecided, because the model lacks a feature that is needed. */
    NOT_MODELLED,
    /** Posted to a guest's virtual APIC; no message leaves the IOMMU. */
    POSTED
}
