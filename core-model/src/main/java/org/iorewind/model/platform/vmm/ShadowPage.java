package org.iorewind.model.platform.vmm;

/**
 * A page of a guest's tables.
 *
 * @param iova first address as the device issues it
 * @param bytes a power of two
 * @param target guest physical address
 * @param rights 1 read, 2 write, of all levels together
 */
record ShadowPage(long iova, long bytes, long target, int rights) {
    /** Address of the last byte. */
    long last() {
        return iova + bytes - 1;
    }
}
