package org.iorewind.analyze.rule;

/**
 * Whom a finding concerns.
 *
 * @param iommu number of the IOMMU within the session
 * @param device DeviceID, {@link #NONE} if it is about none
 * @param domain DomainID, {@link #NONE} if it is about none
 */
public record Where(int iommu, int device, int domain) {
    /** In place of a device or domain. */
    public static final int NONE = -1;

    /** An IOMMU as a whole. */
    public static Where iommu(int iommu) {
        return new Where(iommu, NONE, NONE);
    }

    /** A domain. */
    public static Where domain(int iommu, int domain) {
        return new Where(iommu, NONE, domain);
    }

    /** A device. */
    public static Where device(int iommu, int device) {
        return new Where(iommu, device, NONE);
    }
}
