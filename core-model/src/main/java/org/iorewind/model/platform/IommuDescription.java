package org.iorewind.model.platform;

import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;

/**
 * An IOMMU of a machine, as far as a recording tells of it.
 *
 * @param extendedFeatures EFR
 * @param extendedFeatures2 EFR2
 * @param isNotPresentCached NpCache of the capability header
 * @param eventRouting where events of guests go first
 * @param memoryBase system physical address of the first byte that this IOMMU sees as address 0: 0 for a physical IOMMU, the
 *     start of the guest's memory for an emulated one
 * @param memoryBytes size of what it sees; 0 for all of system memory
 */
public record IommuDescription(
        long extendedFeatures,
        long extendedFeatures2,
        boolean isNotPresentCached,
        EventRouting eventRouting,
        long memoryBase,
        long memoryBytes) {

    /** A physical IOMMU with these features. */
    public static IommuDescription physical(long extendedFeatures, long extendedFeatures2) {
        return new IommuDescription(extendedFeatures, extendedFeatures2, false, EventRouting.DIRECT, 0, 0);
    }

    /** The same with another routing of guests' events. */
    public IommuDescription routing(EventRouting value) {
        return new IommuDescription(
                extendedFeatures, extendedFeatures2, isNotPresentCached, value, memoryBase, memoryBytes);
    }

    /** The options of the model. */
    public IommuOptions options() {
        return IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(extendedFeatures)
                .extendedFeatures2(extendedFeatures2)
                .notPresentCached(isNotPresentCached)
                .eventRouting(eventRouting)
                .build();
    }
}
