package org.iorewind.model.memory;

/**
 * The IOMMU's way to system memory, supplied by the host of the model. Every access may fail.
 *
 * <p>A load fetches up to four naturally aligned quadwords at once, as the hardware reads a device table entry in one
 * transaction; the words stay readable through {@link #word(int)} until the next load. All values are little-endian.
 * Not thread-safe; no access allocates.
 */
public interface MemoryPort {
    /**
     * Fetches consecutive quadwords.
     *
     * @param address system physical address, a multiple of 8
     * @param quadwords 1 to 4
     * @return {@link MemoryStatus#OK} if and only if every word is valid
     */
    MemoryStatus load(long address, int quadwords);

    /** Word {@code index} of the last successful load. */
    long word(int index);

    /**
     * Stores one quadword.
     *
     * @param address system physical address, a multiple of 8
     * @param value little-endian value
     */
    MemoryStatus store(long address, long value);

    /**
     * The same memory for those who only look. There, a load changes nothing that a later access could tell and does not
     * disturb {@link #word}; a store is forgotten, and said to have gone well.
     */
    MemoryPort observing();
}
