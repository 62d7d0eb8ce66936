package org.iorewind.model.iommu.command;

import org.iorewind.model.iommu.register.FeatureDescriptor;

/**
 * The commands (reference 3.2, 3.3).
 *
 * <pre>
 *       q0 63  60 59    52 51                                        3  2  1  0   q1
 *  01h  ┌──────┬──────────┬────────────────────────────────────────────┬──┬──┬──┐ store data
 *       │ 0001 │ reserved │             store address [51:3]           │ f│ i│ s│
 *       └──────┴──────────┴────────────────────────────────────────────┴──┴──┴──┘
 *  02h  │ 0010 │ reserved                                    15 DeviceID      0 │ reserved
 *  03h  │ 0011 │ rsvd 47 DomainID 32 │ reserved 31:20 │ 19   PASID            0 │ address, 2 GN, 1 PDE, 0 S
 *  04h  │ 0100 │ PASID 47 QueueID 32 │ MaxPend, PASID  │ 15 DeviceID         0 │ address, 5:4 Type, 2 GN, 0 S
 *  05h  │ 0101 │ reserved                                    15 DeviceID      0 │ reserved
 *  06h  │ 0110 │ rsvd 51   PASID  32 │ PFCount, rsvd   │ 15 DeviceID         0 │ address, 4 Inval, 2 GN, 0 S
 *  07h  │ 0111 │ rsvd 51   PASID  32 │ reserved        │ 15 DeviceID         0 │ 47:32 tag, 2 GN
 *  08h  │ 1000 │ reserved                                                       │ reserved
 *  09h  │ 1001 │ rsvd 47  GuestID 32 │ reserved                                │ reserved; the event follows
 *  0Ah  │ 1010 │ reserved 31 vCmd 30 vPpr 29 vEvent 28 all  │ 15  GuestID     0 │ reserved
 * </pre>
 */
public final class CommandDescriptor {
    /** COMPLETION_WAIT. */
    public static final int COMPLETION_WAIT = 1;
    /** INVALIDATE_DEVTAB_ENTRY. */
    public static final int INVALIDATE_DEVTAB_ENTRY = 2;
    /** INVALIDATE_IOMMU_PAGES. */
    public static final int INVALIDATE_IOMMU_PAGES = 3;
    /** INVALIDATE_IOTLB_PAGES. */
    public static final int INVALIDATE_IOTLB_PAGES = 4;
    /** INVALIDATE_INTERRUPT_TABLE. */
    public static final int INVALIDATE_INTERRUPT_TABLE = 5;
    /** PREFETCH_IOMMU_PAGES. */
    public static final int PREFETCH_IOMMU_PAGES = 6;
    /** COMPLETE_PPR_REQUEST. */
    public static final int COMPLETE_PPR_REQUEST = 7;
    /** INVALIDATE_IOMMU_ALL. */
    public static final int INVALIDATE_IOMMU_ALL = 8;
    /** INSERT_GUEST_EVENT, in the host's ring with vIommuSup; the event stands in the next place (MC-V7). */
    public static final int INSERT_GUEST_EVENT = 9;
    /** RESET_VMMIO, in the host's ring with vIommuSup. */
    public static final int RESET_VMMIO = 0xA;

    /** s of COMPLETION_WAIT. */
    public static final long STORE = 1;
    /** i of COMPLETION_WAIT. */
    public static final long INTERRUPT = 2;
    /** f of COMPLETION_WAIT: no later command starts before this one is complete. */
    public static final long FLUSH = 4;
    /** Store address of COMPLETION_WAIT. */
    public static final long STORE_ADDRESS_MASK = 0x000F_FFFF_FFFF_FFF8L;
    /** vCmd of RESET_VMMIO. */
    public static final long RESET_COMMANDS = 1L << 31;
    /** vPpr of RESET_VMMIO, by analogy (MC-V8). */
    public static final long RESET_PPR = 1L << 30;
    /** vEvent of RESET_VMMIO, by analogy (MC-V8). */
    public static final long RESET_EVENTS = 1L << 29;
    /** all of RESET_VMMIO: everything but the ID maps (MC-V8). */
    public static final long RESET_ALL = 1L << 28;
    /** S, in q1: more than one page. */
    public static final long MANY_PAGES = 1;
    /** Inval of PREFETCH_IOMMU_PAGES, in q1: drop what is cached first. */
    public static final long INVALIDATE_FIRST = 0x10;
    /** Size of a range that is the whole address space. */
    public static final long EVERYTHING = -1;
    /** GN, in q1: guest translations. */
    public static final long GUEST = 4;
    /** PDE of INVALIDATE_IOMMU_PAGES: directories too. */
    public static final long DIRECTORIES = 2;

    /** Address and S, in q1, of the whole address space, as all drivers say it. */
    public static final long WHOLE_SPACE = 0x7FFF_FFFF_FFFF_F001L;

    private static final int OPCODE_SHIFT = 60;
    private static final int LARGEST_RANGE_SHIFT = 52;
    private static final int DOMAIN_SHIFT = 32;
    private static final int COMPLETION_PASID_SHIFT = 32;
    private static final int COMPLETION_TAG_SHIFT = 32;
    private static final int COMPLETION_CODE_SHIFT = 44;
    private static final int ADDRESS_SHIFT = 12;
    private static final long ADDRESS_MASK = -1L << ADDRESS_SHIFT;
    private static final int COUNT_SHIFT = 24;
    private static final long INVALIDATE_TYPE = 0x30;
    private static final int INVALIDATE_TYPE_SHIFT = 4;

    private CommandDescriptor() {}

    /** Opcode, 0 to 15. */
    public static int opcode(long quadword0) {
        return (int) (quadword0 >>> OPCODE_SHIFT);
    }

    /** DeviceID of the commands that have one. */
    public static int requester(long quadword0) {
        return (int) quadword0 & 0xFFFF;
    }

    /** GuestID of INSERT_GUEST_EVENT. */
    public static int insertedGuest(long quadword0) {
        return (int) (quadword0 >>> 32) & 0xFFFF;
    }

    /** GuestID of RESET_VMMIO. */
    public static int resetGuest(long quadword0) {
        return (int) quadword0 & 0xFFFF;
    }

    /** PASID of INVALIDATE_IOMMU_PAGES, whose place no other command shares. */
    public static int pasid(long quadword0) {
        return (int) quadword0 & 0xF_FFFF;
    }

    /** DomainID of INVALIDATE_IOMMU_PAGES. */
    public static int domain(long quadword0) {
        return (int) (quadword0 >>> DOMAIN_SHIFT) & 0xFFFF;
    }

    /**
     * PASID of INVALIDATE_IOTLB_PAGES, or -1 with GN=0. Of the two known ways to split it, this is the one that current
     * Linux uses (MC-161): bits 15:8 in q0[23:16], 7:0 in q0[55:48], 19:16 in q0[59:56].
     */
    public static int devicePasid(long quadword0, long quadword1) {
        if ((quadword1 & GUEST) == 0) {
            return -1;
        }
        int high = (int) (quadword0 >>> 56) & 0xF;
        int middle = (int) (quadword0 >>> 16) & 0xFF;
        int low = (int) (quadword0 >>> 48) & 0xFF;
        return high << 16 | middle << 8 | low;
    }

    /** QueueID of INVALIDATE_IOTLB_PAGES. */
    public static int queue(long quadword0) {
        return (int) (quadword0 >>> DOMAIN_SHIFT) & 0xFFFF;
    }

    /** MaxPend of INVALIDATE_IOTLB_PAGES: most requests of its queue that may be on their way. */
    public static int mostPending(long quadword0) {
        return (int) (quadword0 >>> COUNT_SHIFT) & 0xFF;
    }

    /** Type of INVALIDATE_IOTLB_PAGES, 0 to 3. */
    public static int invalidationType(long quadword1) {
        return (int) (quadword1 & INVALIDATE_TYPE) >>> INVALIDATE_TYPE_SHIFT;
    }

    /** PASID of PREFETCH_IOMMU_PAGES, or -1 with GN=0. */
    public static int prefetchedPasid(long quadword0, long quadword1) {
        return completedPasid(quadword0, quadword1);
    }

    /** PFCount of PREFETCH_IOMMU_PAGES. */
    public static int prefetchCount(long quadword0) {
        return (int) (quadword0 >>> COUNT_SHIFT) & 0xFF;
    }

    /** PASID of COMPLETE_PPR_REQUEST, or -1 with GN=0. */
    public static int completedPasid(long quadword0, long quadword1) {
        return (quadword1 & GUEST) != 0 ? (int) (quadword0 >>> COMPLETION_PASID_SHIFT) & 0xF_FFFF : -1;
    }

    /** Page request group that COMPLETE_PPR_REQUEST answers: bits 8:0 of the completion tag. */
    public static int completedGroup(long quadword1) {
        return (int) (quadword1 >>> COMPLETION_TAG_SHIFT) & 0x1FF;
    }

    /** Response code of COMPLETE_PPR_REQUEST: bits 15:12 of the completion tag. */
    public static int completionCode(long quadword1) {
        return (int) (quadword1 >>> COMPLETION_CODE_SHIFT) & 0xF;
    }

    /** Whether the opcode exists in host's and guests' rings alike, given the capability header's IotlbSup and EFR. */
    public static boolean isLegal(int opcode, boolean isIotlbSupported, long features) {
        return switch (opcode) {
            case COMPLETION_WAIT, INVALIDATE_DEVTAB_ENTRY, INVALIDATE_IOMMU_PAGES, INVALIDATE_INTERRUPT_TABLE -> true;
            case INVALIDATE_IOTLB_PAGES -> isIotlbSupported;
            case PREFETCH_IOMMU_PAGES -> (features & FeatureDescriptor.PREFETCH) != 0;
            case COMPLETE_PPR_REQUEST -> (features & FeatureDescriptor.PPR) != 0;
            case INVALIDATE_IOMMU_ALL -> (features & FeatureDescriptor.INVALIDATE_ALL) != 0;
            default -> false;
        };
    }

    /** Reserved bits of q0 (reference 3.4). */
    public static long reserved0(int opcode) {
        return switch (opcode) {
            case COMPLETION_WAIT -> 0x0FF0_0000_0000_0000L;
            case INVALIDATE_DEVTAB_ENTRY, INVALIDATE_INTERRUPT_TABLE -> 0x0FFF_FFFF_FFFF_0000L;
            case INVALIDATE_IOMMU_PAGES -> 0x0FFF_0000_FFF0_0000L;
            case PREFETCH_IOMMU_PAGES -> 0x0FF0_0000_00FF_0000L;
            case COMPLETE_PPR_REQUEST -> 0x0FF0_0000_FFFF_0000L;
            case INVALIDATE_IOMMU_ALL -> 0x0FFF_FFFF_FFFF_FFFFL;
            case INSERT_GUEST_EVENT -> 0x0FFF_0000_FFFF_FFFFL;
            case RESET_VMMIO -> 0x0FFF_FFFF_0FFF_0000L;
            default -> 0;
        };
    }

    /** Reserved bits of q1 (reference 3.4). */
    public static long reserved1(int opcode, long features) {
        return switch (opcode) {
            case INVALIDATE_DEVTAB_ENTRY,
                    INVALIDATE_INTERRUPT_TABLE,
                    INVALIDATE_IOMMU_ALL,
                    INSERT_GUEST_EVENT,
                    RESET_VMMIO -> -1L;
            case INVALIDATE_IOMMU_PAGES -> 0xFF8;
            case INVALIDATE_IOTLB_PAGES ->
                0xFCA | ((features & FeatureDescriptor.INVALIDATE_IOTLB_TYPE) != 0 ? 0 : INVALIDATE_TYPE);
            case PREFETCH_IOMMU_PAGES -> 0xFEA;
            case COMPLETE_PPR_REQUEST -> 0xFFFF_0000_FFFF_FFFBL;
            default -> 0;
        };
    }

    /** Whether the command covers more than one page. */
    public static boolean coversManyPages(long quadword1) {
        return (quadword1 & MANY_PAGES) != 0;
    }

    /** Address field of the invalidations, as it stands. */
    public static long address(long quadword1) {
        return quadword1 & ADDRESS_MASK;
    }

    /**
     * log2 of the size of the range (reference 3.2): 12 with S=0; with S=1 one more than the lowest zero bit from bit 12
     * up, 13 to 64. An address of all ones, which the specification leaves undefined, counts as everything (MC-23).
     */
    public static int rangeShift(long quadword1) {
        if (!coversManyPages(quadword1)) {
            return ADDRESS_SHIFT;
        }
        int zero = Long.numberOfTrailingZeros(~(quadword1 | ~ADDRESS_MASK));
        return Math.min(zero + 1, Long.SIZE);
    }

    /** First address of the range. */
    public static long rangeFirst(long quadword1) {
        int shift = rangeShift(quadword1);
        return shift == Long.SIZE ? 0 : quadword1 & -1L << shift;
    }

    /** Last address of the range. */
    public static long rangeLast(long quadword1) {
        int shift = rangeShift(quadword1);
        return shift == Long.SIZE ? -1L : rangeFirst(quadword1) + (1L << shift) - 1;
    }

    /** Bytes of the range, or {@link #EVERYTHING}. */
    public static long rangeSize(long quadword1) {
        int shift = rangeShift(quadword1);
        return shift == Long.SIZE ? EVERYTHING : 1L << shift;
    }

    /**
     * q0 of COMPLETION_WAIT.
     *
     * @param flags {@link #STORE}, {@link #INTERRUPT}, {@link #FLUSH}
     * @param storeAddress a multiple of 8
     */
    public static long completionWait(long flags, long storeAddress) {
        return code(COMPLETION_WAIT) | storeAddress & STORE_ADDRESS_MASK | flags;
    }

    /** q0 of INVALIDATE_DEVTAB_ENTRY and INVALIDATE_INTERRUPT_TABLE. */
    public static long ofRequester(int opcode, int requester) {
        return code(opcode) | requester & 0xFFFFL;
    }

    /** q0 of INVALIDATE_IOMMU_PAGES. */
    public static long invalidatePages(int domain, int pasid) {
        return code(INVALIDATE_IOMMU_PAGES) | (domain & 0xFFFFL) << DOMAIN_SHIFT | pasid & 0xF_FFFFL;
    }

    /**
     * q0 of INVALIDATE_IOTLB_PAGES; the inverse of {@link #devicePasid}.
     *
     * @param mostPending MaxPend, 0 to 255
     * @param pasid 20 bits; 0 with GN=0
     */
    public static long invalidateDevicePages(int requester, int queue, int mostPending, int pasid) {
        return code(INVALIDATE_IOTLB_PAGES)
                | (pasid & 0xF_0000L) << 40
                | (pasid & 0xFFL) << 48
                | (queue & 0xFFFFL) << DOMAIN_SHIFT
                | (mostPending & 0xFFL) << COUNT_SHIFT
                | (pasid & 0xFF00L) << 8
                | requester & 0xFFFFL;
    }

    /** q0 of COMPLETE_PPR_REQUEST; PASID 0 with GN=0. */
    public static long completePageRequest(int requester, int pasid) {
        return code(COMPLETE_PPR_REQUEST) | (pasid & 0xF_FFFFL) << COMPLETION_PASID_SHIFT | requester & 0xFFFFL;
    }

    /** Group and response code of COMPLETE_PPR_REQUEST in q1, without GN. */
    public static long completionTag(int group, int responseCode) {
        return (group & 0x1FFL) << COMPLETION_TAG_SHIFT | (responseCode & 0xFL) << COMPLETION_CODE_SHIFT;
    }

    /** q0 of INVALIDATE_IOMMU_ALL. */
    public static long invalidateAll() {
        return code(INVALIDATE_IOMMU_ALL);
    }

    /**
     * Address and S, in q1, of the smallest range that can be said and holds these bytes (reference 3.2): a power of two,
     * aligned to itself. Beyond 2^52 bytes it is the whole address space.
     *
     * @param address of the first byte
     * @param last address of the last byte, not below {@code address} (unsigned)
     */
    public static long range(long address, long last) {
        int shift = Long.SIZE - Long.numberOfLeadingZeros(address ^ last);
        if (shift <= ADDRESS_SHIFT) {
            return address & ADDRESS_MASK;
        }
        if (shift > LARGEST_RANGE_SHIFT) {
            return WHOLE_SPACE;
        }
        long below = (1L << shift - 1) - 1;
        return (address & -1L << shift | below) & ADDRESS_MASK | MANY_PAGES;
    }

    private static long code(int opcode) {
        return (long) opcode << OPCODE_SHIFT;
    }
}
