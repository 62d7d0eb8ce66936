package org.iorewind.model.iommu.translate;

/** The AT field of a request on the bus (reference 7.1), or what else asks for a translation. */
public enum RequestKind {
    /** AT=00: the address is the device's, and the IOMMU translates it. */
    UNTRANSLATED,
    /** AT=01: the device asks for a translation, and moves no data. */
    TRANSLATION,
    /** AT=10: the address is one that an earlier translation request gave. */
    TRANSLATED,
    /** Not on the bus: PREFETCH_IOMMU_PAGES asks on a device's behalf. */
    PREFETCH;

    /** Whether it is an access to memory, whose faults are reported. */
    public boolean movesData() {
        return this == UNTRANSLATED || this == TRANSLATED;
    }
}
