package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;

/**
 * The software side of the device table, in one segment (reference 2.1). Telling the hardware of a change is its caller's
 * part. Not thread-safe.
 */
public final class DeviceTableWriter {
    private static final int PAGE_BYTES = 4096;
    /** GV, IR and IW: an entry without them lets nothing pass. */
    private static final long GRANTS = DeviceEntryDescriptor.GV | 3L << DeviceEntryDescriptor.RIGHTS_SHIFT;

    private static final int PAGE_WORDS = PAGE_BYTES / Long.BYTES;

    private final DriverPort port;
    private final int devices;
    private final EntryStores stores;
    private long base;

    /**
     * A table without memory.
     *
     * @param port the machine
     * @param devices how many DeviceIDs it has, 128 to 65536, a multiple of 128
     * @param stores how entries are written
     */
    public DeviceTableWriter(DriverPort port, int devices, EntryStores stores) {
        this.port = port;
        this.devices = devices;
        this.stores = stores;
    }

    /** Takes memory for the table, fills it, and tells the hardware. */
    public void setUp(DeviceEntryImage content) {
        base = port.allocate(bytes(), PAGE_BYTES);
        fill(content);
        port.writeRegister(
                RegisterDescriptor.DEVICE_TABLE_BASE,
                Long.BYTES,
                base | devices / RegisterDescriptor.DEVICE_ENTRIES_PER_PAGE - 1);
    }

    private void fill(DeviceEntryImage content) {
        if (content.equals(DeviceEntryImage.OPEN)) {
            port.clear(MemoryRole.DEVICE_TABLE, base, bytes());
            return;
        }
        long[] page = new long[PAGE_WORDS];
        for (int word = 0; word < PAGE_WORDS; word += DeviceEntryDescriptor.QUADWORDS) {
            page[word] = content.quadword0();
            page[word + 1] = content.quadword1();
            page[word + 2] = content.quadword2();
            page[word + 3] = content.quadword3();
        }
        for (long done = 0; done < bytes(); done += PAGE_BYTES) {
            port.store(MemoryRole.DEVICE_TABLE, base + done, page);
        }
    }

    /** Whether the table reaches as far as a DeviceID. */
    public boolean covers(int requester) {
        return requester >= 0 && requester < devices;
    }

    /** Writes the entry of a DeviceID that the table covers. */
    public void set(int requester, DeviceEntryImage entry) {
        long at = address(requester);
        switch (stores) {
            case WHOLE ->
                port.store(
                        MemoryRole.DEVICE_TABLE,
                        at,
                        entry.quadword0(),
                        entry.quadword1(),
                        entry.quadword2(),
                        entry.quadword3());
            case HALVES -> setHalves(at, entry);
            default -> {
                port.store(MemoryRole.DEVICE_TABLE, at, entry.quadword0());
                port.store(MemoryRole.DEVICE_TABLE, at + Long.BYTES, entry.quadword1());
                port.store(MemoryRole.DEVICE_TABLE, at + 2 * Long.BYTES, entry.quadword2());
                port.store(MemoryRole.DEVICE_TABLE, at + 3 * Long.BYTES, entry.quadword3());
            }
        }
    }

    private void setHalves(long at, DeviceEntryImage entry) {
        boolean tearsDown = (entry.quadword0() & GRANTS) == 0;
        if (tearsDown) {
            port.store(MemoryRole.DEVICE_TABLE, at, entry.quadword0(), entry.quadword1());
        }
        port.store(MemoryRole.DEVICE_TABLE, at + 2 * Long.BYTES, entry.quadword2(), entry.quadword3());
        if (!tearsDown) {
            port.store(MemoryRole.DEVICE_TABLE, at, entry.quadword0(), entry.quadword1());
        }
    }

    /** The entry of a DeviceID that the table covers. */
    public DeviceEntryImage get(int requester) {
        long at = address(requester);
        return new DeviceEntryImage(
                port.load(at),
                port.load(at + Long.BYTES),
                port.load(at + 2 * Long.BYTES),
                port.load(at + 3 * Long.BYTES));
    }

    /** Address of the entry of a DeviceID. */
    public long address(int requester) {
        return base + (long) requester * DeviceEntryDescriptor.BYTES;
    }

    /** Address of the table. */
    public long base() {
        return base;
    }

    /** Bytes of the table. */
    public long bytes() {
        return (long) devices * DeviceEntryDescriptor.BYTES;
    }
}
