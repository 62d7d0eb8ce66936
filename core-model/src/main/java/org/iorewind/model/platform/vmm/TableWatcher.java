package org.iorewind.model.platform.vmm;

/** Acts when a guest has written to memory that the VMM intercepts. */
interface TableWatcher {
    /**
     * Words were written.
     *
     * @param address guest physical, of the first one
     * @param bytes how many
     */
    void written(long address, long bytes);
}
