package org.iorewind.model.iommu.register;

/**
 * The extended feature registers 0030h and 01A0h (reference 1.7, 1.8): the fields that the model looks at.
 *
 * <pre>
 *  EFR   63 SNPSup  55 vIommuSup  52 HDSup  50 EPHSup  49 HASup  48 GIoSup  46 MsiCapMmioSup  45 PerfOptSup  44 BlkStopMrkSup
 *        41 PprAutoRspSup  40 PprOvrflwEarlySup  39:38 DevTblSegSup  37 USSup  36:32 PASmax  31 SATSSup  20:18 SmiFRC
 *        17:16 SmiFSup  15:14 GLXSup  13:12 GATS  11:10 HATS  9 PCSup  8 HESup  7 GASup  6 IASup  4 GTSup  3 NXSup
 *        2 XTSup  1 PPRSup  0 PreFSup
 *  EFR2  11 HtRangeIgnore  9:8 NumIntRemapSup  4 GstBufferTRPModeSup  3 GCR3TRPModeSup
 * </pre>
 */
public final class FeatureDescriptor {
    /** PreFSup: PREFETCH_IOMMU_PAGES is legal. */
    public static final long PREFETCH = 1L;
    /** PPRSup. */
    public static final long PPR = 1L << 1;
    /** XTSup. */
    public static final long XT = 1L << 2;
    /** NXSup: NX of guest entries. */
    public static final long NO_EXECUTE = 1L << 3;
    /** GTSup. */
    public static final long GUEST_TRANSLATION = 1L << 4;
    /** IASup: INVALIDATE_IOMMU_ALL is legal. */
    public static final long INVALIDATE_ALL = 1L << 6;
    /** GASup. */
    public static final long GUEST_APIC = 1L << 7;
    /** HESup: the hardware event registers exist. */
    public static final long HARDWARE_EVENTS = 1L << 8;
    /** PCSup: performance counters. */
    public static final long PERFORMANCE_COUNTERS = 1L << 9;
    /** Lowest bit of HATS. */
    public static final int HATS_SHIFT = 10;
    /** HATS code 2: six levels. */
    public static final long HATS_SIX_LEVELS = 2L << HATS_SHIFT;
    /** Lowest bit of GATS. */
    public static final int GATS_SHIFT = 12;
    /** Lowest bit of GLXSup. */
    public static final int GLX_SUPPORT_SHIFT = 14;
    /** SATSSup. */
    public static final long SECURE_ATS = 1L << 31;
    /** Lowest bit of PASmax. */
    public static final int PASID_MAX_SHIFT = 32;
    /** USSup: requests carry a privilege. */
    public static final long USER_SUPERVISOR = 1L << 37;
    /** Lowest bit of DevTblSegSup. */
    public static final int SEGMENT_SUPPORT_SHIFT = 38;
    /** PprOvrflwEarlySup: early overflow of the PPR log. */
    public static final long PPR_OVERFLOW_EARLY = 1L << 40;
    /** PprAutoRspSup: automatic responses to page requests. */
    public static final long PPR_AUTO_RESPONSE = 1L << 41;
    /** BlkStopMrkSup: stop markers can be blocked. */
    public static final long BLOCK_STOP_MARKERS = 1L << 44;
    /** PerfOptSup: the performance optimisation control exists. */
    public static final long PERFORMANCE_OPTIMISATION = 1L << 45;
    /** MsiCapMmioSup: the MSI capability has mirrors. */
    public static final long MSI_MIRRORS = 1L << 46;
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
    /** vIommuSup: hardware vIOMMU. */
    public static final long VIOMMU = 1L << 55;
    /** SNPSup. */
    public static final long SNP = 1L << 63;
    /** GCR3TRPModeSup, in EFR2. */
    public static final long GCR3_TRP_MODE = 1L << 3;
    /** GstBufferTRPModeSup, in EFR2: by field order, since sources disagree about bit 4 (MC-V12). */
    public static final long GUEST_BUFFER_TRP_MODE = 1L << 4;
    /** HtRangeIgnore, in EFR2. */
    public static final long HT_RANGE_IGNORE = 1L << 11;
    /** Lowest bit of NumIntRemapSup, in EFR2. */
    public static final int INT_REMAP_SUPPORT_SHIFT = 8;

    private static final int FEWEST_LEVELS = 4;
    private static final int RESERVED_HATS = 3;
    private static final int MOST_GCR3_LEVELS = 3;

    private FeatureDescriptor() {}

    /** Largest legal Mode: 4 to 6; 0 when HATS holds the reserved code, which stands for no host translation. */
    public static int hostLevels(long features) {
        int code = (int) (features >>> HATS_SHIFT & 3);
        return code == RESERVED_HATS ? 0 : FEWEST_LEVELS + code;
    }

    /** GATS: levels of guest tables, 4 or 5; the reserved codes count as 5 (MC-41). */
    public static int guestLevels(long features) {
        return (features >>> GATS_SHIFT & 3) == 0 ? FEWEST_LEVELS : FEWEST_LEVELS + 1;
    }

    /** GLXSup: levels of GCR3 tables, 1 to 3; the reserved code counts as 3 (MC-41). */
    public static int gcr3Levels(long features) {
        return Math.min((int) (features >>> GLX_SUPPORT_SHIFT & 3) + 1, MOST_GCR3_LEVELS);
    }

    /** PASmax: bits of a PASID, 1 to 32. */
    public static int pasidBits(long features) {
        return (int) (features >>> PASID_MAX_SHIFT & 0x1F) + 1;
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
