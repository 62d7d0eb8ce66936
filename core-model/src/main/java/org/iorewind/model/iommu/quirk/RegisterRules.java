package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.IommuOptions;

/** Which registers exist, and which of their bits answer to writes. Offsets are those of 64-bit registers. */
public interface RegisterRules {
    /** Whether a write of this size at this offset is taken at all. */
    boolean acceptsWrite(int offset, int sizeBytes);

    /** Whether a read of this size at this offset is answered from the register. */
    boolean acceptsRead(int offset, int sizeBytes);

    /** What a read gives that {@link #acceptsRead} refuses. */
    long refusedRead(int sizeBytes);

    /** Bits that take the written value. */
    long writable(int register, IommuOptions options);

    /** Whether a register's own contents keep it from being written. */
    boolean isLocked(int register, long contents);

    /** Bits that a written 1 clears. */
    long clearedByOne(int register);

    /** Bits that hold 1 after a write. */
    long readsAsOne(int register);

    /** Value after reset of CONTROL or of the base of a ring or log; the others, but for EFR, hold 0. */
    long resetValue(int register);

    /** Bits of CONTROL whose setting is reported as not modelled. */
    long reportedControls();

    /** Whether the PPR log and the guest APIC log, where EFR offers them, are more than registers. */
    boolean hasOptionalLogs();

    /**
     * Of the features that EFR offers, those whose registers and logs are there.
     *
     * @param features EFR
     */
    long present(long features);

    /** Whether a ring or log with this base register can run. */
    boolean canRun(long baseRegister);
}
