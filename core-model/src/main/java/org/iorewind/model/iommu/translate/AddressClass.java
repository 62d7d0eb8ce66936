package org.iorewind.model.iommu.translate;

/**
 * The address ranges that are no ordinary memory (reference 7.2), with what meets a request there unless the device table
 * entry says otherwise. The boundaries of the HyperTransport ranges are taken as the reference lists them (MC-152).
 */
public enum AddressClass {
    /** Writes are interrupt requests. */
    MSI_WINDOW(AddressRangeDescriptor.MSI_FIRST, AddressRangeDescriptor.MSI_LAST, RangeAction.REFUSE),
    /** Interrupt address space without a use. */
    RESERVED_INTERRUPT(AddressRangeDescriptor.HYPER_TRANSPORT_FIRST, 0xFD_F7FF_FFFFL, RangeAction.REPORT),
    /** HyperTransport interrupts and EOI. */
    INTERRUPT(0xFD_F800_0000L, 0xFD_F8FF_FFFFL, RangeAction.REPORT),
    /** Acknowledge cycles of the legacy interrupt controller, which no device sends. */
    INTERRUPT_ACKNOWLEDGE(0xFD_F900_0000L, 0xFD_F90F_FFFFL, RangeAction.REPORT),
    /** System management messages, INTx among them. */
    SYSTEM_MANAGEMENT(0xFD_F910_0000L, 0xFD_F91F_FFFFL, RangeAction.REPORT),
    /** Nothing. */
    RESERVED(0xFD_F920_0000L, 0xFD_FAFF_FFFFL, RangeAction.REFUSE),
    /** ATS responses on HyperTransport. */
    ATS_RESPONSE(0xFD_FB00_0000L, 0xFD_FBFF_FFFFL, RangeAction.TRANSLATE),
    /** Port I/O space. */
    PORT_IO(0xFD_FC00_0000L, 0xFD_FDFF_FFFFL, RangeAction.REPORT),
    /** Configuration space. */
    CONFIGURATION(0xFD_FE00_0000L, 0xFD_FFFF_FFFFL, RangeAction.REFUSE),
    /** Extended configuration space and device messages. */
    EXTENDED_CONFIGURATION(0xFE_0000_0000L, 0xFE_1FFF_FFFFL, RangeAction.REFUSE),
    /** Nothing. */
    RESERVED_HIGH(0xFE_2000_0000L, AddressRangeDescriptor.HYPER_TRANSPORT_LAST, RangeAction.REFUSE);

    private static final AddressClass[] ALL = values();

    private final long first;
    private final long last;
    private final RangeAction byDefault;

    AddressClass(long first, long last, RangeAction byDefault) {
        this.first = first;
        this.last = last;
        this.byDefault = byDefault;
    }

    /** The class of an address that lies in one of the ranges; they stand in the order of their addresses. */
    static AddressClass of(long address) {
        int i = 0;
        while (address > ALL[i].last) {
            i++;
        }
        return ALL[i];
    }

    /** Whether an address lies in this range. */
    public boolean holds(long address) {
        return address >= first && address <= last;
    }

    /** First address. */
    public long first() {
        return first;
    }

    /** Last address. */
    public long last() {
        return last;
    }

    /** What meets a request unless the device table entry or the hardware's options say otherwise. */
    public RangeAction byDefault() {
        return byDefault;
    }
}
