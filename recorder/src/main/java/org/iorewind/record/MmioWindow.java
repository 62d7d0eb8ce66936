package org.iorewind.record;

/**
 * Where an IOMMU's registers lie among physical addresses: 16 KiB, as the specification has them without the performance
 * counters.
 *
 * @param base physical address of the first register, a multiple of 4 KiB
 */
public record MmioWindow(long base) {
    /** Size in bytes. */
    public static final int BYTES = 0x4000;

    private static final long PAGE_OFFSET = 0xFFF;

    /** Where QEMU puts the registers of its {@code amd-iommu}. */
    public static final MmioWindow QEMU = new MmioWindow(0xFED8_0000L);

    /**
     * Checks the address.
     *
     * @throws IllegalArgumentException if it is not a multiple of 4 KiB or 0
     */
    public MmioWindow {
        if (base == 0 || (base & PAGE_OFFSET) != 0) {
            throw new IllegalArgumentException("no address of registers: base=0x" + Long.toHexString(base));
        }
    }

    /** Whether an access of this size at this address is one to a register. */
    public boolean holds(long address, long sizeBytes) {
        long offset = address - base;
        boolean size = sizeBytes == 1 || sizeBytes == 2 || sizeBytes == 4 || sizeBytes == 8;
        return size && offset >= 0 && offset <= BYTES - sizeBytes;
    }

    /** Offset of the register. */
    public long offset(long address) {
        return address - base;
    }
}
