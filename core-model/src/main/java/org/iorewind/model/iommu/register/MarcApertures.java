package org.iorewind.model.iommu.register;

import org.iorewind.model.iommu.IommuOptions;

/**
 * Address relocation by apertures (reference 1.9, 7.4): off unless MarcEn and MarcSup. The lowest-numbered aperture that
 * covers an address counts. An address that one covers is relocated to a system physical address, in place of translation,
 * after the address classes and before TV of the device table entry is looked at (MC-98). Not thread-safe; allocates
 * nothing.
 */
public final class MarcApertures {
    private final RegisterFile registers;
    private final boolean exist;
    private long relocated;
    private boolean isReadOnly;

    /** Binds the parts. */
    public MarcApertures(RegisterFile registers, IommuOptions options) {
        this.registers = registers;
        long present = options.quirks().registers().present(options.extendedFeatures());
        this.exist = (present & MarcDescriptor.SUPPORT) != 0;
    }

    /** Whether an aperture covers this address; the accessors then show where it leads, until the next call. */
    public boolean covers(long address) {
        if (!exist || !registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.MARC_EN)) {
            return false;
        }
        for (int i = 0; i < MarcDescriptor.APERTURES; i++) {
            long relocation = registers.get(MarcDescriptor.relocation(i));
            long offset = address - registers.get(MarcDescriptor.base(i));
            boolean isInside = Long.compareUnsigned(offset, registers.get(MarcDescriptor.length(i))) < 0;
            if ((relocation & MarcDescriptor.ENABLE) != 0 && isInside) {
                relocated = RegisterDescriptor.base(relocation) + offset;
                isReadOnly = (relocation & MarcDescriptor.READ_ONLY) != 0;
                return true;
            }
        }
        return false;
    }

    /** Where the address of the last successful {@link #covers} leads. */
    public long relocated() {
        return relocated;
    }

    /** Whether that aperture forbids writes. */
    public boolean isReadOnly() {
        return isReadOnly;
    }
}
