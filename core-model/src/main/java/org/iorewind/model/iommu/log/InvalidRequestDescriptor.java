package org.iorewind.model.iommu.log;

/**
 * Types of INVALID_DEVICE_REQUEST (reference 4.3). Type 5 without TR is known from logs of real machines; the others are
 * this model's choice (MC-88), and so is the place of US: that of the common layout, dw1 bit 18 (MC-89).
 *
 * <pre>
 *  q0  63  60 59  57 56         48 47        32 31      20 19     16 15         0
 *     ┌──────┬──────┬─────────────┬────────────┬──────────┬─────────┬────────────┐
 *     │  8   │ Type │ TR … US … GN│ PASID low  │ reserved │PASID hi │  DeviceID  │
 *     └──────┴──────┴─────────────┴────────────┴──────────┴─────────┴────────────┘
 *  q1  address of the request
 * </pre>
 */
public final class InvalidRequestDescriptor {
    /** TR=0: read or non-posted write in the interrupt range. */
    public static final int INTERRUPT_RANGE_READ = 0;
    /** TR=0: pre-translated request of a device with I=0 or V=0. */
    public static final int PRETRANSLATED = 1;
    /** TR=0: port I/O with IoCtl=00b. */
    public static final int PORT_IO = 2;
    /** TR=0: posted write in the system management range that SysMgt does not allow. */
    public static final int SYSTEM_MANAGEMENT_WRITE = 3;
    /** TR=0: read or non-posted write in the system management range, or a message that SysMgt=10b does not allow. */
    public static final int SYSTEM_MANAGEMENT_READ = 4;
    /** TR=0: posted write in the interrupt or EOI range with IntCtl=00b. */
    public static final int INTERRUPT_WRITE = 5;
    /** TR=0: posted write in a reserved interrupt range. */
    public static final int RESERVED_INTERRUPT_RANGE = 6;
    /** TR=0: system management range with SysMgt=11b, but no translation. */
    public static final int SYSTEM_MANAGEMENT_ADDRESS = 7;
    /** TR=1: the range cannot be translated. */
    public static final int TRANSLATION_RANGE = 0;
    /** TR=1: the device table entry has I=0. */
    public static final int TRANSLATION_DISABLED = 1;
    /** TR=1: DeviceID beyond the table. */
    public static final int TRANSLATION_DEVICE = 2;

    private static final int TYPE_SHIFT = 9;

    private InvalidRequestDescriptor() {}

    /** A type, 0 to 7, as a part of the flags. */
    public static int typeFlags(int type) {
        return (type & 7) << TYPE_SHIFT;
    }
}
