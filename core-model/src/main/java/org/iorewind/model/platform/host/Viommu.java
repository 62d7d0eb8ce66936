package org.iorewind.model.platform.host;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.virtual.GuestControlDescriptor;
import org.iorewind.model.iommu.virtual.GuestPageDescriptor;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Errno;

/**
 * One guest of a hardware vIOMMU, as the host's driver keeps it: its IDs, devices, DomainIDs, buffers and registers. One belongs
 * to each pair of virtual machine and physical IOMMU, or to each instance if a machine has several there. Results are errno
 * values; what a VMM passes never throws. Not thread-safe.
 *
 * <pre>
 *   guest's DeviceID ──▶ device ──▶ host's DeviceID        device table entry of the host
 *   guest's DomainID ──▶ host's DomainID (counted)             │ nested: guest's GCR3, parent's tables
 *   GuestID ──▶ VF page, VF-control slot, private slots        │ parent: GPA ──▶ SPA
 *   translate DeviceID ──▶ GPA ──▶ SPA                         ▼ blocked
 * </pre>
 */
public final class Viommu {
    private static final int NO_DOMAIN = -1;
    private static final int ID_MASK = 0xFFFF;

    private final HostDriver host;
    private final Identity identity;
    private final GuestSlot slot;
    private final GuestMaps maps;
    private final GuestDomains domains;
    private final GuestBuffers buffers;
    private final GuestRegisterMap registers;
    private final boolean hasGuestRoots;
    private final Map<Integer, Device> devices = new TreeMap<>();
    private final Map<Integer, Long> messages = new TreeMap<>();
    private final VeventQueue events = new VeventQueue();
    private SignalHandler signals = signal -> {};

    /**
     * Who the guest is.
     *
     * @param guestId GuestID
     * @param number of the virtual machine
     * @param translateDevice translate DeviceID
     * @param parent whose tables lead from guest physical to system physical addresses
     */
    record Identity(int guestId, int number, int translateDevice, HostDomain parent) {}

    /** What the parts of a guest are made of. */
    record Parts(
            GuestSlot slot, GuestMaps maps, GuestDomains domains, GuestBuffers buffers, GuestRegisterMap registers) {}

    /** Hears of interrupts for the guest, from inside the call that caused them. */
    public interface SignalHandler {
        /** Hardware raised an interrupt. */
        void raised(GuestSignal signal);
    }

    /**
     * A guest whose tables are set up.
     *
     * @param hasGuestRoots GCR3TRPMode: GCR3 roots are guest physical
     */
    Viommu(HostDriver host, Identity identity, Parts parts, boolean hasGuestRoots) {
        this.host = host;
        this.identity = identity;
        this.slot = parts.slot;
        this.maps = parts.maps;
        this.domains = parts.domains;
        this.buffers = parts.buffers;
        this.registers = parts.registers;
        this.hasGuestRoots = hasGuestRoots;
    }

    /** GuestID. */
    public int guestId() {
        return identity.guestId;
    }

    /** Number of the virtual machine. */
    public int number() {
        return identity.number;
    }

    /** Translate DeviceID. */
    public int translateDevice() {
        return identity.translateDevice;
    }

    /** The nest parent. */
    public HostDomain parent() {
        return identity.parent;
    }

    /** Events for the VMM. */
    public VeventQueue events() {
        return events;
    }

    /** Sets who hears of interrupts for the guest. */
    public void onSignal(SignalHandler handler) {
        signals = handler;
    }

    void signal(GuestSignal signal) {
        signals.raised(signal);
    }

    GuestSlot slot() {
        return slot;
    }

    // Devices

    /**
     * Gives the guest a device, which reaches its memory untranslated at first.
     *
     * @param hostDevice DeviceID of the host
     * @param guestDevice DeviceID of the guest
     * @return {@link Errno#OK}; {@link Errno#INVALID} for IDs that are none; {@link Errno#NO_DEVICE};
     *     {@link Errno#EXISTS} if the guest has a device of this ID
     */
    int attachDevice(int hostDevice, int guestDevice) {
        if ((guestDevice & ~ID_MASK) != 0) {
            return Errno.INVALID;
        }
        if (!host.driver().deviceTable().covers(hostDevice)) {
            return Errno.NO_DEVICE;
        }
        if (devices.containsKey(guestDevice)) {
            return Errno.EXISTS;
        }
        Device device = new Device(hostDevice, guestDevice, host.usesAts(hostDevice));
        devices.put(guestDevice, device);
        maps.setDevice(guestDevice, hostDevice);
        return toParent(device);
    }

    /**
     * Takes a device back: it keeps the guest's memory, and is the guest's no more.
     *
     * @return {@link Errno#OK} or {@link Errno#NO_ENTRY}
     */
    int detachDevice(int guestDevice) {
        Device device = devices.remove(guestDevice);
        if (device == null) {
            return Errno.NO_ENTRY;
        }
        int result = host.attach(device.host, identity.parent, device.hasAts, entry -> device.finish(entry));
        maps.clearDevice(guestDevice);
        leaveDomain(device);
        return result;
    }

    private int toParent(Device device) {
        int result =
                host.attach(device.host, identity.parent, device.hasAts, entry -> owned(device.finish(entry), device));
        leaveDomain(device);
        return result;
    }

    private DeviceEntryImage owned(DeviceEntryImage entry, Device device) {
        return NestedEntry.owned(entry, device.guest, identity.guestId);
    }

    // Domains

    /**
     * Lets a device use a DomainID of the guest's.
     *
     * @return the host's DomainID; {@link Errno#NO_ENTRY} without the device; {@link Errno#BUSY} while it uses another;
     *     {@link Errno#INVALID}; {@link Errno#NO_SPACE}
     */
    int attachDomain(int guestDevice, int guestDomain) {
        Device device = devices.get(guestDevice);
        if (device == null) {
            return Errno.NO_ENTRY;
        }
        if ((guestDomain & ~ID_MASK) != 0) {
            return Errno.INVALID;
        }
        if (device.domain != NO_DOMAIN) {
            return device.domain == guestDomain ? domains.hostDomain(guestDomain) : Errno.BUSY;
        }
        int domain = domains.acquire(guestDomain);
        if (domain >= 0) {
            device.domain = guestDomain;
        }
        return domain;
    }

    /**
     * Ends that; a device that translates by the guest's tables reaches the guest's memory untranslated again.
     *
     * @return {@link Errno#OK} or {@link Errno#NO_ENTRY}
     */
    int detachDomain(int guestDevice, int guestDomain) {
        Device device = devices.get(guestDevice);
        if (device == null || device.domain != guestDomain) {
            return Errno.NO_ENTRY;
        }
        return toParent(device);
    }

    private void leaveDomain(Device device) {
        int domain = device.domain;
        device.domain = NO_DOMAIN;
        if (domain != NO_DOMAIN) {
            domains.release(domain);
        }
    }

    /**
     * Translates a device by the guest's tables on top of the parent's (amd-viommu reference 7.5).
     *
     * @param guestEntry device table entry as the guest wrote it
     * @return {@link Errno#OK}; {@link Errno#NO_ENTRY}; what {@link NestedEntry#check} says; {@link Errno#NO_SPACE}
     */
    int attachNested(int guestDevice, DeviceEntryImage guestEntry) {
        Device device = devices.get(guestDevice);
        if (device == null) {
            return Errno.NO_ENTRY;
        }
        int checked = check(guestEntry);
        if (checked != Errno.OK) {
            return checked;
        }
        int domain = domains.acquire(guestEntry.domain());
        if (domain < 0) {
            return domain;
        }
        DeviceEntryImage merged = hasGuestRoots ? guestEntry : withSystemRoot(guestEntry);
        int result = host.attach(
                device.host,
                identity.parent,
                device.hasAts,
                entry -> owned(device.finish(NestedEntry.merge(merged, entry, domain)), device));
        leaveDomain(device);
        device.domain = guestEntry.domain();
        return result;
    }

    /** Whether a guest's entry can be merged; without GCR3TRPMode its GCR3 table must lie in the guest's memory. */
    int check(DeviceEntryImage guestEntry) {
        int checked = NestedEntry.check(guestEntry, host.driver().features());
        boolean isRootNeeded = checked == Errno.OK && !hasGuestRoots;
        return isRootNeeded && identity.parent.translate(root(guestEntry)) < 0 ? Errno.INVALID : checked;
    }

    private DeviceEntryImage withSystemRoot(DeviceEntryImage guestEntry) {
        return NestedEntry.withRoot(guestEntry, identity.parent.translate(root(guestEntry)));
    }

    private static long root(DeviceEntryImage guestEntry) {
        return DeviceEntryDescriptor.gcr3Root(guestEntry.quadword0(), guestEntry.quadword1());
    }

    /** Lets a device reach the guest's memory untranslated; {@link Errno#NO_ENTRY} without the device. */
    int attachParent(int guestDevice) {
        Device device = devices.get(guestDevice);
        return device == null ? Errno.NO_ENTRY : toParent(device);
    }

    /** Lets nothing of a device pass; {@link Errno#NO_ENTRY} without the device. */
    int attachBlocked(int guestDevice) {
        Device device = devices.get(guestDevice);
        if (device == null) {
            return Errno.NO_ENTRY;
        }
        int result = host.detach(device.host, owned(DeviceEntryImage.BLOCKED, device));
        leaveDomain(device);
        return result;
    }

    // Registers and buffers

    /**
     * Writes a register of the guest's first or third 4 KiB.
     *
     * @return {@link Errno#OK}; {@link Errno#INVALID} for one that the guest does not have; what a buffer's memory says
     */
    int writeRegister(int offset, int sizeBytes, long value) {
        if (isPage(offset)) {
            slot.setPage(offset - RegisterDescriptor.COMMAND_HEAD, sizeBytes, value);
            return Errno.OK;
        }
        if (registers.write(offset, value)) {
            return buffers.baseWritten(offset, value);
        }
        return switch (offset) {
            case RegisterDescriptor.DEVICE_TABLE_BASE -> Errno.OK;
            case RegisterDescriptor.XT_GENERAL_INTERRUPT,
                    RegisterDescriptor.XT_PPR_INTERRUPT,
                    RegisterDescriptor.XT_GUEST_APIC_INTERRUPT -> {
                messages.put(offset, value);
                yield Errno.OK;
            }
            default -> Errno.INVALID;
        };
    }

    /** Reads a register back; 0 where nothing is kept. */
    long readRegister(int offset, int sizeBytes) {
        return isPage(offset)
                ? slot.page(offset - RegisterDescriptor.COMMAND_HEAD, sizeBytes)
                : messages.getOrDefault(offset, 0L) | registers.read(offset);
    }

    private static boolean isPage(int offset) {
        int page = offset - RegisterDescriptor.COMMAND_HEAD;
        return page >= 0 && page < GuestPageDescriptor.BYTES;
    }

    /** Maps the memory of the guest's command ring to its private slot; see {@link GuestBuffers#map}. */
    int mapCommandBuffer(long guestAddress, long bytes) {
        return buffers.mapCommands(guestAddress, bytes);
    }

    // Faults

    /** How the guest knows a device of the host, or {@link Errno#NO_ENTRY}. */
    int guestDevice(int hostDevice) {
        for (Device device : devices.values()) {
            if (device.host == hostDevice) {
                return device.guest;
            }
        }
        return Errno.NO_ENTRY;
    }

    /** How the guest knows a DomainID of the host, 0 if it does not. */
    int guestDomain(int hostDomain) {
        return Math.max(domains.guestDomain(hostDomain), 0);
    }

    /** Whether the guest has its event log on. */
    boolean isEventLogOn() {
        return (slot.control(GuestControlDescriptor.EVENT) & GuestControlDescriptor.ENABLE) != 0;
    }

    /** Writes again what RESET_VMMIO took, the ring last (MC-V52). */
    void restore() {
        slot.restore();
    }

    /** DeviceIDs by which the guest knows its devices. */
    public List<Integer> guestDevices() {
        return List.copyOf(devices.keySet());
    }

    /** DomainID of the host for one of the guest's, or a negative value. */
    public int hostDomain(int guestDomain) {
        return domains.hostDomain(guestDomain);
    }

    /** Disables rings and logs, takes all devices back. */
    void shutDown() {
        slot.disable();
        guestDevices().forEach(this::detachDevice);
        buffers.unmapAll();
    }

    private static final class Device {
        private final int host;
        private final int guest;
        private final boolean hasAts;
        private int domain = NO_DOMAIN;

        private Device(int host, int guest, boolean hasAts) {
            this.host = host;
            this.guest = guest;
            this.hasAts = hasAts;
        }

        private DeviceEntryImage finish(DeviceEntryImage entry) {
            return hasAts ? entry.withAts() : entry;
        }
    }
}
