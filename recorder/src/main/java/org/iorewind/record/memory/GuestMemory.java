package org.iorewind.record.memory;

/** The memory of a running guest, read only. Not thread-safe. */
public interface GuestMemory extends AutoCloseable {
    /** What this is, for the completeness contract: a few words. */
    String description();

    /**
     * Reads quadwords in a row, little-endian.
     *
     * @param address guest-physical address of the first, any value
     * @param to receives them
     * @param count how many, 1 to {@code to.length}
     * @return whether all of them are RAM and could be read; else the content of {@code to} means nothing
     */
    boolean read(long address, long[] to, int count);

    @Override
    void close();
}
