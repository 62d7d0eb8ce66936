package org.iorewind.model.platform.guest;

import java.util.BitSet;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.iorewind.model.iommu.interrupt.InterruptEntryDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.driver.IommuDriver;

/**
 * Interrupt remapping tables, one for each device (reference 8): of 32-bit entries, or of 128-bit ones where the hardware has
 * them and the options want them. Every change is invalidated and waited for, as Linux does. Not thread-safe.
 */
public final class InterruptTables {
    private static final int LENGTH_CODE = 9;
    private static final int ENTRIES = 1 << LENGTH_CODE;
    private static final int PAGE_BYTES = 4096;
    private static final long MESSAGE_ADDRESS = 0xFEE0_0000L;

    private record Table(long address, BitSet used) {}

    private final IommuDriver driver;
    private final Invalidator invalidator;
    private final NavigableMap<Integer, Table> tables = new TreeMap<>();

    InterruptTables(IommuDriver driver, Invalidator invalidator) {
        this.driver = driver;
        this.invalidator = invalidator;
    }

    /**
     * Gives a device a table of 512 entries that let nothing pass.
     *
     * @return {@link Errno#OK}; {@link Errno#NO_DEVICE} beyond the device table; {@link Errno#EXISTS}; {@link Errno#TIMED_OUT}
     */
    public int setUp(int requester) {
        if (!driver.deviceTable().covers(requester)) {
            return Errno.NO_DEVICE;
        }
        if (tables.containsKey(requester)) {
            return Errno.EXISTS;
        }
        port().enter(CallNames.INTERRUPT_SET_UP, requester, 0, 0, ENTRIES);
        long bytes = (long) ENTRIES * entryBytes();
        long address = port().allocate(bytes, PAGE_BYTES);
        port().clear(MemoryRole.INTERRUPT_TABLE, address, bytes);
        tables.put(requester, new Table(address, new BitSet()));
        DeviceEntryImage interrupts = DeviceEntryImage.OPEN.withInterrupts(address, LENGTH_CODE);
        driver.deviceTable().set(requester, driver.deviceTable().get(requester).withInterruptsOf(interrupts));
        driver.commands().push(Command.invalidateDeviceEntry(requester));
        int result = invalidate(requester);
        port().leave(CallNames.INTERRUPT_SET_UP, result);
        return result;
    }

    /**
     * Gives a device an interrupt: the lowest free entry.
     *
     * @param vector 0 to 255
     * @param destination APIC, 8 bits, or 32 with 128-bit entries
     * @return its index, {@link Errno#NO_DEVICE} without a table, {@link Errno#NO_SPACE}, or {@link Errno#TIMED_OUT}
     */
    public int allocate(int requester, int vector, int destination) {
        Table table = tables.get(requester);
        if (table == null) {
            return Errno.NO_DEVICE;
        }
        int index = table.used().nextClearBit(0);
        if (index == ENTRIES) {
            return Errno.NO_SPACE;
        }
        table.used().set(index);
        int result = retarget(requester, index, vector, destination);
        return result == Errno.OK ? index : result;
    }

    /**
     * Sends an interrupt elsewhere from now on.
     *
     * @return {@link Errno#OK}, {@link Errno#NO_ENTRY} if there is no such interrupt, or {@link Errno#TIMED_OUT}
     */
    public int retarget(int requester, int index, int vector, int destination) {
        return change(requester, index, vector, destination, InterruptEntryDescriptor.REMAP_EN);
    }

    /**
     * Takes an interrupt away.
     *
     * @return {@link Errno#OK}, {@link Errno#NO_ENTRY} if there is no such interrupt, or {@link Errno#TIMED_OUT}
     */
    public int release(int requester, int index) {
        Table table = tables.get(requester);
        int result = change(requester, index, 0, 0, 0);
        if (table != null && result == Errno.OK) {
            table.used().clear(index);
        }
        return result;
    }

    /** What the device is to write for the interrupt of an index. */
    public static InterruptMessage message(int index) {
        return new InterruptMessage(MESSAGE_ADDRESS, index);
    }

    private int change(int requester, int index, int vector, int destination, long enabled) {
        Table table = tables.get(requester);
        if (table == null || !table.used().get(index)) {
            return Errno.NO_ENTRY;
        }
        port().enter(CallNames.INTERRUPT_SET_UP, requester, 0, 0, index);
        if (driver.hasLongInterruptEntries()) {
            long mask = enabled == 0 ? 0 : -1;
            port().store(
                            MemoryRole.INTERRUPT_TABLE,
                            table.address() + (long) index * InterruptEntryDescriptor.LONG_BYTES,
                            InterruptEntryDescriptor.longEntryLow(destination) & mask,
                            InterruptEntryDescriptor.longEntryHigh(vector, destination) & mask);
        } else {
            storeShort(
                    table.address() + (long) index * InterruptEntryDescriptor.SHORT_BYTES,
                    enabled == 0 ? 0 : InterruptEntryDescriptor.shortEntry(vector, destination));
        }
        int result = invalidate(requester);
        port().leave(CallNames.INTERRUPT_SET_UP, result);
        return result;
    }

    /** An entry is half a quadword; the other half stays. */
    private void storeShort(long address, long entry) {
        long quadword = address & -Long.BYTES;
        int shift = (int) (address - quadword) * Byte.SIZE;
        long others = port().load(quadword) & ~(0xFFFF_FFFFL << shift);
        port().store(MemoryRole.INTERRUPT_TABLE, quadword, others | entry << shift);
    }

    private int invalidate(int requester) {
        driver.commands().push(Command.invalidateInterruptTable(requester));
        return invalidator.complete();
    }

    private int entryBytes() {
        return driver.hasLongInterruptEntries()
                ? InterruptEntryDescriptor.LONG_BYTES
                : InterruptEntryDescriptor.SHORT_BYTES;
    }

    private DriverPort port() {
        return driver.port();
    }
}
