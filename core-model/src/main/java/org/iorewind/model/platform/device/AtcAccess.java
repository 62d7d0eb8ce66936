package org.iorewind.model.platform.device;

/** What a device with a translation cache did to reach memory. */
public enum AtcAccess {
    /** It sent a translated request. */
    TRANSLATED,
    /** It sent an untranslated request, since the page wants that or translations are not to be had. */
    UNTRANSLATED,
    /** It sent none: the page is missing or lacks the right, which a page request may mend. */
    PAGE_NEEDED,
    /** It sent none: the IOMMU could not answer. */
    FAILED
}
