package org.iorewind.model.platform;

/**
 * What an IOMMU driver sees of its machine: memory at its own physical addresses, the registers of one IOMMU, pages to use.
 * The host's driver and a guest's driver are the same code behind different ports. Not thread-safe.
 */
public interface DriverPort {
    /** Reads a quadword; {@code address} is a multiple of 8. */
    long load(long address);

    /** Writes consecutive quadwords in one go; see {@link SystemBus#store}. */
    void store(MemoryRole role, long address, long... words);

    /** Fills memory with zeros. */
    void clear(MemoryRole role, long address, long bytes);

    /** Reads a register of the IOMMU's MMIO window. */
    long readRegister(int offset, int sizeBytes);

    /** Writes a register of the IOMMU's MMIO window. */
    void writeRegister(int offset, int sizeBytes, long value);

    /**
     * Gives memory whose content is unknown.
     *
     * @param bytes a multiple of 4096
     * @param alignment in bytes, a power of two from 4096
     * @return its address
     * @throws OutOfMemoryException if there is none left
     */
    long allocate(long bytes, long alignment);

    /** Takes back what {@link #allocate} gave. */
    void free(long address, long bytes);

    /** Marks the beginning of a call; see {@link SystemBus#enter}. */
    void enter(String call, int requester, long iova, long physical, long size);

    /** Marks its end. */
    void leave(String call, int result);

    /** Marks something without duration. */
    void note(String call, int requester, long iova, long physical, long size);
}
