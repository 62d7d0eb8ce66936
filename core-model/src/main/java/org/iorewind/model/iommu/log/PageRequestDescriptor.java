package org.iorewind.model.iommu.log;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;

/**
 * A PPR log entry (reference 5.1). An INVALID_PPR_REQUEST event has the same fields and the code 9 (reference 4.3).
 *
 * <pre>
 *  q0  63  60 59          48 47 46 45     42 41  40      32 31        16 15         0
 *     ┌──────┬──────────────┬─────┬─────────┬────┬──────────┬────────────┬────────────┐
 *     │ code │ flags        │ rsvd│PASID hi │last│  group   │ PASID low  │  DeviceID  │
 *     └──────┴──────────────┴─────┴─────────┴────┴──────────┴────────────┴────────────┘
 *       flags: 11 10  9  8  7  6  5  4  3  2  1  0
 *              -- -- -- GN RZ US  W -- --  R  X --
 *  q1  63                                                      12 11                0
 *     ┌──────────────────────────────────────────────────────────┬──────────────────┐
 *     │ page address                                             │ 0                │
 *     └──────────────────────────────────────────────────────────┴──────────────────┘
 * </pre>
 */
public final class PageRequestDescriptor {
    /** Right asked for: read. */
    public static final int READ = AccessKind.RIGHT_READ;
    /** Right asked for: write. */
    public static final int WRITE = AccessKind.RIGHT_WRITE;
    /** Right asked for: execute. */
    public static final int EXECUTE = 4;
    /** The request has user privilege. */
    public static final int USER = 8;

    /** Code of a page service request. */
    public static final int CODE_REQUEST = 1;
    /** Bits of the page request group index. */
    public static final int GROUP_MASK = 0x1FF;
    /** The page of an address. */
    public static final long PAGE_MASK = -1L << 12;
    /** Response code: the pages are there. */
    public static final int RESPONSE_SUCCESS = 0;
    /** Response code: invalid request. */
    public static final int RESPONSE_INVALID = 1;
    /** Response code: failure. */
    public static final int RESPONSE_FAILURE = 15;

    private static final int PASID_MASK = 0xF_FFFF;
    private static final int FLAG_EXECUTE = 0x002;
    private static final int FLAG_READ = 0x004;
    private static final int FLAG_WRITE = 0x020;
    private static final int FLAG_USER = 0x040;
    private static final int FLAG_GUEST = 0x100;
    private static final int FLAGS_SHIFT = 48;
    private static final int CODE_SHIFT = 60;
    private static final int PASID_LOW_SHIFT = 16;
    private static final int PASID_LOW_BITS = 16;
    private static final int PASID_HIGH_SHIFT = 42;
    private static final int GROUP_SHIFT = 32;
    private static final long LAST = 1L << 41;

    private PageRequestDescriptor() {}

    /** The 20 bits of a PASID, or {@link EffectSink#NO_PASID} for a negative value. */
    public static int pasidOrNone(int pasid) {
        return pasid < 0 ? EffectSink.NO_PASID : pasid & PASID_MASK;
    }

    /**
     * Assembles q0.
     *
     * @param code of the entry or event
     * @param requester DeviceID, 16 bits
     * @param pasid 20 bits, or {@link EffectSink#NO_PASID}
     * @param rights {@link #READ}, {@link #WRITE}, {@link #EXECUTE}, {@link #USER}
     * @param group page request group index, 9 bits
     * @param isLast whether the request ends its group
     */
    public static long quadword0(int code, int requester, int pasid, int rights, int group, boolean isLast) {
        boolean isGuest = pasid != EffectSink.NO_PASID;
        long named = isGuest ? pasid : 0;
        return (long) code << CODE_SHIFT
                | (long) flags(rights, isGuest) << FLAGS_SHIFT
                | named >>> PASID_LOW_BITS << PASID_HIGH_SHIFT
                | (isLast ? LAST : 0)
                | (long) group << GROUP_SHIFT
                | (named & 0xFFFF) << PASID_LOW_SHIFT
                | requester;
    }

    private static int flags(int rights, boolean isGuest) {
        return ((rights & EXECUTE) != 0 ? FLAG_EXECUTE : 0)
                | ((rights & READ) != 0 ? FLAG_READ : 0)
                | ((rights & WRITE) != 0 ? FLAG_WRITE : 0)
                | ((rights & USER) != 0 ? FLAG_USER : 0)
                | (isGuest ? FLAG_GUEST : 0);
    }

    /** DeviceID of an entry. */
    public static int requester(long quadword0) {
        return (int) quadword0 & 0xFFFF;
    }

    /** PASID of an entry, or {@link EffectSink#NO_PASID} with GN=0. */
    public static int pasid(long quadword0) {
        boolean isGuest = (quadword0 >>> FLAGS_SHIFT & FLAG_GUEST) != 0;
        int low = (int) (quadword0 >>> PASID_LOW_SHIFT) & 0xFFFF;
        int high = (int) (quadword0 >>> PASID_HIGH_SHIFT) & 0xF;
        return isGuest ? high << PASID_LOW_BITS | low : EffectSink.NO_PASID;
    }

    /** Page request group index of an entry. */
    public static int group(long quadword0) {
        return (int) (quadword0 >>> GROUP_SHIFT) & GROUP_MASK;
    }

    /** Whether an entry ends its group. */
    public static boolean isLast(long quadword0) {
        return (quadword0 & LAST) != 0;
    }

    /** What an entry asks for: {@link #READ}, {@link #WRITE}, {@link #EXECUTE}, {@link #USER}. */
    public static int rights(long quadword0) {
        int flags = (int) (quadword0 >>> FLAGS_SHIFT);
        return ((flags & FLAG_READ) != 0 ? READ : 0)
                | ((flags & FLAG_WRITE) != 0 ? WRITE : 0)
                | ((flags & FLAG_EXECUTE) != 0 ? EXECUTE : 0)
                | ((flags & FLAG_USER) != 0 ? USER : 0);
    }
}
