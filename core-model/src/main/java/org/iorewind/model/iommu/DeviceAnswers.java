package org.iorewind.model.iommu;

/** When devices answer the invalidation requests that the IOMMU sends them. */
public enum DeviceAnswers {
    /** At once, so that no command ever waits: right for recordings that do not tell of answers. */
    IMMEDIATE,
    /** When {@link Iommu#invalidationResponse} or {@link Iommu#invalidationTimeout} says so; COMPLETION_WAIT waits. */
    AS_INPUT
}
