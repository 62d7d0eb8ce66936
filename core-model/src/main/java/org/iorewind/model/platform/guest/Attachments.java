package org.iorewind.model.platform.guest;

import java.util.NavigableMap;
import java.util.TreeMap;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DeviceTableWriter;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.driver.Gcr3Table;
import org.iorewind.model.platform.driver.GuestPageTable;
import org.iorewind.model.platform.driver.HostPageTable;
import org.iorewind.model.platform.driver.IoPageTable;
import org.iorewind.model.platform.driver.IommuDriver;
import org.jspecify.annotations.Nullable;

/** Which device has which domain, and the device table entries that say so. Telling the hardware is its caller's part. */
final class Attachments {
    private static final int FIRST_HOST_LEVELS = 3;
    private static final int PASID_BITS_EACH_LEVEL = 9;

    private final IommuDriver driver;
    private final GuestOptions options;
    private final DomainIds ids;
    private final NavigableMap<Integer, AttachedDevice> devices = new TreeMap<>();

    Attachments(IommuDriver driver, GuestOptions options, DomainIds ids) {
        this.driver = driver;
        this.options = options;
        this.ids = ids;
    }

    @Nullable
    AttachedDevice find(int requester) {
        return devices.get(requester);
    }

    Iterable<AttachedDevice> all() {
        return devices.values();
    }

    /** Whether a device can be attached: {@link Errno#OK}, or why not. */
    int check(int requester, DeviceTraits traits, boolean isTranslated) {
        DeviceTableWriter table = driver.deviceTable();
        if (!table.covers(requester) || !traits.aliases().stream().allMatch(table::covers)) {
            return Errno.NO_DEVICE;
        }
        if (devices.containsKey(requester)) {
            return Errno.BUSY;
        }
        boolean hasTables = options.format() == TableFormat.V1 ? hasHostTables() : hasGuestTables();
        return !isTranslated || hasTables ? Errno.OK : Errno.NOT_SUPPORTED;
    }

    private boolean hasHostTables() {
        return FeatureDescriptor.hostLevels(driver.features()) != 0;
    }

    private boolean hasGuestTables() {
        return driver.has(FeatureDescriptor.GUEST_TRANSLATION)
                && driver.has(FeatureDescriptor.GUEST_IO)
                && options.guestLevels() <= FeatureDescriptor.guestLevels(driver.features());
    }

    /** A domain of its own for a device, with tables of the guest's format; null if no DomainID is left. */
    @Nullable
    DmaDomain newDomain(boolean isTranslated) {
        int id = ids.allocate();
        return id == DomainIds.NONE ? null : new DmaDomain(id, isTranslated ? newTable() : null);
    }

    private IoPageTable newTable() {
        return options.format() == TableFormat.V1
                ? new HostPageTable(
                        driver.port(),
                        FIRST_HOST_LEVELS,
                        FeatureDescriptor.hostLevels(driver.features()),
                        options.pageSizes(),
                        options.emptyTables())
                : new GuestPageTable(driver.port(), options.guestLevels(), options.pageSizes(), options.emptyTables());
    }

    /** Writes the entries of a device that joins a domain; null if no DomainID is left. */
    @Nullable
    AttachedDevice join(int requester, DeviceTraits traits, DmaDomain domain) {
        IoPageTable table = domain.table();
        boolean isFirst = domain.devices().isEmpty();
        int domainId = !domain.isGuestFormat() || isFirst ? domain.id() : ids.allocate();
        if (domainId == DomainIds.NONE) {
            return null;
        }
        Gcr3Table gcr3 = null;
        if (table != null && domain.isGuestFormat()) {
            gcr3 = new Gcr3Table(driver.port(), gcr3Levels(traits));
            gcr3.set(0, table.root());
        }
        AttachedDevice device = new AttachedDevice(requester, traits, domain, domainId, gcr3);
        domain.devices().add(device);
        devices.put(requester, device);
        writeEntries(device);
        return device;
    }

    private int gcr3Levels(DeviceTraits traits) {
        int needed = 1;
        while (needed < FeatureDescriptor.gcr3Levels(driver.features())
                && traits.pasidBits() > needed * PASID_BITS_EACH_LEVEL) {
            needed++;
        }
        return needed;
    }

    /** Writes the entries of a device and of its aliases; their interrupt halves stay. */
    void writeEntries(AttachedDevice device) {
        DeviceEntryImage entry = entry(device);
        for (int requester : device.requesters()) {
            driver.deviceTable()
                    .set(requester, entry.withInterruptsOf(driver.deviceTable().get(requester)));
        }
    }

    private DeviceEntryImage entry(AttachedDevice device) {
        IoPageTable table = device.domain().table();
        Gcr3Table gcr3 = device.gcr3();
        DeviceEntryImage entry;
        if (table == null) {
            entry = DeviceEntryImage.identity(device.domainId());
        } else if (gcr3 == null) {
            entry = DeviceEntryImage.host(device.domainId(), table.root(), table.levels());
        } else {
            entry = DeviceEntryImage.guest(device.domainId(), gcr3.root(), gcr3.levels(), table.levels(), true);
        }
        if (device.traits().hasAts()) {
            entry = entry.withAts();
        }
        boolean hasSwitch = driver.has(FeatureDescriptor.ENHANCED_PPR);
        return device.traits().usesPageRequests() && hasSwitch ? entry.withPageRequests() : entry;
    }

    /** Writes the entries of a device that leaves: nothing passes any more. */
    void leave(AttachedDevice device) {
        for (int requester : device.requesters()) {
            driver.deviceTable()
                    .set(
                            requester,
                            DeviceEntryImage.BLOCKED.withInterruptsOf(
                                    driver.deviceTable().get(requester)));
        }
        devices.remove(device.requester());
        device.domain().devices().remove(device);
    }

    /** Gives back what a device had, once the hardware knows that it left. */
    void forget(AttachedDevice device) {
        Gcr3Table gcr3 = device.gcr3();
        if (gcr3 != null) {
            gcr3.destroy();
        }
        DmaDomain domain = device.domain();
        IoPageTable table = domain.table();
        boolean isLast = domain.devices().isEmpty();
        if (isLast && table != null) {
            table.destroy();
        }
        if (isLast) {
            ids.free(domain.id());
        }
        if (device.domainId() != domain.id()) {
            ids.free(device.domainId());
        }
    }
}
