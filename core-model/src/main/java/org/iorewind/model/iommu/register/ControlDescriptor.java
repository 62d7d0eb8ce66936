package org.iorewind.model.iommu.register;

import org.iorewind.model.iommu.Feature;

/**
 * The control register 0018h (reference 1.5).
 *
 * <pre>
 *  63    61 60 59 58 57 56 55 54 53 52 51 50 49 48 47  46 45 44  43 42 41 40 39 38  37 36   34 33  32
 *  ┌───────┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──────┬──┬──────┬──┬──┬──┬──┬──────┬───────┬──────┐
 *  │SNPAVIC│GB│IC│GT│rs│TM│GP│GU│vI│VC│IX│XT│rs│GD│HADUpd│EP│NIRMod│AO│BS│MA│AR│PrivAb│DevTblS│DualEv│
 *  └───────┴──┴──┴──┴──┴──┴──┴──┴──┴──┴──┴──┴──┴──┴──────┴──┴──────┴──┴──┴──┴──┴──────┴───────┴──────┘
 *  31  30 29 28 27   25 24 23 22 21   18 17 16 15 14 13 12 11 10 9 8 7     5 4 3 2 1 0
 *  ┌─────┬──┬──┬───────┬──┬──┬──┬───────┬──┬──┬──┬──┬──┬──┬──┬──┬─┬─┬───────┬─┬─┬─┬─┬─┐
 *  │DualP│GI│GL│ GAMEn │SL│SW│SF│  CRW  │GA│GT│PE│PI│PL│CB│Is│Co│R│P│InvTime│C│E│E│H│I│
 *  └─────┴──┴──┴───────┴──┴──┴──┴───────┴──┴──┴──┴──┴──┴──┴──┴──┴─┴─┴───────┴─┴─┴─┴─┴─┘
 * </pre>
 */
public final class ControlDescriptor {
    /** IommuEn: master enable. */
    public static final long IOMMU_EN = 1L;
    /** EventLogEn. */
    public static final long EVENT_LOG_EN = 1L << 2;
    /** EventIntEn. */
    public static final long EVENT_INT_EN = 1L << 3;
    /** ComWaitIntEn. */
    public static final long COM_WAIT_INT_EN = 1L << 4;
    /** Lowest bit of InvTimeOut. */
    public static final int INVALIDATION_TIME_OUT_SHIFT = 5;
    /** Coherent; 1 after reset. */
    public static final long COHERENT = 1L << 10;
    /** CmdBufEn. */
    public static final long CMD_BUF_EN = 1L << 12;
    /** PprLogEn. */
    public static final long PPR_LOG_EN = 1L << 13;
    /** PprIntEn. */
    public static final long PPR_INT_EN = 1L << 14;
    /** PprEn. */
    public static final long PPR_EN = 1L << 15;
    /** GTEn: guest translation. */
    public static final long GT_EN = 1L << 16;
    /** GAEn: 128-bit interrupt table entries. */
    public static final long GA_EN = 1L << 17;
    /** CRW: implementation specific. */
    public static final long CRW_MASK = 0xFL << 18;
    /** SmiFEn: SMI filter. */
    public static final long SMI_FILTER_EN = 1L << 22;
    /** SmiFLogEn: report SMIs that the filter refuses. */
    public static final long SMI_FILTER_LOG_EN = 1L << 24;
    /** GAMEn: guest virtual APIC mode. */
    public static final long GAM_EN_MASK = 7L << 25;
    /** GAMEn, virtual APIC mode. */
    public static final long GAM_EN_VIRTUAL_APIC = 1L << 25;
    /** GALogEn. */
    public static final long GA_LOG_EN = 1L << 28;
    /** GAIntEn. */
    public static final long GA_INT_EN = 1L << 29;
    /** Lowest bit of DevTblSegEn. */
    public static final int SEGMENT_SHIFT = 34;
    /** Bits of DevTblSegEn. */
    public static final long SEGMENT_MASK = 7;
    /** PrivAbrtEn: treatment of privileged requests. */
    public static final long PRIVILEGED_ABORT_MASK = 3L << 37;
    /** PprAutoRspEn: answer page requests that the log cannot take. */
    public static final long PPR_AUTO_RESPONSE_EN = 1L << 39;
    /** MarcEn: relocation apertures. */
    public static final long MARC_EN = 1L << 40;
    /** BlkStopMrkEn: block stop markers. */
    public static final long BLOCK_STOP_MARKERS = 1L << 41;
    /** PprAutoRspAon: answer all page requests. */
    public static final long PPR_AUTO_RESPONSE_ALWAYS = 1L << 42;
    /** Lowest bit of NumIntRemapMode. */
    public static final int INT_REMAP_MODE_SHIFT = 43;
    /** NumIntRemapMode: 2048 entries for each function. */
    public static final long INT_REMAP_MODE_2K = 1;
    /** GDUpdateDis: D of guest entries is not updated. */
    public static final long GUEST_DIRTY_UPDATE_DIS = 1L << 48;
    /** XTEn: 32-bit interrupt destinations. */
    public static final long XT_EN = 1L << 50;
    /** IntCapXTEn: own interrupts use the registers 0170h to 0180h. */
    public static final long INT_CAP_XT_EN = 1L << 51;
    /** VCmdEn: guest commands are processed. */
    public static final long V_CMD_EN = 1L << 52;
    /** vIommuEn: master enable of hardware vIOMMU. */
    public static final long VIOMMU_EN = 1L << 53;
    /** VCmdEn and vIommuEn. */
    public static final long VIOMMU_MASK = V_CMD_EN | VIOMMU_EN;
    /** GAPPIEn: guest APIC physical-processor interrupts. */
    public static final long GAPPI_EN = 1L << 55;
    /** GCR3TRPMode: the GCR3 root pointer is a guest physical address. */
    public static final long GCR3_TRP_MODE = 1L << 58;
    /** IRTCacheDis. */
    public static final long IRT_CACHE_DIS = 1L << 59;
    /** GstBufferTRPMode: bases of guest buffers are guest physical addresses. */
    public static final long GUEST_BUFFER_TRP_MODE = 1L << 60;
    /** Bits 49 and 57. */
    public static final long RESERVED = 1L << 49 | 1L << 57;

    /** Bits that turn on what the model does not have; those of vIOMMU only where EFR lacks it. */
    public static final long NOT_MODELLED_MASK = GAPPI_EN | CRW_MASK | PRIVILEGED_ABORT_MASK | VIOMMU_MASK;

    private ControlDescriptor() {}

    /** The feature behind a bit of {@link #NOT_MODELLED_MASK}. */
    public static Feature featureOf(long bit) {
        if ((bit & GAPPI_EN) != 0) {
            return Feature.GUEST_APIC;
        }
        if ((bit & CRW_MASK) != 0) {
            return Feature.IMPLEMENTATION_CONTROL;
        }
        if ((bit & PRIVILEGED_ABORT_MASK) != 0) {
            return Feature.PRIVILEGED_ABORT;
        }
        return Feature.VIOMMU;
    }

    /** InvTimeOut: 0 for none, else a code of how long the IOMMU waits for a device's invalidation response. */
    public static int invalidationTimeOut(long control) {
        return (int) (control >>> INVALIDATION_TIME_OUT_SHIFT) & 7;
    }

    /** DevTblSegEn: log2 of the number of device table segments, 0 to 7 (4 to 7 reserved). */
    public static int segmentCode(long control) {
        return (int) (control >>> SEGMENT_SHIFT & SEGMENT_MASK);
    }

    /** NumIntRemapMode, 0 to 3. */
    public static long intRemapMode(long control) {
        return control >>> INT_REMAP_MODE_SHIFT & 3;
    }
}
