package org.iorewind.model.iommu;

/** What this version of the model does not have yet; an input that needs it is answered by name. */
public enum Feature {
    /** Guest (v2) and nested translation. */
    GUEST_TRANSLATION,
    /** Address translation services. */
    ATS,
    /** Peripheral page requests. */
    PAGE_REQUESTS,
    /** Guest virtual APIC. */
    GUEST_APIC,
    /** A register space other than the host's. */
    MMIO_SPACE,
    /** The HyperTransport address ranges. */
    SPECIAL_ADDRESS_RANGE,
    /** Implementation-specific control bits (CRW). */
    IMPLEMENTATION_CONTROL,
    /** Treatment of privileged requests (PrivAbrtEn). */
    PRIVILEGED_ABORT,
    /** The reverse map table of SNP. */
    REVERSE_MAP,
    /** Performance counters. */
    PERFORMANCE_COUNTERS,
    /** Updates of the accessed and dirty bits in host tables. */
    HOST_ACCESSED_DIRTY,
    /** More memory than a replay keeps: what lies beyond counts as not recorded. */
    MEMORY_BUDGET,
    /** An event of an IOMMU whose start the session does not tell of. */
    SEVERAL_IOMMUS,
    /** A DMA request longer than 1 MiB: the rest of it is not decided. */
    LONG_REQUEST,
    /** Hardware vIOMMU, where EFR does not offer it. */
    VIOMMU
}
