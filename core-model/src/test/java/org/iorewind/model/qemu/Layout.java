package org.iorewind.model.qemu;

/**
 * Where everything lies in the machine of the comparison: 8 MiB of RAM, of which QEMU's firmware keeps the first.
 *
 * <pre>
 *   0        640K     1M                          2M                              8M          2G       4G
 *   │ firmware │ ROM   │ tables, rings, log, store │ data: each quadword its own   │ nothing   │ devices │ nothing
 * </pre>
 *
 * A device that reads data sees from where it came.
 */
final class Layout {
    static final int RAM_BYTES = 8 << 20;
    static final int FIRST_COMPARED = 1 << 20;
    static final int DEVICE_TABLE = 0x10_0000;
    static final int RING = 0x11_0000;
    static final int LOG = 0x12_0000;
    static final int STORE = 0x13_0000;
    /** The IOMMU's own interrupts are aimed here. */
    static final int OWN_INTERRUPT = 0x13_1000;
    /** What the device's buffer holds when a program starts. */
    static final int BUFFER_IN = 0x13_2000;
    /** Where the device's buffer is shown when a program has ended. */
    static final int BUFFER_OUT = 0x13_3000;

    static final int INTERRUPT_TABLE = 0x14_0000;
    /** One table page for each level 1 to 6; page 0 and 7 are spare. */
    static final int TABLES = 0x15_0000;

    static final int DATA = 0x20_0000;
    /** Nothing answers here. */
    static final long HOLE = 0x4000_0000L;

    static final int OWN_INTERRUPT_DATA = 0xABCD;
    /** One slot less than the device has: it refuses a transfer that ends where its buffer ends. */
    static final int BUFFER_BYTES = 4096 - 16;
    /** Bytes of the device's buffer for each step. */
    static final int SLOT_BYTES = 16;

    static final int SLOTS = BUFFER_BYTES / SLOT_BYTES;

    /** DeviceID of the device that does DMA, 00:06.0. */
    static final int DEVICE = 0x30;

    private static final long DEVICES_FIRST = 0x8000_0000L;
    private static final long DEVICES_END = 0x1_0000_0000L;
    private static final long DATA_MARK = 0xDA7A_0000_0000_0000L;

    private Layout() {}

    static long contentOfData(long address) {
        return DATA_MARK | address;
    }

    static boolean isRam(long address) {
        return address >= FIRST_COMPARED && address < RAM_BYTES;
    }

    /** Firmware, or another device's registers: no program may go there. */
    static boolean isForbidden(long address) {
        return address >= 0 && address < FIRST_COMPARED || address >= DEVICES_FIRST && address < DEVICES_END;
    }
}
