package org.iorewind.model.platform.vmm;

import org.iorewind.model.iommu.register.FeatureDescriptor;

/**
 * What a software vIOMMU offers.
 *
 * @param features EFR
 * @param remapsPassthrough dma-remap: passthrough devices have shadow tables, and the guest is told NpCache
 */
public record SoftwareOptions(long features, boolean remapsPassthrough) {
    private static final long USUAL = FeatureDescriptor.INVALIDATE_ALL
            | FeatureDescriptor.GUEST_APIC
            | FeatureDescriptor.XT
            | FeatureDescriptor.HATS_SIX_LEVELS;

    /** For emulated devices only: v1 tables and interrupts. */
    public static SoftwareOptions emulated() {
        return new SoftwareOptions(USUAL, false);
    }

    /** For passthrough devices too. */
    public static SoftwareOptions shadowing() {
        return new SoftwareOptions(USUAL, true);
    }
}
