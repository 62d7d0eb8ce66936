package org.iorewind.model.platform.host;

import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Errno;

/**
 * What becomes of a device table entry that a guest wrote (amd-viommu reference 1.6, 7.5): the host keeps Mode, host root,
 * DomainID and interrupts, the guest adds PPR, GLX, GIoV, GCR3 root and GuestPagingMode.
 */
public final class NestedEntry {
    private static final long FROM_GUEST_0 =
            DeviceEntryDescriptor.PPR | DeviceEntryDescriptor.GIOV | DeviceEntryDescriptor.GUEST_MASK_0;
    private static final long MODE = (long) DeviceEntryDescriptor.MODE_MASK << DeviceEntryDescriptor.MODE_SHIFT;
    private static final long GUEST_PAGING = 3L << DeviceEntryDescriptor.GUEST_PAGING_SHIFT;
    private static final int FOUR_LEVELS = 4;
    private static final int RESERVED_GLX = 3;

    private NestedEntry() {}

    /**
     * Whether a guest's entry can be merged.
     *
     * @param guest as the guest wrote it
     * @param features EFR of the physical IOMMU
     * @return {@link Errno#OK}, {@link Errno#INVALID} or {@link Errno#NOT_SUPPORTED}
     */
    public static int check(DeviceEntryImage guest, long features) {
        // 1. Tables of format v1 are the host's own.
        if ((guest.quadword0() & (MODE | DeviceEntryDescriptor.ROOT_MASK)) != 0) {
            return Errno.INVALID;
        }
        // 2. A GCR3 root of 0 is none.
        long both = DeviceEntryDescriptor.V | DeviceEntryDescriptor.GV;
        boolean isNested = (guest.quadword0() & both) == both;
        if (isNested && DeviceEntryDescriptor.gcr3Root(guest.quadword0(), guest.quadword1()) == 0) {
            return Errno.INVALID;
        }
        // 3. Levels of guest tables.
        int paging = (int) (guest.quadword2() >>> DeviceEntryDescriptor.GUEST_PAGING_SHIFT) & 3;
        if (paging > 1) {
            return Errno.INVALID;
        }
        if (FOUR_LEVELS + paging > FeatureDescriptor.guestLevels(features)) {
            return Errno.NOT_SUPPORTED;
        }
        // 4. Levels of the GCR3 table.
        int glx = (int) (guest.quadword0() >>> DeviceEntryDescriptor.GLX_SHIFT) & 3;
        if (glx == RESERVED_GLX) {
            return Errno.INVALID;
        }
        return glx < FeatureDescriptor.gcr3Levels(features) ? Errno.OK : Errno.NOT_SUPPORTED;
    }

    /**
     * The entry that hardware gets.
     *
     * @param guest as the guest wrote it, checked
     * @param parent entry that leads to the nest parent's tables
     * @param domain of the host, for the guest's
     */
    public static DeviceEntryImage merge(DeviceEntryImage guest, DeviceEntryImage parent, int domain) {
        return new DeviceEntryImage(
                parent.quadword0() | guest.quadword0() & FROM_GUEST_0 | DeviceEntryDescriptor.GV,
                parent.quadword1() & ~DeviceEntryDescriptor.DOMAIN_MASK
                        | guest.quadword1() & DeviceEntryDescriptor.GUEST_MASK_1
                        | domain,
                parent.quadword2() | guest.quadword2() & GUEST_PAGING,
                parent.quadword3());
    }

    /** A guest's entry with another GCR3 root, a multiple of 4096. */
    static DeviceEntryImage withRoot(DeviceEntryImage guest, long root) {
        long pieces0 = DeviceEntryDescriptor.gcr3InQuadword0(-1);
        return new DeviceEntryImage(
                guest.quadword0() & ~pieces0 | DeviceEntryDescriptor.gcr3InQuadword0(root),
                guest.quadword1() & ~DeviceEntryDescriptor.GUEST_MASK_1 | DeviceEntryDescriptor.gcr3InQuadword1(root),
                guest.quadword2(),
                guest.quadword3());
    }

    /** The same entry for a device that belongs to a guest (vImuEn, GDeviceID, GuestID). */
    public static DeviceEntryImage owned(DeviceEntryImage entry, int guestDevice, int guestId) {
        return entry.or(
                3,
                DeviceEntryDescriptor.VIRTUAL
                        | (guestDevice & 0xFFFFL) << DeviceEntryDescriptor.GUEST_DEVICE_SHIFT
                        | (guestId & 0xFFFFL) << DeviceEntryDescriptor.GUEST_SHIFT);
    }

    /** Whether a guest's entry lets its device do DMA at all: V and TV (amd-viommu reference 7.5). */
    public static boolean isOpen(DeviceEntryImage guest) {
        long both = DeviceEntryDescriptor.V | DeviceEntryDescriptor.TV;
        return (guest.quadword0() & both) == both;
    }

    /** Whether a guest's entry translates by tables of format v2: GV. */
    public static boolean isGuestTranslated(DeviceEntryImage guest) {
        return (guest.quadword0() & DeviceEntryDescriptor.GV) != 0;
    }
}
