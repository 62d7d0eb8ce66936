package org.iorewind.model.platform.device;

/** What a device does when its IOMMU asks it to forget translations. */
public enum InvalidationManners {
    /** It forgets them and answers. */
    OBEYS,
    /** It answers, but goes on using them. */
    IGNORES,
    /** It forgets them, but never answers. */
    KEEPS_SILENT
}
