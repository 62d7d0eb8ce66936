package org.iorewind.model.iommu;

import static org.iorewind.model.iommu.RegisterSpace.VF;
import static org.iorewind.model.iommu.RegisterSpace.VF_CONTROL;

import org.iorewind.model.memory.SparseMemory;

/**
 * A machine with hardware vIOMMU for tests, as a host driver would leave it: the private address space is mapped, vIommuEn
 * and vCmdEn are set, and each guest added has memory, maps, buffers and a translate DeviceID.
 *
 * <pre>
 *   guest physical   1000h ring   2000h event log   3000h event log B   4000h PPR log   5000h PPR log B   10000h memory
 *   system physical  2000_0000h + GuestID * 100_0000h + guest physical
 * </pre>
 */
final class GuestBench {
    static final int OWN = 2;
    static final int PRIVATE_DOMAIN = 0x7F;
    static final long RING = 0x1000;
    static final long EVENTS = 0x2000;
    static final long EVENTS_B = 0x3000;
    static final long PPRS = 0x4000;
    static final long PPRS_B = 0x5000;
    static final long MEMORY = 0x1_0000;
    static final int PAGES = 64;
    /** Guest physical address that those of {@link GuestTables} are added to. */
    static final long TABLES = 0x2_0000;

    static final long V_CMD_EN = 1L << 52;
    static final long VIOMMU_EN = 1L << 53;
    static final long BUFFER_TRP = 1L << 60;
    /** IommuEn, EventLogEn, EventIntEn, CmdBufEn, PprLogEn, PprIntEn, PprEn, GTEn, GCR3TRPMode, vCmdEn, vIommuEn. */
    static final long CONTROL =
            Machine.ENABLED | 7L << 13 | 1L << 16 | GuestTables.GCR3_TRP_MODE | V_CMD_EN | VIOMMU_EN;
    /** What nested translation needs, prefetches, PPR, GA, dual logs, early overflow, automatic responses, stop markers, EPH, vIOMMU. */
    static final long FEATURES = GuestTables.FEATURES
            | 1L
            | 1L << 1
            | 1L << 7
            | 2L << 24
            | 2L << 28
            | 1L << 40
            | 1L << 41
            | 1L << 44
            | 1L << 50
            | 1L << 55;
    /** GCR3TRPModeSup, GstBufferTRPModeSup. */
    static final long FEATURES_2 = 1L << 3 | 1L << 4;

    static final long ENABLE = 1L << 8;
    static final long INTERRUPT = 1L << 9;
    static final long LENGTH_256 = 8;

    final Machine machine;
    private final boolean isBufferGuestPhysical;
    private final long privateRoot;
    private long nextTable = 0x1000_0000L;
    private final int[] tails = new int[0x1_0000];

    GuestBench() {
        this(options().build(), false);
    }

    GuestBench(IommuOptions options, boolean isBufferGuestPhysical) {
        this(options, isBufferGuestPhysical, SparseMemory.zeroFilled());
    }

    GuestBench(IommuOptions options, boolean isBufferGuestPhysical, SparseMemory memory) {
        this.machine = new Machine(options, memory);
        this.isBufferGuestPhysical = isBufferGuestPhysical;
        this.privateRoot = table();
        machine.deviceEntry(OWN, privateRoot | 4 << 9 | Machine.READ_WRITE | 3, PRIVATE_DOMAIN, 0, 0);
        machine.write(0x38, 0x22_0000 | 8L << 56);
        machine.start(CONTROL | (isBufferGuestPhysical ? BUFFER_TRP : 0));
        machine.told.clear();
    }

    static IommuOptions.Builder options() {
        return IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(FEATURES)
                .extendedFeatures2(FEATURES_2);
    }

    private long table() {
        nextTable += 0x1000;
        return nextTable;
    }

    /** Maps a page in a table of four levels, or takes it away with an entry of 0. */
    void map(long root, long address, long entry) {
        long table = root;
        for (int level = 4; level > 1; level--) {
            long at = table + (address >>> 3 + 9 * level & 0x1FF) * 8;
            if (machine.memory.peek(at) == 0) {
                machine.memory.writeLong(at, table() | (long) (level - 1) << 9 | Machine.READ_WRITE | 1);
            }
            table = machine.memory.peek(at) & 0x000F_FFFF_FFFF_F000L;
        }
        machine.memory.writeLong(table + (address >>> 12 & 0x1FF) * 8, entry);
    }

    /** Maps a page of the private address space; it is not cached before it is used. */
    void mapPrivate(long address, long physical) {
        map(privateRoot, address, physical == 0 ? 0 : physical | Machine.READ_WRITE | 1);
    }

    static long base(int guest) {
        return 0x2000_0000L + guest * 0x100_0000L;
    }

    static int translateDevice(int guest) {
        return 0x80 + (guest & 0x1F);
    }

    static int domain(int guest) {
        return 0x100 + (guest & 0xFF);
    }

    /** System physical address of the page that backs the DeviceID map of a guest. */
    static long deviceMap(int guest) {
        return base(guest) + 0x80_0000L;
    }

    /** System physical address of the page that backs the DomainID map of a guest. */
    static long domainMap(int guest) {
        return base(guest) + 0x81_0000L;
    }

    /** Root of the host's tables of a guest. */
    long guestRoot(int guest) {
        return machine.memory.peek(Machine.DEVICE_TABLE + 32L * translateDevice(guest)) & 0x000F_FFFF_FFFF_F000L;
    }

    /** Adds a guest whose buffers are on. */
    void add(int guest) {
        prepare(guest);
        control(guest, 0x20, base20() | ENABLE | INTERRUPT | LENGTH_256);
        control(guest, 0x18, isBufferGuestPhysical ? EVENTS_B : 0);
        control(guest, 0x38, isBufferGuestPhysical ? PPRS_B : 0);
        control(guest, 0x28, base28() | ENABLE | INTERRUPT | LENGTH_256 << 4 | LENGTH_256);
        control(guest, 0x30, base30() | ENABLE | INTERRUPT | 1 << 10 | LENGTH_256 << 4 | LENGTH_256);
        machine.told.clear();
    }

    /** Adds a guest whose buffers are off. */
    void prepare(int guest) {
        long root = table();
        for (long gpa = 0; gpa < PAGES * 0x1000L; gpa += 0x1000) {
            map(root, gpa, base(guest) + gpa | Machine.READ_WRITE | 1);
        }
        machine.deviceEntry(translateDevice(guest), root | 4 << 9 | Machine.READ_WRITE | 3, domain(guest), 0, 0);
        mapPrivate(guest * 64L, 0x1F00_0000L + (guest * 64L & -0x1000));
        mapPrivate(0x40_0000 + (guest & 0xFF) * 32L, 0x1F80_0000L + ((guest & 0xFF) * 32L & -0x1000));
        mapPrivate(0x10_0000_0000L + guest * 0x10_0000L, deviceMap(guest));
        mapPrivate(0x20_0000_0000L + guest * 0x8_0000L, domainMap(guest));
        mapPrivate(0x28_0000_0000L + guest * 0x8_0000L, base(guest) + RING);
        mapPrivate(0x30_0000_0000L + guest * 0x8_0000L, base(guest) + PPRS);
        mapPrivate(0x38_0000_0000L + guest * 0x8_0000L, base(guest) + PPRS_B);
        mapPrivate(0x40_0000_0000L + guest * 0x8_0000L, base(guest) + EVENTS);
        mapPrivate(0x48_0000_0000L + guest * 0x8_0000L, base(guest) + EVENTS_B);
        control(guest, 0x10, (long) translateDevice(guest) << 16);
        machine.told.clear();
    }

    /**
     * Puts a device behind the guest's own tables: they map {@link GuestTables#MAPPED} for a PASID.
     *
     * @param q3 of the device table entry
     */
    void nest(int guest, int device, int domain, int pasid, long q3) {
        long gcr3 = TABLES + GuestTables.GCR3;
        machine.deviceEntry(
                device,
                guestRoot(guest)
                        | 4 << 9
                        | Machine.READ_WRITE
                        | GuestTables.GV
                        | 1L << 52
                        | (gcr3 >>> 12 & 7) << 58
                        | 3,
                domain | (gcr3 >>> 15 & 0xFFFF) << 16,
                0,
                q3);
        guestEntry(guest, GuestTables.GCR3, pasid, TABLES + GuestTables.LEVEL_4 | 1);
        guestEntry(guest, GuestTables.LEVEL_4, 0, TABLES + GuestTables.LEVEL_3 | GuestTables.USER_WRITABLE);
        guestEntry(guest, GuestTables.LEVEL_3, 0x102, TABLES + GuestTables.LEVEL_2 | GuestTables.USER_WRITABLE);
        guestEntry(guest, GuestTables.LEVEL_2, 3, TABLES + GuestTables.LEVEL_1 | GuestTables.USER_WRITABLE);
        guestEntry(guest, GuestTables.LEVEL_1, 1, TABLES + GuestTables.PAGE | GuestTables.USER_WRITABLE);
        machine.command(2L << 60 | device, 0);
        machine.told.clear();
    }

    private void guestEntry(int guest, long table, int index, long entry) {
        machine.memory.writeLong(base(guest) + TABLES + table + index * 8L, entry);
    }

    long base20() {
        return isBufferGuestPhysical ? RING : 0;
    }

    long base28() {
        return isBufferGuestPhysical ? EVENTS : 0;
    }

    long base30() {
        return isBufferGuestPhysical ? PPRS << 4 : 0;
    }

    void control(int guest, int offset, long value) {
        machine.iommu.write(VF_CONTROL, guest * 64 + offset, 8, value);
    }

    long control(int guest, int offset) {
        return machine.iommu.read(VF_CONTROL, guest * 64 + offset, 8);
    }

    void page(int guest, int offset, long value) {
        machine.iommu.write(VF, guest * 4096 + offset, 8, value);
    }

    long page(int guest, int offset) {
        return machine.iommu.read(VF, guest * 4096 + offset, 8);
    }

    long status(int guest) {
        return page(guest, 0x20);
    }

    /** CmdBufRun of a guest. */
    boolean isRunning(int guest) {
        return (status(guest) & 1 << 4) != 0;
    }

    void mapDevice(int guest, int guestDevice, int hostDevice) {
        control(guest, 0, 1L << 63 | (long) guestDevice << 46 | (long) hostDevice << 14 | 1);
    }

    void mapDomain(int guest, int guestDomain, int hostDomain) {
        control(guest, 8, 1L << 63 | (long) guestDomain << 46 | (long) hostDomain << 14 | 1);
    }

    /** Puts a command into a guest's ring without ringing. */
    void put(int guest, long q0, long q1) {
        machine.memory.writeLong(base(guest) + RING + tails[guest], q0);
        machine.memory.writeLong(base(guest) + RING + tails[guest] + 8, q1);
        tails[guest] = tails[guest] + 16 & 0xFFF;
    }

    void ring(int guest) {
        page(guest, 0x08, tails[guest]);
    }

    /** A command of a guest. */
    void command(int guest, long q0, long q1) {
        put(guest, q0, q1);
        ring(guest);
    }

    /** The guest's ring begins anew at its first place. */
    void rewind(int guest) {
        tails[guest] = 0;
    }

    /** Lines told of a kind since the last call of this. */
    java.util.List<String> told(String kind) {
        java.util.List<String> lines =
                machine.told.stream().filter(line -> line.startsWith(kind)).toList();
        machine.told.clear();
        return lines;
    }
}
