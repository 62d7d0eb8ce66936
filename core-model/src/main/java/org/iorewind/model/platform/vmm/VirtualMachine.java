package org.iorewind.model.platform.vmm;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.ExitCause;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.DeviceEntryImage;

/**
 * A virtual machine: a range of its owner's memory, and what its processors do to it. Its owner is the host, or another
 * virtual machine that runs it.
 *
 * <pre>
 *   guest physical      0 ├──────────────┤ bytes
 *   owner's memory   base ├──────────────┤            (guest physical of the owner)
 *   system memory         ├──────────────┤            (what the bus knows)
 * </pre>
 *
 * <p>What a guest asks of memory that it does not have reads as ones and is not written. Not thread-safe.
 */
public final class VirtualMachine {
    private static final long FIRST_FREE = 0x10_0000;
    private static final int INTERCEPTED_WORDS = 2;

    private final SystemBus bus;
    private final int owner;
    private final int number;
    private final long ownerBase;
    private final long systemBase;
    private final long bytes;
    private final PageAllocator pages;
    private final Map<VirtualIommu, Runnable> handlers = new LinkedHashMap<>();
    private final Set<VirtualIommu> iommus = new LinkedHashSet<>();
    private final Set<VirtualIommu> raised = new LinkedHashSet<>();
    private final Map<VirtualIommu, Watch> watches = new LinkedHashMap<>();
    private long deviceInterrupts;
    private long lastInterruptAddress;
    private int lastInterruptData;

    /**
     * A machine of the host's.
     *
     * @param bus the machine that it runs on
     * @param number of the guest, from 1
     * @param base system physical address of its first byte, a multiple of 4096
     * @param bytes of its memory, a multiple of 4096, more than 1 MiB
     */
    public VirtualMachine(SystemBus bus, int number, long base, long bytes) {
        this(bus, SystemBus.HOST, number, base, base, bytes);
    }

    private VirtualMachine(SystemBus bus, int owner, int number, long ownerBase, long systemBase, long bytes) {
        this.bus = bus;
        this.owner = owner;
        this.number = number;
        this.ownerBase = ownerBase;
        this.systemBase = systemBase;
        this.bytes = bytes;
        this.pages = new PageAllocator(FIRST_FREE, bytes - FIRST_FREE);
    }

    /**
     * A machine that this one runs.
     *
     * @param nestedNumber of the guest, not used by any other
     * @param base guest physical address here of its first byte
     * @param nestedBytes of its memory
     */
    public VirtualMachine nested(int nestedNumber, long base, long nestedBytes) {
        return new VirtualMachine(bus, number, nestedNumber, base, systemBase + base, nestedBytes);
    }

    /** The machine that everything runs on. */
    public SystemBus bus() {
        return bus;
    }

    /** Number of the guest. */
    public int number() {
        return number;
    }

    /** Whose VMM runs it: {@link SystemBus#HOST} or a guest's number. */
    public int owner() {
        return owner;
    }

    /** Where its memory begins, as its owner addresses it. */
    public long ownerBase() {
        return ownerBase;
    }

    /** Where its memory begins in system memory. */
    public long systemBase() {
        return systemBase;
    }

    /** Bytes of its memory. */
    public long bytes() {
        return bytes;
    }

    /** Guest physical memory that its drivers may use. */
    public PageAllocator pages() {
        return pages;
    }

    /** Whether it has this memory. */
    public boolean holds(long address, long count) {
        return address >= 0 && count >= 0 && address <= bytes - count;
    }

    /** A processor of the guest, or the VMM for it, reads a quadword; {@code address} is guest physical. */
    public long load(long address) {
        return holds(address, Long.BYTES) ? bus.load(systemBase + address) : -1;
    }

    /** The VMM reads a device table entry. */
    DeviceEntryImage loadEntry(long address) {
        return new DeviceEntryImage(
                load(address),
                load(address + Long.BYTES),
                load(address + 2 * Long.BYTES),
                load(address + 3 * Long.BYTES));
    }

    /** A processor of the guest writes quadwords; stores to a table that the VMM intercepts exit, 16 bytes each. */
    public void store(MemoryRole role, long address, long... words) {
        if (!holds(address, (long) words.length * Long.BYTES)) {
            return;
        }
        if (!isWatched(address, (long) words.length * Long.BYTES)) {
            bus.store(number, role, systemBase + address, words);
            return;
        }
        for (int i = 0; i < words.length; i += INTERCEPTED_WORDS) {
            long at = address + (long) i * Long.BYTES;
            bus.vmExit(number, ExitCause.TABLE_WRITE, at);
            long[] part = Arrays.copyOfRange(words, i, Math.min(i + INTERCEPTED_WORDS, words.length));
            bus.store(number, role, systemBase + at, part);
            tell(at, (long) part.length * Long.BYTES);
        }
    }

    /** A processor of the guest fills memory with zeros. */
    public void clear(MemoryRole role, long address, long count) {
        if (!holds(address, count)) {
            return;
        }
        boolean isWatched = isWatched(address, count);
        if (isWatched) {
            bus.vmExit(number, ExitCause.TABLE_WRITE, address);
        }
        bus.clear(number, role, systemBase + address, count);
        if (isWatched) {
            tell(address, count);
        }
    }

    private boolean isWatched(long address, long count) {
        return watches.values().stream().anyMatch(watch -> watch.covers(address, count));
    }

    private void tell(long address, long count) {
        for (Watch watch : watches.values()) {
            if (watch.covers(address, count)) {
                watch.watcher.written(address, count);
            }
        }
    }

    /**
     * Intercepts the guest's stores to a range, in place of what was intercepted for the same IOMMU (amd-viommu reference
     * 10.4).
     *
     * @param first guest physical
     * @param count bytes
     */
    void watch(VirtualIommu source, long first, long count, TableWatcher watcher) {
        watches.put(source, new Watch(first, count, watcher));
    }

    /** Runs {@code handler} for the interrupts of an IOMMU. */
    public void onInterrupt(VirtualIommu source, Runnable handler) {
        handlers.put(source, handler);
    }

    /** The VMM gives the guest an interrupt of its IOMMU, which its processor takes later. */
    void inject(VirtualIommu source, GuestSignal signal) {
        bus.note(owner, CallNames.INJECT_INTERRUPT, SystemBus.NO_REQUESTER, signal.ordinal(), 0, 1);
        raised.add(source);
    }

    /** The VMM gives the guest an interrupt of a device. */
    void injectMessage(int requester, long address, int data) {
        bus.note(owner, CallNames.INJECT_INTERRUPT, requester, address, data, 1);
        deviceInterrupts++;
        lastInterruptAddress = address;
        lastInterruptData = data;
    }

    /** Takes an IOMMU of this machine into account. */
    void add(VirtualIommu iommu) {
        iommus.add(iommu);
    }

    /** The guest's processor takes the interrupts that wait: each handler runs once. */
    public void takeInterrupts() {
        iommus.forEach(VirtualIommu::settle);
        List<VirtualIommu> waiting = List.copyOf(raised);
        raised.clear();
        for (VirtualIommu source : waiting) {
            handlers.getOrDefault(source, () -> {}).run();
        }
    }

    /** Whether an interrupt of an IOMMU waits. */
    public boolean isInterruptWaiting() {
        return !raised.isEmpty();
    }

    /** Interrupts of devices that reached the guest. */
    public long deviceInterrupts() {
        return deviceInterrupts;
    }

    /** Address of the last interrupt of a device, as the guest's interrupt controller sees it. */
    public long lastInterruptAddress() {
        return lastInterruptAddress;
    }

    /** Data of the last interrupt of a device. */
    public int lastInterruptData() {
        return lastInterruptData;
    }

    private record Watch(long first, long bytes, TableWatcher watcher) {
        boolean covers(long address, long count) {
            return address < first + bytes && address + count > first;
        }
    }
}
