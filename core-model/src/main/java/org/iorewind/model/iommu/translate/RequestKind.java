package org.iorewind.model.iommu.translate;

/** The AT field of a request on the bus (reference 7.1). */
public enum RequestKind {
    /** AT=00: the address is the device's, and the IOMMU translates it. */
    UNTRANSLATED,
    /** AT=01: the device asks for a translation, and moves no data. */
    TRANSLATION,
    /** AT=10: the address is one that an earlier translation request gave. */
    TRANSLATED
}
