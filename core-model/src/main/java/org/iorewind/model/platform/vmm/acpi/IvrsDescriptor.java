package org.iorewind.model.platform.vmm.acpi;

/**
 * Layout of the IVRS (amd-iommu reference 10.1 to 10.4). Offsets in bytes, all quantities little-endian.
 *
 * <pre>
 *  table    0 "IVRS" │ 4 length │ 8 revision │ 9 checksum │ 10 OEM id │ 16 OEM table id │ 24 OEM revision │ 28 creator │ 32 its
 *           revision │ 36 IVinfo: 22 HtAtsResv, 21:15 VASize, 14:8 PASize, 7:5 GVASize, 1 DMA remap, 0 EFRSup │ 40 reserved
 *  IVHD     0 type │ 1 flags │ 2 length │ 4 DeviceID │ 6 capability │ 8 MMIO base │ 16 segment │ 18 info │ 20 features
 *           of 11h and 40h: 24 EFR │ 32 EFR2
 *  entries  00h pad   01h all   02h select   03h range start   04h range end
 *           ┌──────┬─────────────┬─────────┐
 *         4 │ type │ DeviceID    │ setting │
 *           └──────┴─────────────┴─────────┘
 *           42h alias   43h alias range   46h extended select   47h extended range   48h special
 *           ┌──────┬─────────────┬─────────┬──────┬─────────────┬─────────┐
 *     42h   │ type │ DeviceID    │ setting │ 0    │ alias       │ 0       │
 *     46h   │ type │ DeviceID    │ setting │ extended: 31 ATS disabled    │
 *     48h   │ type │ 0           │ setting │handle│ source      │ variety │
 *           └──────┴─────────────┴─────────┴──────┴─────────────┴─────────┘
 *     F0h   type │ 1 DeviceID │ 3 setting │ 4 HID │ 12 CID │ 20 UID format │ 21 UID length │ 22 UID
 *  IVMD     0 type │ 1 flags │ 2 length │ 4 DeviceID │ 6 last DeviceID │ 8 segment │ 16 start │ 24 length of the memory
 * </pre>
 */
public final class IvrsDescriptor {
    /** "IVRS". */
    public static final int SIGNATURE = 0x5352_5649;
    /** Place of the table's length. */
    public static final int LENGTH = 4;
    /** Place of the table's revision. */
    public static final int REVISION = 8;
    /** Place of the checksum: all bytes of the table add up to 0. */
    public static final int CHECKSUM = 9;
    /** Place of the OEM id, 6 characters. */
    public static final int OEM_ID = 10;
    /** Place of the OEM's table id, 8 characters. */
    public static final int OEM_TABLE_ID = 16;
    /** Place of the OEM's revision. */
    public static final int OEM_REVISION = 24;
    /** Place of the creator, 4 characters. */
    public static final int CREATOR = 28;
    /** Place of the creator's revision. */
    public static final int CREATOR_REVISION = 32;
    /** Place of IVinfo. */
    public static final int INFO = 36;
    /** Place of the first block. */
    public static final int BLOCKS = 48;

    /** Revision of a table with blocks 10h and 11h only. */
    public static final int FIXED = 1;
    /** Revision of a table that may have blocks 40h. */
    public static final int MIXED = 2;

    /** IVinfo: the EFR images are valid. */
    public static final int INFO_EFR = 1;
    /** IVinfo: lowest bit of GVASize. */
    public static final int INFO_GUEST_VIRTUAL_SHIFT = 5;
    /** IVinfo: lowest bit of PASize. */
    public static final int INFO_PHYSICAL_SHIFT = 8;
    /** IVinfo: lowest bit of VASize. */
    public static final int INFO_VIRTUAL_SHIFT = 15;

    /** Block of a unit, without images of its feature registers. */
    public static final int UNIT_10 = 0x10;
    /** Block of a unit with images of its feature registers. */
    public static final int UNIT_11 = 0x11;
    /** The same, where ACPI devices may be listed too. */
    public static final int UNIT_40 = 0x40;
    /** Bytes of a block 10h without its entries. */
    public static final int UNIT_10_BYTES = 24;
    /** Bytes of a block 11h or 40h without its entries. */
    public static final int UNIT_40_BYTES = 40;

    /** Memory that all devices use. */
    public static final int MEMORY_ALL = 0x20;
    /** Memory that one device uses. */
    public static final int MEMORY_ONE = 0x21;
    /** Memory that a range of devices uses. */
    public static final int MEMORY_RANGE = 0x22;
    /** Bytes of a block for memory. */
    public static final int MEMORY_BYTES = 32;

    /** Flag of a unit: IotlbSup. */
    public static final int FLAG_IOTLB = 1 << 4;
    /** Flag of a unit in a block 10h: PreFSup. */
    public static final int FLAG_PREFETCH = 1 << 6;
    /** Flag of a unit in a block 10h: PPRSup. */
    public static final int FLAG_PAGE_REQUESTS = 1 << 7;

    /** Flag of memory: to be mapped to itself. */
    public static final int MEMORY_UNITY = 1;
    /** Flag of memory: readable. */
    public static final int MEMORY_READ = 1 << 1;
    /** Flag of memory: writable. */
    public static final int MEMORY_WRITE = 1 << 2;
    /** Flag of memory: exclusion range. */
    public static final int MEMORY_EXCLUSION = 1 << 3;

    /** Entry: nothing, 4 bytes. */
    public static final int PAD_4 = 0x00;
    /** Entry: all DeviceIDs. */
    public static final int ALL = 0x01;
    /** Entry: one DeviceID. */
    public static final int SELECT = 0x02;
    /** Entry: first DeviceID of a range. */
    public static final int RANGE_START = 0x03;
    /** Entry: last DeviceID of a range. */
    public static final int RANGE_END = 0x04;
    /** Entry: nothing, 8 bytes. */
    public static final int PAD_8 = 0x40;
    /** Entry: a DeviceID whose requests carry another. */
    public static final int ALIAS = 0x42;
    /** Entry: first DeviceID of a range whose requests carry another. */
    public static final int ALIAS_START = 0x43;
    /** Entry: one DeviceID with extended settings. */
    public static final int EXTENDED = 0x46;
    /** Entry: first DeviceID of a range with extended settings. */
    public static final int EXTENDED_START = 0x47;
    /** Entry: a device that is no PCI function. */
    public static final int SPECIAL = 0x48;
    /** Entry: an ACPI device. */
    public static final int ACPI_DEVICE = 0xF0;
    /** Bytes of an entry F0h without its UID. */
    public static final int ACPI_DEVICE_BYTES = 22;

    /** Variety of a special entry: IOAPIC, its handle is the APIC id. */
    public static final int IOAPIC = 1;
    /** Variety of a special entry: HPET. */
    public static final int HPET = 2;

    /** DeviceID that interrupts of IOAPIC and HPET carry: the southbridge, 00:14.0. */
    public static final int SOUTHBRIDGE = 0xA0;

    private static final int OWN_SIZE = 0x80;
    private static final int SIZE_SHIFT = 6;

    private IvrsDescriptor() {}

    /** Whether a block describes a unit. */
    public static boolean isUnit(int type) {
        return type == UNIT_10 || type == UNIT_11 || type == UNIT_40;
    }

    /** Whether a block describes memory. */
    public static boolean isMemory(int type) {
        return type == MEMORY_ALL || type == MEMORY_ONE || type == MEMORY_RANGE;
    }

    /** Bytes of a unit's block without its entries. */
    public static int unitBytes(int type) {
        return type == UNIT_10 ? UNIT_10_BYTES : UNIT_40_BYTES;
    }

    /** Bytes of an entry, 22 and more for F0h; 0 where no rule gives a size. */
    public static int entryBytes(int type) {
        if (type == ACPI_DEVICE) {
            return ACPI_DEVICE_BYTES;
        }
        return type < OWN_SIZE ? Integer.BYTES << (type >> SIZE_SHIFT) : 0;
    }

    /** Feature report of a block 10h for a unit with these features. */
    public static int report(long efr) {
        return bits(efr, 2, 1, 0) // XTSup
                | bits(efr, 3, 1, 1) // NXSup
                | bits(efr, 4, 1, 2) // GTSup
                | bits(efr, 14, 2, 3) // GLXSup
                | bits(efr, 6, 1, 5) // IASup
                | bits(efr, 7, 1, 6) // GASup
                | bits(efr, 8, 1, 7) // HESup
                | bits(efr, 32, 5, 8) // PASmax
                | bits(efr, 12, 2, 28) // GATS
                | bits(efr, 10, 2, 30); // HATS
    }

    /** Flags of a unit in a block of a type: those for prefetch and page requests exist in 10h only. */
    public static int flags(int type, long efr) {
        return FLAG_IOTLB | (type == UNIT_10 ? bits(efr, 0, 1, 6) | bits(efr, 1, 1, 7) : 0);
    }

    private static int bits(long efr, int from, int count, int to) {
        return (int) (efr >>> from & (1L << count) - 1) << to;
    }
}
