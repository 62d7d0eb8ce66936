package org.iorewind.model.iommu;

import org.iorewind.model.memory.SparseMemory;

/**
 * Guest tables for tests: device table entries with their scattered GCR3 pointer, and a small guest whose structures stand
 * at fixed guest physical addresses. In the nested form the host maps each of its frames {@link #HOST_OFFSET} higher.
 */
final class GuestTables {
    static final long GT_EN = 1L << 16;
    static final long GCR3_TRP_MODE = 1L << 58;
    static final long GCR3 = 0x1000;
    static final long LEVEL_4 = 0x2000;
    static final long LEVEL_3 = 0x3000;
    static final long LEVEL_2 = 0x4000;
    static final long LEVEL_1 = 0x5000;
    static final long PAGE = 0x6000;
    static final long LEVEL_5 = 0x7000;
    static final long GCR3_UPPER = 0x8000;
    static final long GCR3_TOP = 0x9000;
    static final long HOST_OFFSET = 0x80_0000;
    static final long GV = 1L << 55;
    static final long GIOV = 1L << 54;
    /** P, R/W, U/S, A. */
    static final long USER_WRITABLE = 0x27;
    /** The address that the guest's tables map first. */
    static final long MAPPED = 0x40_8060_1000L;

    /** NXSup, GTSup, IASup, HATS=2, GATS=1, GLXSup=2, PASmax=19, USSup, GIoSup. */
    static final long FEATURES =
            1L << 3 | 1L << 4 | 1L << 6 | 2L << 10 | 1L << 12 | 2L << 14 | 19L << 32 | 1L << 37 | 1L << 48;
    /** GCR3TRPModeSup. */
    static final long FEATURES_2 = 1L << 3;

    final Machine machine;
    private final long offset;

    private GuestTables(Machine machine, long offset) {
        this.machine = machine;
        this.offset = offset;
    }

    static IommuOptions options(long features) {
        return IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(features)
                .extendedFeatures2(FEATURES_2)
                .deviceEntryCache(0)
                .build();
    }

    /** A guest of four levels without a host stage, PASID 1 and GIoV on, everything mapped at {@link #MAPPED}. */
    static GuestTables flat(long features) {
        GuestTables guest = new GuestTables(Machine.started(options(features)), 0);
        guest.machine.write(0x18, Machine.ENABLED | GT_EN);
        guest.entry(GV | GIOV, GCR3, 0);
        guest.fill();
        return guest;
    }

    /** The same, in a memory where what was never written is not recorded. */
    static GuestTables recordedOnly() {
        GuestTables guest = new GuestTables(new Machine(options(FEATURES), SparseMemory.recordedOnly()), 0);
        guest.entry(GV | GIOV, GCR3, 0);
        guest.fill();
        guest.machine.start(Machine.ENABLED | GT_EN);
        return guest;
    }

    /** The same behind a host of four levels, all with 4 KiB pages; the GCR3 root is a guest physical address. */
    static GuestTables nested() {
        return nested(FEATURES);
    }

    static GuestTables nested(long features) {
        return nested(options(features));
    }

    static GuestTables nested(IommuOptions options) {
        GuestTables guest = new GuestTables(Machine.started(options), HOST_OFFSET);
        guest.machine.write(0x18, Machine.ENABLED | GT_EN | GCR3_TRP_MODE);
        guest.entry(GV | GIOV | hostBits(), GCR3, 0);
        long rights = Machine.READ_WRITE | 1;
        guest.machine.memory.writeLong(0x33_0000, Machine.ROOT | 3 << 9 | rights);
        for (long gpa = 0; gpa < 0x10_000; gpa += 0x1000) {
            guest.host(gpa, gpa + HOST_OFFSET | rights);
        }
        guest.fill();
        return guest;
    }

    static long hostBits() {
        return 0x33_0000 | 4 << 9;
    }

    private void fill() {
        gcr3(GCR3, 0, LEVEL_4 | 1);
        gcr3(GCR3, 1, LEVEL_4 | 1);
        write(LEVEL_4, 0, LEVEL_3 | USER_WRITABLE);
        write(LEVEL_3, 0x102, LEVEL_2 | USER_WRITABLE);
        write(LEVEL_2, 3, LEVEL_1 | USER_WRITABLE);
        write(LEVEL_1, 1, PAGE | USER_WRITABLE);
    }

    void entry(long q0, long gcr3, int guestPagingMode) {
        entry(q0, gcr3, guestPagingMode, Machine.READ_WRITE);
    }

    void entry(long q0, long gcr3, int guestPagingMode, long rights) {
        machine.deviceEntry(
                Machine.DEVICE,
                q0 | (gcr3 >>> 12 & 7) << 58 | rights | 3,
                Machine.DOMAIN | (gcr3 >>> 15 & 0xFFFF) << 16 | gcr3 >>> 31 << 43,
                (long) guestPagingMode << 54,
                0);
    }

    /** Writes the host's entry for a guest frame below 2 MiB. */
    void host(long gpa, long entry) {
        machine.map(gpa, entry);
    }

    void gcr3(long table, int index, long entry) {
        write(table, index, entry);
    }

    void write(long table, int index, long entry) {
        machine.memory.writeLong(table + offset + index * 8L, entry);
    }

    Machine.Translation with(int pasid, long address, AccessKind access) {
        return with(pasid, address, access, false, false);
    }

    Machine.Translation with(int pasid, long address, AccessKind access, boolean executes, boolean privileged) {
        machine.iommu.dma(Machine.DEVICE, pasid, address, 4, access, executes, privileged);
        return machine.translations.get(machine.translations.size() - 1);
    }

    void invalidateGuest(int pasid, long domain, long range) {
        machine.command(3L << 60 | domain << 32 | pasid, range | 4);
    }
}
