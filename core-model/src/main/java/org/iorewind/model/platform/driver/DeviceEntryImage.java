package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;

/**
 * A device table entry as software composes it (reference 2.2); its bits are those of {@link DeviceEntryDescriptor}.
 *
 * @param quadword0 translation
 * @param quadword1 DomainID and controls
 * @param quadword2 interrupts, and GuestPagingMode
 * @param quadword3 virtual IOMMU
 */
public record DeviceEntryImage(long quadword0, long quadword1, long quadword2, long quadword3) {
    private static final int FEWEST_GUEST_LEVELS = 4;
    private static final long VALID = DeviceEntryDescriptor.V | DeviceEntryDescriptor.TV;

    /** All zeros: everything passes (reference 14, trap 1). */
    public static final DeviceEntryImage OPEN = new DeviceEntryImage(0, 0, 0, 0);

    /** Nothing passes: V=TV=1, Mode 0, no rights. */
    public static final DeviceEntryImage BLOCKED = new DeviceEntryImage(VALID, 0, 0, 0);

    /** Untranslated, with both rights. */
    public static DeviceEntryImage identity(int domain) {
        return new DeviceEntryImage(VALID | rights(AccessKind.RIGHTS_ALL), domain, 0, 0);
    }

    /**
     * Host (v1) translation, with both rights.
     *
     * @param root of the tables
     * @param mode levels, 1 to 6
     */
    public static DeviceEntryImage host(int domain, long root, int mode) {
        return new DeviceEntryImage(
                VALID
                        | rights(AccessKind.RIGHTS_ALL)
                        | (long) mode << DeviceEntryDescriptor.MODE_SHIFT
                        | root & DeviceEntryDescriptor.ROOT_MASK,
                domain,
                0,
                0);
    }

    /**
     * Guest (v2) translation without host tables, with both rights.
     *
     * @param gcr3 root of the GCR3 table
     * @param gcr3Levels 1 to 3
     * @param guestLevels of the v2 tables, 4 or 5
     * @param withoutPasid whether requests without PASID use the tables of PASID 0 (GIoV)
     */
    public static DeviceEntryImage guest(int domain, long gcr3, int gcr3Levels, int guestLevels, boolean withoutPasid) {
        return identity(domain).withGuest(gcr3, gcr3Levels, guestLevels, withoutPasid);
    }

    /** The same with guest translation on top; parameters as for {@link #guest}. */
    public DeviceEntryImage withGuest(long gcr3, int gcr3Levels, int guestLevels, boolean withoutPasid) {
        return or(
                        0,
                        DeviceEntryDescriptor.GV
                                | (withoutPasid ? DeviceEntryDescriptor.GIOV : 0)
                                | gcr3Levels - 1L << DeviceEntryDescriptor.GLX_SHIFT
                                | DeviceEntryDescriptor.gcr3InQuadword0(gcr3))
                .or(1, DeviceEntryDescriptor.gcr3InQuadword1(gcr3))
                .or(2, (long) guestLevels - FEWEST_GUEST_LEVELS << DeviceEntryDescriptor.GUEST_PAGING_SHIFT);
    }

    /** The same for a device that may ask for translations (I). */
    public DeviceEntryImage withAts() {
        return or(1, DeviceEntryDescriptor.ATS_ENABLED);
    }

    /** The same for a device that may ask for pages, by PASID (PPR and GPRP). */
    public DeviceEntryImage withPageRequests() {
        return or(0, DeviceEntryDescriptor.PPR_MASK);
    }

    /**
     * The same with interrupts remapped (IV, IntCtl=10b).
     *
     * @param root of the table, a multiple of 128
     * @param lengthCode log2 of its entries, 0 to 11
     */
    public DeviceEntryImage withInterrupts(long root, int lengthCode) {
        return or(
                2,
                DeviceEntryDescriptor.IV
                        | (long) lengthCode << DeviceEntryDescriptor.INTERRUPT_LENGTH_SHIFT
                        | root & DeviceEntryDescriptor.INTERRUPT_ROOT_MASK
                        | (long) DeviceEntryDescriptor.CONTROL_REMAP << DeviceEntryDescriptor.INTERRUPT_CONTROL_SHIFT);
    }

    /** The same with the interrupt half of another entry: q2 without GuestPagingMode. */
    public DeviceEntryImage withInterruptsOf(DeviceEntryImage other) {
        long paging = 3L << DeviceEntryDescriptor.GUEST_PAGING_SHIFT;
        return new DeviceEntryImage(quadword0, quadword1, quadword2 & paging | other.quadword2 & ~paging, quadword3);
    }

    /** The same with more bits set in quadword 0 to 3. */
    public DeviceEntryImage or(int quadword, long bits) {
        return new DeviceEntryImage(
                quadword0 | (quadword == 0 ? bits : 0),
                quadword1 | (quadword == 1 ? bits : 0),
                quadword2 | (quadword == 2 ? bits : 0),
                quadword3 | (quadword == 3 ? bits : 0));
    }

    /** DomainID. */
    public int domain() {
        return (int) (quadword1 & DeviceEntryDescriptor.DOMAIN_MASK);
    }

    private static long rights(int rights) {
        return (long) rights << DeviceEntryDescriptor.RIGHTS_SHIFT;
    }
}
