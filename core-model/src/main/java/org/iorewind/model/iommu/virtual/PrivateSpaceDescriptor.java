package org.iorewind.model.iommu.virtual;

/**
 * The private address space of an IOMMU, translated by the table of its own device table entry (amd-viommu reference 2).
 *
 * <pre>
 *   00_0000_0000  guest registers        64 bytes for each GuestID
 *   00_0040_0000  dirty status of rings   1 bit for each GuestID
 *   10_0000_0000  DeviceID maps           1 MiB for each GuestID
 *   20_0000_0000  DomainID maps         512 KiB for each GuestID
 *   28_0000_0000  command rings         512 KiB
 *   30_0000_0000  PPR logs A            512 KiB
 *   38_0000_0000  PPR logs B            512 KiB
 *   40_0000_0000  event logs A          512 KiB
 *   48_0000_0000  event logs B          512 KiB
 * </pre>
 *
 * <p>Dirty status, whose known clearing routine overlaps itself (MC-V1):
 *
 * <pre>
 *   byte offset = GuestID[7:0] * 32 + GuestID[15:13] * 4,  bit = GuestID[12:8]
 * </pre>
 */
public final class PrivateSpaceDescriptor {
    /** Backing of the registers of all guests. */
    public static final long REGISTERS = 0;
    /** Dirty status of all command rings. */
    public static final long DIRTY_STATUS = 0x40_0000;
    /** DeviceID maps. */
    public static final long DEVICE_MAPS = 0x10_0000_0000L;
    /** DomainID maps. */
    public static final long DOMAIN_MAPS = 0x20_0000_0000L;
    /** Command rings. */
    public static final long COMMAND_RINGS = 0x28_0000_0000L;
    /** PPR logs A. */
    public static final long PPR_LOGS = 0x30_0000_0000L;
    /** PPR logs B. */
    public static final long PPR_LOGS_B = 0x38_0000_0000L;
    /** Event logs A. */
    public static final long EVENT_LOGS = 0x40_0000_0000L;
    /** Event logs B. */
    public static final long EVENT_LOGS_B = 0x48_0000_0000L;

    /** Bytes of the registers of one guest. */
    public static final int REGISTERS_STRIDE = 64;
    /** Bytes of the DeviceID map of one guest. */
    public static final int DEVICE_MAP_STRIDE = 1 << 20;
    /** Bytes of the DomainID map, ring or log of one guest. */
    public static final int SLOT_STRIDE = 1 << 19;
    /** GuestIDs. */
    public static final int GUESTS = 1 << 16;

    private PrivateSpaceDescriptor() {}

    /** Address of a guest's registers. */
    public static long registers(int guest) {
        return REGISTERS + (long) guest * REGISTERS_STRIDE;
    }

    /** Address of the quadword that holds a guest's dirty status. */
    public static long dirtyQuadword(int guest) {
        return DIRTY_STATUS + (dirtyOffset(guest) & -Long.BYTES);
    }

    /** The guest's bit in that quadword. */
    public static long dirtyBit(int guest) {
        int bit = (dirtyOffset(guest) & Integer.BYTES) * Byte.SIZE + (guest >>> 8 & 31);
        return 1L << bit;
    }

    private static int dirtyOffset(int guest) {
        return (guest & 0xFF) * 32 + (guest >>> 13 & 7) * 4;
    }

    /** Address of an entry of a guest's DeviceID map. */
    public static long deviceEntry(int guest, int guestDevice) {
        return DEVICE_MAPS + (long) guest * DEVICE_MAP_STRIDE + (long) guestDevice * MapDescriptor.DEVICE_ENTRY_BYTES;
    }

    /** Address of an entry of a guest's DomainID map. */
    public static long domainEntry(int guest, int guestDomain) {
        return DOMAIN_MAPS + (long) guest * SLOT_STRIDE + (long) guestDomain * MapDescriptor.DOMAIN_ENTRY_BYTES;
    }

    /** Start of a guest's ring or log in one of the regions of 512 KiB slots. */
    public static long slot(long region, int guest) {
        return region + (long) guest * SLOT_STRIDE;
    }
}
