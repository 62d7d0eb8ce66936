package org.iorewind.model.iommu.register;

/**
 * The extended feature registers 0030h and 01A0h (reference 1.7, 1.8): the fields that the model looks at.
 *
 * <pre>
 *  EFR   63 SNPSup  52 HDSup  50 EPHSup  49 HASup  48 GIoSup  39:38 DevTblSegSup  31 SATSSup  17:16 SmiFSup
 *        11:10 HATS  9 PCSup  8 HESup  7 GASup  6 IASup  4 GTSup  2 XTSup  1 PPRSup  0 PreFSup
 *  EFR2  11 HtRangeIgnore  9:8 NumIntRemapSup
 * </pre>
 */
public final class FeatureDescriptor {
    /** PreFSup: PREFETCH_IOMMU_PAGES is legal. */
    public static final long PREFETCH = 1L;
    /** PPRSup. */
    public static final long PPR = 1L << 1;
    /** XTSup. */
    public static final long XT = 1L << 2;
    /** GTSup. */
    public static final long GUEST_TRANSLATION = 1L << 4;
    /** IASup: INVALIDATE_IOMMU_ALL is legal. */
    public static final long INVALIDATE_ALL = 1L << 6;
    /** GASup. */
    public static final long GUEST_APIC = 1L << 7;
    /** PCSup: performance counters. */
    public static final long PERFORMANCE_COUNTERS = 1L << 9;
    /** Lowest bit of HATS. */
    public static final int HATS_SHIFT = 10;
    /** HATS code 2: six levels. */
    public static final long HATS_SIX_LEVELS = 2L << HATS_SHIFT;
    /** SATSSup. */
    public static final long SECURE_ATS = 1L << 31;
    /** Lowest bit of DevTblSegSup. */
    public static final int SEGMENT_SUPPORT_SHIFT = 38;
    /** GIoSup. */
    public static final long GUEST_IO = 1L << 48;
    /** HASup. */
    public static final long HOST_ACCESSED = 1L << 49;
    /** EPHSup. */
    public static final long ENHANCED_PPR = 1L << 50;
    /** HDSup. */
    public static final long HOST_DIRTY = 1L << 52;
    /** InvIotlbTypeSup. */
    public static final long INVALIDATE_IOTLB_TYPE = 1L << 54;
    /** SNPSup. */
    public static final long SNP = 1L << 63;
    /** HtRangeIgnore, in EFR2. */
    public static final long HT_RANGE_IGNORE = 1L << 11;
    /** Lowest bit of NumIntRemapSup, in EFR2. */
    public static final int INT_REMAP_SUPPORT_SHIFT = 8;

    private static final int FEWEST_LEVELS = 4;
    private static final int RESERVED_HATS = 3;

    private FeatureDescriptor() {}

    /** Largest legal Mode: 4 to 6; 0 when HATS holds the reserved code, which stands for no host translation. */
    public static int hostLevels(long features) {
        int code = (int) (features >>> HATS_SHIFT & 3);
        return code == RESERVED_HATS ? 0 : FEWEST_LEVELS + code;
    }

    /** DevTblSegSup: log2 of the number of segments, 0 to 3. */
    public static int segmentCode(long features) {
        return (int) (features >>> SEGMENT_SUPPORT_SHIFT & 3);
    }

    /** Whether EFR2 offers 2048 interrupt table entries for each function. */
    public static boolean hasTwoThousandInterrupts(long features2) {
        return (features2 >>> INT_REMAP_SUPPORT_SHIFT & 3) == 1;
    }
}
