package org.iorewind.model.platform.host;

import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.driver.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * What the host does about events of guests in its log (talk: cases 1 and 2). Not thread-safe.
 *
 * <pre>
 *   fault of a guest's device ─▶ with the guest's IDs ─┬─▶ queue for the VMM
 *                                                      └─▶ INSERT_GUEST_EVENT, if the guest's log is on
 *   VIOMMU_HARDWARE_ERROR, VNR ─▶ RESET_VMMIO, settings written again
 * </pre>
 *
 * <p>Faults of the parent's tables are handed on like those of the guest's: the guest used memory that it does not have
 * (MC-V55).
 */
final class EventRelay implements HostEventHandler {
    private static final int GUEST_SHIFT = 32;
    private static final long DOMAIN_FIELD = 0xFFFFL << EventDescriptor.DOMAIN_SHIFT;

    private final ViommuDriver driver;

    EventRelay(ViommuDriver driver) {
        this.driver = driver;
    }

    @Override
    public boolean handles(LogEntry entry) {
        long q0 = entry.quadword0();
        int subject = (int) (q0 & EventDescriptor.DEVICE_MASK);
        return switch (EventDescriptor.code(q0)) {
            case EventDescriptor.VIOMMU_HARDWARE_ERROR -> recover(driver.guest(subject));
            case EventDescriptor.GUEST_EVENT_FAULT -> driver.guest((int) (q0 >>> GUEST_SHIFT) & 0xFFFF) != null;
            case EventDescriptor.ILLEGAL_COMMAND_ERROR -> isVirtual(q0) && stopped(q0, driver.guest(subject));
            case EventDescriptor.ILLEGAL_DEV_TABLE_ENTRY,
                    EventDescriptor.IO_PAGE_FAULT,
                    EventDescriptor.DEV_TAB_HARDWARE_ERROR,
                    EventDescriptor.PAGE_TAB_HARDWARE_ERROR,
                    EventDescriptor.INVALID_DEVICE_REQUEST,
                    EventDescriptor.INVALID_PPR_REQUEST ->
                isVirtual(q0) ? stopped(q0, ownerOf(subject)) : handOn(entry, ownerOf(subject));
            default -> false;
        };
    }

    private static boolean isVirtual(long q0) {
        return (q0 & EventDescriptor.VIRTUAL_MASK) != 0;
    }

    private boolean stopped(long q0, @Nullable Viommu guest) {
        boolean isStopped = (q0 & EventDescriptor.FLAG_VNR) != 0;
        return isStopped ? recover(guest) : guest != null;
    }

    private boolean recover(@Nullable Viommu guest) {
        if (guest == null) {
            return false;
        }
        driver.reset(guest.guestId());
        guest.restore();
        return true;
    }

    private @Nullable Viommu ownerOf(int hostDevice) {
        for (Viommu guest : driver.guests()) {
            if (guest.translateDevice() == hostDevice || guest.guestDevice(hostDevice) != Errno.NO_ENTRY) {
                return guest;
            }
        }
        return null;
    }

    private boolean handOn(LogEntry entry, @Nullable Viommu guest) {
        int device = guest == null
                ? Errno.NO_ENTRY
                : guest.guestDevice((int) (entry.quadword0() & EventDescriptor.DEVICE_MASK));
        if (guest == null || device == Errno.NO_ENTRY) {
            return false;
        }
        LogEntry translated = new LogEntry(withGuestIds(entry.quadword0(), device, guest), entry.quadword1());
        guest.events().add(translated);
        if (guest.isEventLogOn()) {
            driver.insert(guest.guestId(), translated);
        }
        return true;
    }

    private static long withGuestIds(long q0, int device, Viommu guest) {
        long named = q0 & ~EventDescriptor.DEVICE_MASK | device;
        int code = EventDescriptor.code(q0);
        boolean hasDomain = code == EventDescriptor.IO_PAGE_FAULT || code == EventDescriptor.PAGE_TAB_HARDWARE_ERROR;
        if (!hasDomain || (EventDescriptor.flags(q0) & EventDescriptor.FLAG_GN) != 0) {
            return named;
        }
        int domain = guest.guestDomain((int) (q0 >>> EventDescriptor.DOMAIN_SHIFT) & 0xFFFF);
        return named & ~DOMAIN_FIELD | (long) domain << EventDescriptor.DOMAIN_SHIFT;
    }
}
