package org.iorewind.model.platform.host;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.virtual.GuestControlDescriptor;
import org.iorewind.model.iommu.virtual.PrivateSpaceDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.driver.IommuDriver;
import org.iorewind.model.platform.driver.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * The host's driver of hardware vIOMMU, for one physical IOMMU: brings it up (amd-viommu reference 7.1), makes and ends guests
 * (7.2). Not thread-safe.
 */
public final class ViommuDriver {
    private static final int CAPABILITY_POINTER = 0x34;
    private static final int CAPABILITY_ID = 0x09;
    private static final int MOST_CAPABILITIES = 48;
    private static final int BAR_PAGE = 0x08;
    private static final int BAR_CONTROL = 0x10;
    private static final long REGISTER_BACKING_BYTES = 4L << 20;
    private static final long DIRTY_STATUS_BYTES = 8L << 10;
    private static final int LAST_TRANSLATE_DEVICE = 0xFFFE;
    private static final int TRANSLATE_SHIFT = 16;

    private final SystemBus bus;
    private final int iommu;
    private final HostDriver host;
    private final ViommuOptions options;
    private final GuestIds guestIds = new GuestIds();
    private final TreeSet<Integer> translateDevices = new TreeSet<>();
    private final TreeMap<Integer, Made> guests = new TreeMap<>();
    private @Nullable PrivateSpace space;
    private boolean areBuffersFixed;
    private boolean hasGuestRoots;
    private String complaint = "";

    /** A driver that has done nothing yet, of an IOMMU that {@code host} has. */
    public ViommuDriver(SystemBus bus, int iommu, HostDriver host, ViommuOptions options) {
        this.bus = bus;
        this.iommu = iommu;
        this.host = host;
        this.options = options;
    }

    // Boot

    /**
     * Turns hardware vIOMMU on, marked with {@link CallNames#BOOT}; {@code host} must have booted.
     *
     * @return {@link Errno#OK}; {@link Errno#NO_DEVICE} without the feature; {@link Errno#NOT_SUPPORTED} without what it needs;
     *     {@link Errno#INVALID} if firmware has not enabled the BARs; {@link Errno#NO_SPACE} without a DomainID
     */
    public int boot() {
        host.port().enter(CallNames.BOOT, SystemBus.NO_REQUESTER, 0, 0, 0);
        int result = turnOn();
        host.port().leave(CallNames.BOOT, result);
        return result;
    }

    private int turnOn() {
        // 1. The feature.
        if (!host.driver().has(FeatureDescriptor.VIOMMU)) {
            return refuse(Errno.NO_DEVICE, "the IOMMU has no vIOMMU");
        }
        // 2. What it needs.
        boolean hasTables = host.driver().has(FeatureDescriptor.GUEST_TRANSLATION);
        if (!hasTables || (host.driver().control().read() & ControlDescriptor.GA_EN) == 0) {
            return refuse(Errno.NOT_SUPPORTED, "guest translation and 128-bit interrupt entries are needed");
        }
        // 3. Both BARs. 4. They are the bus's to map.
        int capability = findCapability();
        if (capability == 0) {
            return refuse(Errno.NO_DEVICE, "the IOMMU has no vendor-specific capability");
        }
        if (!isBarEnabled(capability + BAR_PAGE) || !isBarEnabled(capability + BAR_CONTROL)) {
            return refuse(Errno.INVALID, "firmware bug: the VF or VF-control BAR is not enabled");
        }
        // 5. The private domain.
        int domain = host.domainIds().allocate();
        if (domain == DomainIds.NONE) {
            return refuse(Errno.NO_SPACE, "no DomainID is left");
        }
        PrivateSpace made = new PrivateSpace(host.driver(), options.device(), domain);
        // 6. Fixed regions.
        made.allocate(PrivateSpaceDescriptor.REGISTERS, REGISTER_BACKING_BYTES);
        made.allocate(PrivateSpaceDescriptor.DIRTY_STATUS, DIRTY_STATUS_BYTES);
        // 7. No extended interrupt table: interrupts for guests are handed over by signals. 8. The IOMMU's own entry.
        if (!made.install()) {
            return refuse(Errno.TIMED_OUT, "the IOMMU takes no commands");
        }
        // 9. to 11. Modes, then guest commands, then everything.
        return enable(made);
    }

    private int enable(PrivateSpace made) {
        IommuDriver driver = host.driver();
        driver.control().set(ControlDescriptor.GUEST_BUFFER_TRP_MODE);
        areBuffersFixed = (driver.control().read() & ControlDescriptor.GUEST_BUFFER_TRP_MODE) == 0;
        if (areBuffersFixed && !options.takesFixedBuffers()) {
            return refuse(Errno.NOT_SUPPORTED, "GstBufferTRPMode is needed");
        }
        hasGuestRoots = (driver.features2() & FeatureDescriptor.GCR3_TRP_MODE) != 0;
        if (hasGuestRoots) {
            driver.control().set(ControlDescriptor.GCR3_TRP_MODE);
        }
        driver.control().set(ControlDescriptor.V_CMD_EN);
        driver.control().set(ControlDescriptor.VIOMMU_EN);
        space = made;
        bus.listen(iommu, new Signals());
        host.onEvent(new EventRelay(this));
        return Errno.OK;
    }

    private int refuse(int result, String why) {
        complaint = why;
        return result;
    }

    /** Why {@link #boot} refused, or nothing. */
    public String complaint() {
        return complaint;
    }

    private int findCapability() {
        int at = (int) configuration(CAPABILITY_POINTER) & 0xFC;
        for (int i = 0; i < MOST_CAPABILITIES && at != 0; i++) {
            int header = (int) configuration(at);
            if ((header & 0xFF) == CAPABILITY_ID) {
                return at;
            }
            at = header >>> Byte.SIZE & 0xFC;
        }
        return 0;
    }

    private boolean isBarEnabled(int offset) {
        return (configuration(offset) & 1) != 0;
    }

    private long configuration(int offset) {
        return bus.readRegister(SystemBus.HOST, iommu, RegisterSpace.PCI_CONFIG, offset, Integer.BYTES);
    }

    /** Whether it is on. */
    public boolean isOn() {
        return space != null;
    }

    /** Whether guests' buffers stand at fixed private addresses (GstBufferTRPMode=0). */
    public boolean areBuffersFixed() {
        return areBuffersFixed;
    }

    /** Number of the physical IOMMU. */
    public int iommu() {
        return iommu;
    }

    /** The driver below. */
    public HostDriver host() {
        return host;
    }

    /** The machine. */
    SystemBus bus() {
        return bus;
    }

    // Guests

    /** GuestID for a virtual machine, or {@link Errno#NO_SPACE}; {@link #create} or {@link #giveBack} follows. */
    int reserveGuestId(int number) {
        int guestId = guestIds.allocate(number);
        return guestId == GuestIds.NONE ? Errno.NO_SPACE : guestId;
    }

    void giveBack(int guestId) {
        guestIds.free(guestId);
    }

    /**
     * Makes a guest (amd-viommu reference 7.2).
     *
     * @param guestId reserved
     * @param number of the virtual machine
     * @param parent whose tables lead from guest physical to system physical addresses
     * @return {@link Errno#OK}; {@link Errno#NO_DEVICE} while vIOMMU is off; {@link Errno#NO_SPACE} without a translate DeviceID
     */
    int create(int guestId, int number, HostDomain parent) {
        if (space == null) {
            return Errno.NO_DEVICE;
        }
        // 1. and 2. The GuestID; the VF page is the bus's to map. 3. A DeviceID that nobody has.
        int translate = freeTranslateDevice();
        if (translate < 0) {
            return translate;
        }
        translateDevices.add(translate);
        // 4. Registers.
        reset(guestId);
        // 5. The translate device.
        host.attach(translate, parent, false, UnaryOperator.identity());
        // 6. Tell the hardware.
        GuestSlot slot = new GuestSlot(bus, iommu, guestId);
        slot.setControl(GuestControlDescriptor.MISCELLANEOUS, (long) translate << TRANSLATE_SHIFT);
        // 7. ID maps.
        long deviceMap = PrivateSpaceDescriptor.deviceEntry(guestId, 0);
        long domainMap = PrivateSpaceDescriptor.domainEntry(guestId, 0);
        long devices = space.allocate(deviceMap, PrivateSpaceDescriptor.DEVICE_MAP_STRIDE);
        long domains = space.allocate(domainMap, PrivateSpaceDescriptor.SLOT_STRIDE);
        // 8. Their entries. 9. Dirty status is the hardware's: nothing to clear.
        GuestMaps maps = new GuestMaps(slot, options.idMaps(), parent.id());
        maps.initialise();
        Viommu.Parts parts = new Viommu.Parts(
                slot,
                maps,
                new GuestDomains(host.domainIds(), host.driver().commands(), parent, maps),
                new GuestBuffers(space, host.port(), guestId, parent, areBuffersFixed),
                new GuestRegisterMap(slot, !areBuffersFixed));
        Viommu.Identity identity = new Viommu.Identity(guestId, number, translate, parent);
        guests.put(guestId, new Made(new Viommu(host, identity, parts, hasGuestRoots), space, devices, domains));
        return Errno.OK;
    }

    /** The highest DeviceID in the upper half of the device table that nobody has (MC-V54). */
    private int freeTranslateDevice() {
        int devices = host.options().driver().devices();
        for (int device = Math.min(devices - 1, LAST_TRANSLATE_DEVICE); device >= devices / 2; device--) {
            if (!translateDevices.contains(device) && host.domainOf(device) == null) {
                return device;
            }
        }
        return Errno.NO_SPACE;
    }

    /**
     * Ends a guest: the reverse of {@link #create}.
     *
     * @return {@link Errno#OK} or {@link Errno#NO_ENTRY}
     */
    int destroy(int guestId) {
        Made made = guests.remove(guestId);
        if (made == null) {
            return Errno.NO_ENTRY;
        }
        Viommu guest = made.guest;
        guest.shutDown();
        made.space.free(
                PrivateSpaceDescriptor.deviceEntry(guestId, 0), made.devices, PrivateSpaceDescriptor.DEVICE_MAP_STRIDE);
        made.space.free(
                PrivateSpaceDescriptor.domainEntry(guestId, 0), made.domains, PrivateSpaceDescriptor.SLOT_STRIDE);
        guest.slot().setControl(GuestControlDescriptor.MISCELLANEOUS, 0);
        host.detach(guest.translateDevice());
        translateDevices.remove(guest.translateDevice());
        guestIds.free(guestId);
        return Errno.OK;
    }

    /** Starts a guest's registers anew: RESET_VMMIO with all and vCmd, and a wait. */
    void reset(int guestId) {
        host.driver().commands().push(GuestCommands.reset(guestId));
        host.driver().commands().complete();
    }

    /** Puts an event into a guest's log. */
    void insert(int guestId, LogEntry event) {
        host.driver()
                .commands()
                .push(GuestCommands.insertEvent(guestId), new Command(event.quadword0(), event.quadword1()));
        host.driver().commands().complete();
    }

    /** A guest by its GuestID. */
    public @Nullable Viommu guest(int guestId) {
        Made made = guests.get(guestId);
        return made == null ? null : made.guest;
    }

    /** All guests, by GuestID. */
    public List<Viommu> guests() {
        return guests.values().stream().map(Made::guest).toList();
    }

    /** Where a private address leads, or -1. */
    public long privateAddress(long address) {
        return space == null ? -1 : space.translate(address);
    }

    /** A guest, and the memory of its ID maps. */
    private record Made(Viommu guest, PrivateSpace space, long devices, long domains) {}

    private final class Signals implements EffectSink {
        @Override
        public void guestInterrupt(int guestId, GuestSignal signal) {
            Viommu guest = guest(guestId);
            if (guest != null) {
                guest.signal(signal);
            }
        }
    }
}
