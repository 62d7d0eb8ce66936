package org.iorewind.model.iommu.interrupt;

import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.register.SmiFilterDescriptor;

/**
 * Which devices may send system management interrupts (reference 1.9, 8.2). While the filter is on, a device must be named
 * by a valid filter register (MC-64). Not thread-safe; allocates nothing.
 */
final class SmiFilter {
    private final RegisterFile registers;
    private final int count;

    SmiFilter(RegisterFile registers, IommuOptions options) {
        this.registers = registers;
        this.count = SmiFilterDescriptor.count(options.extendedFeatures());
    }

    /** Whether a device may send them; always so without filter registers or with SmiFEn=0. */
    boolean allows(int requester) {
        if (count == 0 || !registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.SMI_FILTER_EN)) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            long filter = registers.get(SmiFilterDescriptor.FIRST + i * Long.BYTES);
            if (SmiFilterDescriptor.names(filter, requester)) {
                return true;
            }
        }
        return false;
    }

    /** Whether refusals are reported to the event log. */
    boolean reportsRefusals() {
        return registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.SMI_FILTER_LOG_EN);
    }
}
