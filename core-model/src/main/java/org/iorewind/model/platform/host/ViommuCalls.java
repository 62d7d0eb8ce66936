package org.iorewind.model.platform.host;

import java.util.function.IntSupplier;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Errno;

/**
 * The control calls of the talk, as its VMM makes them on {@code /dev/amd-viommu} (amd-viommu reference 7.4): typed, marked, with
 * errno results. Nothing that a VMM passes throws. Not thread-safe.
 */
public final class ViommuCalls {
    private static final String HWPT_ALLOC = CallNames.IOMMUFD_PREFIX + "HWPT_ALLOC";
    private static final String HWPT_ATTACH = CallNames.IOMMUFD_PREFIX + "HWPT_ATTACH";
    private static final int READ = 0;
    private static final int WRITE = 1;

    private final ViommuDriver driver;
    private long value;

    /** The calls of a driver. */
    public ViommuCalls(ViommuDriver driver) {
        this.driver = driver;
    }

    /** The driver. */
    public ViommuDriver driver() {
        return driver;
    }

    /**
     * VIOMMU_VM_INIT.
     *
     * @param number of the virtual machine, which is its GuestID if that is free
     * @param parent whose tables lead from guest physical to system physical addresses
     * @return the GuestID; {@link Errno#NO_DEVICE} without vIOMMU; {@link Errno#NO_SPACE}
     */
    public int vmInit(int number, HostDomain parent) {
        int guestId = driver.reserveGuestId(number);
        int result = mark(
                CallNames.VM_INIT,
                SystemBus.NO_REQUESTER,
                0,
                0,
                Math.max(guestId, 0),
                () -> guestId < 0 ? guestId : driver.create(guestId, number, parent));
        if (result != Errno.OK && guestId >= 0) {
            driver.giveBack(guestId);
        }
        return result == Errno.OK ? guestId : result;
    }

    /** VIOMMU_VM_DESTROY: {@link Errno#OK} or {@link Errno#NO_ENTRY}. */
    public int vmDestroy(int guestId) {
        return mark(CallNames.VM_DESTROY, SystemBus.NO_REQUESTER, 0, 0, guestId, () -> driver.destroy(guestId));
    }

    /** VIOMMU_DEVICE_ATTACH; see {@link Viommu#attachDevice}. A device of another guest is {@link Errno#BUSY}. */
    public int deviceAttach(int guestId, int hostDevice, int guestDevice) {
        return mark(CallNames.DEVICE_ATTACH, hostDevice, guestDevice, 0, guestId, () -> {
            boolean isTaken =
                    driver.guests().stream().anyMatch(guest -> guest.guestDevice(hostDevice) != Errno.NO_ENTRY);
            Viommu guest = driver.guest(guestId);
            if (guest == null) {
                return Errno.NO_ENTRY;
            }
            return isTaken ? Errno.BUSY : guest.attachDevice(hostDevice, guestDevice);
        });
    }

    /** VIOMMU_DEVICE_DETACH; see {@link Viommu#detachDevice}. */
    public int deviceDetach(int guestId, int guestDevice) {
        return mark(CallNames.DEVICE_DETACH, SystemBus.NO_REQUESTER, guestDevice, 0, guestId, () -> {
            Viommu guest = driver.guest(guestId);
            return guest == null ? Errno.NO_ENTRY : guest.detachDevice(guestDevice);
        });
    }

    /** VIOMMU_DOMAIN_ATTACH; {@link Errno#OK} or what {@link Viommu#attachDomain} says. */
    public int domainAttach(int guestId, int guestDevice, int guestDomain) {
        return mark(CallNames.DOMAIN_ATTACH, SystemBus.NO_REQUESTER, guestDomain, 0, guestId, () -> {
            Viommu guest = driver.guest(guestId);
            return guest == null ? Errno.NO_ENTRY : Math.min(guest.attachDomain(guestDevice, guestDomain), Errno.OK);
        });
    }

    /** VIOMMU_DOMAIN_DETACH; see {@link Viommu#detachDomain}. */
    public int domainDetach(int guestId, int guestDevice, int guestDomain) {
        return mark(CallNames.DOMAIN_DETACH, SystemBus.NO_REQUESTER, guestDomain, 0, guestId, () -> {
            Viommu guest = driver.guest(guestId);
            return guest == null ? Errno.NO_ENTRY : guest.detachDomain(guestDevice, guestDomain);
        });
    }

    /** VIOMMU_MMIO_ACCESS that writes; see {@link Viommu#writeRegister}. */
    public int mmioWrite(int guestId, int offset, int sizeBytes, long newValue) {
        return mark(CallNames.MMIO_ACCESS, SystemBus.NO_REQUESTER, offset, newValue, WRITE, () -> {
            Viommu guest = driver.guest(guestId);
            return guest == null ? Errno.NO_ENTRY : guest.writeRegister(offset, sizeBytes, newValue);
        });
    }

    /** VIOMMU_MMIO_ACCESS that reads: {@link Errno#OK}, then {@link #value} holds what was read; or {@link Errno#NO_ENTRY}. */
    public int mmioRead(int guestId, int offset, int sizeBytes) {
        return mark(CallNames.MMIO_ACCESS, SystemBus.NO_REQUESTER, offset, 0, READ, () -> {
            Viommu guest = driver.guest(guestId);
            value = guest == null ? 0 : guest.readRegister(offset, sizeBytes);
            return guest == null ? Errno.NO_ENTRY : Errno.OK;
        });
    }

    /** What the last {@link #mmioRead} got. */
    public long value() {
        return value;
    }

    /** VIOMMU_CMDBUF_MAP_UPDATE; see {@link Viommu#mapCommandBuffer}. */
    public int commandBufferUpdate(int guestId, long guestAddress, long bytes) {
        return mark(CallNames.CMDBUF_MAP_UPDATE, SystemBus.NO_REQUESTER, guestAddress, 0, bytes, () -> {
            Viommu guest = driver.guest(guestId);
            return guest == null ? Errno.NO_ENTRY : guest.mapCommandBuffer(guestAddress, bytes);
        });
    }

    // What the calls of 2020 left to iommufd

    /**
     * Allocates and attaches a nested domain: the guest's tables on top of the parent's. A DomainID that no device of the guest uses
     * yet is mapped first, by VIOMMU_DOMAIN_ATTACH.
     *
     * @return {@link Errno#OK}, or what {@link Viommu#attachNested} says
     */
    public int attachNested(int guestId, int guestDevice, DeviceEntryImage guestEntry) {
        int checked = mark(HWPT_ALLOC, SystemBus.NO_REQUESTER, guestDevice, 0, 0, () -> {
            Viommu guest = driver.guest(guestId);
            return guest == null ? Errno.NO_ENTRY : guest.check(guestEntry);
        });
        if (checked != Errno.OK) {
            return checked;
        }
        int mapped = domainAttach(guestId, guestDevice, guestEntry.domain());
        if (mapped != Errno.OK && mapped != Errno.BUSY) {
            return mapped;
        }
        return mark(HWPT_ATTACH, SystemBus.NO_REQUESTER, guestDevice, 0, 0, () -> {
            Viommu guest = driver.guest(guestId);
            return guest == null ? Errno.NO_ENTRY : guest.attachNested(guestDevice, guestEntry);
        });
    }

    /** Attaches the nest parent: the device reaches the guest's memory untranslated. */
    public int attachParent(int guestId, int guestDevice) {
        return mark(HWPT_ATTACH, SystemBus.NO_REQUESTER, guestDevice, 0, 0, () -> {
            Viommu guest = driver.guest(guestId);
            return guest == null ? Errno.NO_ENTRY : guest.attachParent(guestDevice);
        });
    }

    /** Attaches a domain that lets nothing pass. */
    public int attachBlocked(int guestId, int guestDevice) {
        return mark(HWPT_ATTACH, SystemBus.NO_REQUESTER, guestDevice, 0, 0, () -> {
            Viommu guest = driver.guest(guestId);
            return guest == null ? Errno.NO_ENTRY : guest.attachBlocked(guestDevice);
        });
    }

    private int mark(String call, int requester, long iova, long physical, long size, IntSupplier body) {
        SystemBus bus = driver.bus();
        bus.enter(SystemBus.HOST, call, requester, iova, physical, size);
        int result = body.getAsInt();
        bus.leave(SystemBus.HOST, call, result);
        return result;
    }
}
