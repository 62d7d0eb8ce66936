package org.iorewind.model.qemu;

/** A machine that runs a program: QEMU, or the model with a little machine around it. */
interface Target {
    /** A processor stores a quadword to RAM. */
    void store(long address, long value);

    /** A processor writes a register of the IOMMU. */
    void writeRegister(int offset, int sizeBytes, long value);

    /** A processor reads a register of the IOMMU; the value is a {@link Witness}. */
    void readRegister(int offset, int sizeBytes);

    /** The device copies memory into a slot of its buffer; both address and length are multiples of 4. */
    void deviceReads(long address, int slot, int lengthBytes);

    /** The device copies a slot of its buffer to memory; both address and length are multiples of 4. */
    void deviceWrites(long address, int slot, int lengthBytes);

    /** The device sends a message-signalled interrupt. */
    void deviceInterrupts(long address, int data);
}
