package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.DeviceEntry;

/** The exclusion range (reference 1.6, 7.3), which hardware with SNP does not have. */
record ExclusionRange(RegisterFile registers, long features) {
    /** Whether an address passes untranslated for the device with this entry. */
    boolean covers(DeviceEntry entry, long address) {
        long base = registers.get(RegisterDescriptor.EXCLUSION_BASE);
        boolean exists = (features & FeatureDescriptor.SNP) == 0;
        if (!exists || (base & RegisterDescriptor.EXCLUSION_ENABLE) == 0) {
            return false;
        }
        long last = registers.get(RegisterDescriptor.EXCLUSION_LIMIT) | RegisterDescriptor.EXCLUSION_LIMIT_LOW;
        boolean isConcerned = (base & RegisterDescriptor.EXCLUSION_ALLOW_ALL) != 0 || entry.isExcludable();
        return isConcerned
                && Long.compareUnsigned(address, RegisterDescriptor.base(base)) >= 0
                && Long.compareUnsigned(address, last) <= 0;
    }
}
