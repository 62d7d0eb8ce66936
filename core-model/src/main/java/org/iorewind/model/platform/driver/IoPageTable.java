package org.iorewind.model.platform.driver;

/**
 * Page tables for a device, whatever their format: v1 ({@link HostPageTable}) or v2 ({@link GuestPageTable}).
 *
 * <p>They change memory only; caches of the hardware are the caller's part. Tables that an unmap leaves empty are unlinked, but
 * their memory is given back by {@link #release} only, which must wait for the flush (reference 9.2). Not thread-safe.
 */
public interface IoPageTable {
    /** Address of the top table; v1 tables that grow change it. */
    long root();

    /** Levels below and with the top table; v1 tables that grow change it. */
    int levels();

    /**
     * Maps a range, with the largest pages that fit.
     *
     * @param iova a multiple of 4096
     * @param target address on the other side, a multiple of 4096
     * @param bytes a positive multiple of 4096
     * @param rights 1 read, 2 write
     * @return {@link Errno#OK}; {@link Errno#INVALID} if not a multiple; {@link Errno#RANGE} if the tables do not reach as far;
     *     {@link Errno#EXISTS} if any of it is mapped: then nothing is changed. Where a large page takes the place of empty tables,
     *     these are unlinked
     */
    int map(long iova, long target, long bytes, int rights);

    /**
     * Unmaps what is mapped in a range. A page that reaches beyond the range stays.
     *
     * @param iova a multiple of 4096
     * @param bytes a positive multiple of 4096
     * @return bytes unmapped
     */
    long unmap(long iova, long bytes);

    /**
     * Changes the rights of all pages in a range, in place.
     *
     * @return bytes of the pages that were changed
     */
    long protect(long iova, long bytes, int rights);

    /**
     * Where an address leads.
     *
     * @return the address on the other side, or -1 if it is not mapped
     */
    long translate(long iova);

    /** How many tables are unlinked and wait for {@link #release}. */
    int unlinked();

    /** Whether any are: then the flush must be one of directories (PDE). */
    default boolean hasUnlinked() {
        return unlinked() != 0;
    }

    /** Gives back the memory of unlinked tables. */
    void release();

    /** Gives back all memory; the tables are of no use afterwards. */
    void destroy();

    /** Entries of pages that are present: several for one page of v1 whose size no level has. */
    long pageEntries();

    /** Tables in use, with the top one. */
    int tables();
}
