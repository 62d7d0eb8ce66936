package org.iorewind.model.iommu.cache;

import org.iorewind.model.iommu.EffectSink;

/**
 * Whose an entry of a cache is, and of which level.
 *
 * <pre>
 *  63       40 39   37 36              16 15           0
 *  ┌──────────┬───────┬──────────────────┬──────────────┐
 *  │    0     │ level │ PASID + 1, or 0  │   DomainID   │
 *  └──────────┴───────┴──────────────────┴──────────────┘
 * </pre>
 */
final class CacheTag {
    /** A value that is no tag. */
    static final long UNUSED = -1;
    /** Above the low part, level and DomainID. */
    static final int OWNERS = 1 << 19;
    /** Above the PASID + 1. */
    static final int PASIDS = (1 << 20) + 1;
    /** Levels that a tag can tell apart. */
    static final int LEVELS = 8;

    private static final int PASID_SHIFT = 16;
    private static final int LEVEL_SHIFT = 37;
    private static final int DOMAIN_BITS = 16;
    private static final int DOMAIN_MASK = (1 << DOMAIN_BITS) - 1;
    private static final long OWNER_MASK = (1L << LEVEL_SHIFT) - 1;

    private CacheTag() {}

    /**
     * A tag.
     *
     * @param domain DomainID
     * @param pasid PASID of 20 bits, or {@link EffectSink#NO_PASID}
     * @param level 0 to 7
     */
    static long of(int domain, int pasid, int level) {
        return (long) level << LEVEL_SHIFT | (long) (pasid + 1) << PASID_SHIFT | domain;
    }

    static int domain(long tag) {
        return (int) tag & DOMAIN_MASK;
    }

    static int level(long tag) {
        return (int) (tag >>> LEVEL_SHIFT);
    }

    /** Whether a tag names this DomainID and PASID, at any level; {@link #UNUSED} names none. */
    static boolean isOf(long tag, int domain, int pasid) {
        return tag != UNUSED && (tag & OWNER_MASK) == of(domain, pasid, 0);
    }

    /** Level and DomainID as a number below {@link #OWNERS}. */
    static int lowPart(long tag) {
        return level(tag) << DOMAIN_BITS | domain(tag);
    }

    /** PASID + 1, or 0: a number below {@link #PASIDS}. */
    static int highPart(long tag) {
        return (int) ((tag & OWNER_MASK) >>> PASID_SHIFT);
    }

    /** The tag of these parts. */
    static long ofParts(int lowPart, int highPart) {
        return of(lowPart & DOMAIN_MASK, highPart - 1, lowPart >>> DOMAIN_BITS);
    }
}
