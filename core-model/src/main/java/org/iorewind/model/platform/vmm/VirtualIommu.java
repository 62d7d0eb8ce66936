package org.iorewind.model.platform.vmm;

/** An IOMMU as a guest sees it: a window of registers at a guest physical address. */
public interface VirtualIommu {
    /** Guest physical address of the window of the first one (amd-viommu reference 10.2). */
    long FIRST_WINDOW = 0xFED8_0000L;

    /** Bytes of a window. */
    int WINDOW_BYTES = 0x4000;

    /**
     * The guest's processor writes a register.
     *
     * @param offset in the window
     * @param sizeBytes 4 or 8
     * @param value in its low bits
     */
    void write(int offset, int sizeBytes, long value);

    /** The guest's processor reads a register. */
    long read(int offset, int sizeBytes);

    /** The VMM acts upon what hardware or an emulated IOMMU has told it: gives the guest interrupts, for example. */
    void settle();
}
