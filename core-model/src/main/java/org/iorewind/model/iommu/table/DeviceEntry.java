package org.iorewind.model.iommu.table;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.register.FeatureDescriptor;

/** One device table entry, decoded on demand; reused for every request. Not thread-safe. */
public final class DeviceEntry {
    private static final int FEWEST_GUEST_LEVELS = 4;

    private long address;
    private long quadword0;
    private long quadword1;
    private long quadword2;
    private long quadword3;

    /** An entry of zeros. */
    public DeviceEntry() {}

    /** Takes over an entry. */
    public void set(long entryAddress, long q0, long q1, long q2, long q3) {
        address = entryAddress;
        quadword0 = q0;
        quadword1 = q1;
        quadword2 = q2;
        quadword3 = q3;
    }

    /** System physical address that the entry was read from. */
    public long address() {
        return address;
    }

    /** Quadword 0 to 3. */
    public long quadword(int index) {
        return switch (index) {
            case 0 -> quadword0;
            case 1 -> quadword1;
            case 2 -> quadword2;
            default -> quadword3;
        };
    }

    /** A copy of all four. */
    public long[] quadwords() {
        return new long[] {quadword0, quadword1, quadword2, quadword3};
    }

    /** V. */
    public boolean isValid() {
        return (quadword0 & DeviceEntryDescriptor.V) != 0;
    }

    /** TV. */
    public boolean isTranslationValid() {
        return (quadword0 & DeviceEntryDescriptor.TV) != 0;
    }

    /** Mode, 0 to 7. */
    public int mode() {
        return (int) (quadword0 >>> DeviceEntryDescriptor.MODE_SHIFT) & DeviceEntryDescriptor.MODE_MASK;
    }

    /** Host page table root, a system physical address. */
    public long root() {
        return quadword0 & DeviceEntryDescriptor.ROOT_MASK;
    }

    /** IR and IW as rights: 1 read, 2 write. */
    public int rights() {
        return (int) (quadword0 >>> DeviceEntryDescriptor.RIGHTS_SHIFT) & AccessKind.RIGHTS_ALL;
    }

    /** GV. */
    public boolean isGuestValid() {
        return (quadword0 & DeviceEntryDescriptor.GV) != 0;
    }

    /** GIoV. */
    public boolean isGuestIoValid() {
        return (quadword0 & DeviceEntryDescriptor.GIOV) != 0;
    }

    /** GLX + 1: levels of the GCR3 table, 1 to 4 (4 reserved). */
    public int gcr3Levels() {
        return (int) (quadword0 >>> DeviceEntryDescriptor.GLX_SHIFT & 3) + 1;
    }

    /** GCR3 table root pointer. */
    public long gcr3Root() {
        return DeviceEntryDescriptor.gcr3Root(quadword0, quadword1);
    }

    /** GuestPagingMode + 4: levels of guest tables, 4 to 7 (6 and 7 reserved). Counts whatever IV says. */
    public int guestLevels() {
        return (int) (quadword2 >>> DeviceEntryDescriptor.GUEST_PAGING_SHIFT & 3) + FEWEST_GUEST_LEVELS;
    }

    /** Whether HAD asks for updates of accessed bits, which hardware with these features (EFR) does. */
    public boolean updatesAccessed(long features) {
        return (quadword0 & DeviceEntryDescriptor.HAD_ACCESSED) != 0
                && (features & FeatureDescriptor.HOST_ACCESSED) != 0;
    }

    /** Whether HAD asks for updates of dirty bits, which hardware with these features (EFR) does. */
    public boolean updatesDirty(long features) {
        return (quadword0 & DeviceEntryDescriptor.HAD_DIRTY) != 0 && (features & FeatureDescriptor.HOST_DIRTY) != 0;
    }

    /** DomainID. */
    public int domain() {
        return (int) (quadword1 & DeviceEntryDescriptor.DOMAIN_MASK);
    }

    /** I: the device may use address translation services. */
    public boolean isAtsEnabled() {
        return (quadword1 & DeviceEntryDescriptor.ATS_ENABLED) != 0;
    }

    /** SATS: translated requests are to be checked. */
    public boolean isAtsSecured() {
        return (quadword1 & DeviceEntryDescriptor.SATS) != 0;
    }

    /** SysMgt, 0 to 3. */
    public int systemManagement() {
        return (int) (quadword1 >>> DeviceEntryDescriptor.SYSTEM_MANAGEMENT_SHIFT) & 3;
    }

    /** AttrV and Mode0FC: with Mode 0 all accesses are snooped. Counts whatever IV says. */
    public boolean isSnoopedWithoutHostTables() {
        long both = DeviceEntryDescriptor.SNOOPED_WITHOUT_HOST_TABLES;
        return (quadword3 & both) == both;
    }

    /** vImuEn. */
    public boolean isVirtual() {
        return (quadword3 & DeviceEntryDescriptor.VIRTUAL) != 0;
    }

    /** GuestID: whose the device is, with vImuEn. */
    public int guest() {
        return (int) (quadword3 >>> DeviceEntryDescriptor.GUEST_SHIFT) & 0xFFFF;
    }

    /** GDeviceID: how the guest knows the device. */
    public int guestDevice() {
        return (int) (quadword3 >>> DeviceEntryDescriptor.GUEST_DEVICE_SHIFT) & 0xFFFF;
    }

    /** SE. */
    public boolean reportsFirstFaultOnly() {
        return (quadword1 & DeviceEntryDescriptor.SE) != 0;
    }

    /** SA. */
    public boolean reportsNoFault() {
        return (quadword1 & DeviceEntryDescriptor.SA) != 0;
    }

    /** IoCtl, 0 to 3. */
    public int ioControl() {
        return (int) (quadword1 >>> DeviceEntryDescriptor.IO_CONTROL_SHIFT) & 3;
    }

    /** EX. */
    public boolean isExcludable() {
        return (quadword1 & DeviceEntryDescriptor.EX) != 0;
    }

    /** IV. */
    public boolean isInterruptValid() {
        return (quadword2 & DeviceEntryDescriptor.IV) != 0;
    }

    /** IntTabLen: log2 of the number of entries, 0 to 15 (12 to 15 reserved). */
    public int interruptLengthCode() {
        return (int) (quadword2 >>> DeviceEntryDescriptor.INTERRUPT_LENGTH_SHIFT)
                & DeviceEntryDescriptor.INTERRUPT_LENGTH_MASK;
    }

    /** IG. */
    public boolean ignoresInterruptFaults() {
        return (quadword2 & DeviceEntryDescriptor.IG) != 0;
    }

    /** Interrupt table root, a system physical address. */
    public long interruptRoot() {
        return quadword2 & DeviceEntryDescriptor.INTERRUPT_ROOT_MASK;
    }

    /** Whether a pass bit of q2 is set. */
    public boolean passes(long passBit) {
        return (quadword2 & passBit) != 0;
    }

    /** IntCtl, 0 to 3. */
    public int interruptControl() {
        return (int) (quadword2 >>> DeviceEntryDescriptor.INTERRUPT_CONTROL_SHIFT) & 3;
    }
}
