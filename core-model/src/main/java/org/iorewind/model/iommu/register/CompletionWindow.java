package org.iorewind.model.iommu.register;

import org.iorewind.model.iommu.IommuOptions;

/**
 * Where COMPLETION_WAIT may store under SNP, in the registers that hold the exclusion range otherwise (reference 1.6). A
 * store outside of it fails like one that nobody answers (MC-14). A base of 0, which drivers leave until they know their
 * place, stands for no window (MC-100). Not thread-safe; allocates nothing.
 */
public final class CompletionWindow {
    private static final long SMALLEST_PAGE_MASK = 0xFFF;

    private final RegisterFile registers;
    private final boolean exists;

    /** Binds the parts. */
    public CompletionWindow(RegisterFile registers, IommuOptions options) {
        this.registers = registers;
        long present = options.quirks().registers().present(options.extendedFeatures());
        this.exists = (present & FeatureDescriptor.SNP) != 0;
    }

    /** Whether a completion may be stored at this address. */
    public boolean allows(long address) {
        long base = RegisterDescriptor.base(registers.get(RegisterDescriptor.EXCLUSION_BASE));
        if (!exists || base == 0) {
            return true;
        }
        long last = registers.get(RegisterDescriptor.EXCLUSION_LIMIT) | SMALLEST_PAGE_MASK;
        return address >= base && address <= last;
    }
}
