package org.iorewind.model.iommu.virtual;

import org.iorewind.model.iommu.register.RegisterDescriptor;

/**
 * The VF-control slot of a guest: what hardware must know of the guest's first 4 KiB (amd-viommu reference 3.1). Every bit
 * that is not named reads 0, and the reset value is 0 (MC-V14).
 *
 * <pre>
 *   00h  DeviceID map control   see {@link MapDescriptor}
 *   08h  DomainID map control
 *   10h  31:16 translate DeviceID
 *   18h  51:12 base of event log B
 *   20h  51:12 base of the ring   9 ComWaitIntEn   8 CmdBufEn   3:0 CmdLen
 *   28h  51:12 base of event log A   11:10 DualEventLogEn   9 EventIntEn   8 EventLogEn   7:4 EvtLenB   3:0 EvtLenA
 *   30h  55:16 base of PPR log A   15 PprAutoRspAon   14 BlkStopMrkEn   13 PprAutoRspEn   12:11 DualPprLogEn
 *        10 PprEn   9 PprIntEn   8 PprLogEn   7:4 PprLenB   3:0 PprLenA
 *   38h  51:12 base of PPR log B
 * </pre>
 */
public final class GuestControlDescriptor {
    /** log2 of the bytes of a slot. */
    public static final int SHIFT = 6;
    /** Bytes of a slot. */
    public static final int BYTES = 1 << SHIFT;
    /** DeviceID map control. */
    public static final int DEVICE_MAP = 0x00;
    /** DomainID map control. */
    public static final int DOMAIN_MAP = 0x08;
    /** Translate DeviceID. */
    public static final int MISCELLANEOUS = 0x10;
    /** Base of event log B. */
    public static final int EVENT_BASE_B = 0x18;
    /** Command ring. */
    public static final int COMMAND = 0x20;
    /** Event logs. */
    public static final int EVENT = 0x28;
    /** PPR logs. */
    public static final int PPR = 0x30;
    /** Base of PPR log B. */
    public static final int PPR_BASE_B = 0x38;

    /** CmdBufEn, EventLogEn or PprLogEn. */
    public static final long ENABLE = 1L << 8;
    /** ComWaitIntEn, EventIntEn or PprIntEn. */
    public static final long INTERRUPT_ENABLE = 1L << 9;
    /** PprEn. */
    public static final long PPR_EN = 1L << 10;
    /** PprAutoRspEn. */
    public static final long AUTO_RESPONSE = 1L << 13;
    /** BlkStopMrkEn. */
    public static final long BLOCK_STOP_MARKERS = 1L << 14;
    /** PprAutoRspAon. */
    public static final long AUTO_RESPONSE_ALWAYS = 1L << 15;
    /** Lowest bit of DualEventLogEn. */
    public static final int DUAL_EVENT_SHIFT = 10;
    /** Lowest bit of DualPprLogEn. */
    public static final int DUAL_PPR_SHIFT = 11;

    private static final int DEVICE_SHIFT = 16;
    private static final int LENGTH_MASK = 0xF;
    private static final int LENGTH_B_SHIFT = 4;
    private static final int PPR_BASE_SHIFT = 4;
    private static final long DEVICE_MASK = 0xFFFF_0000L;
    private static final long COMMAND_MASK = RegisterDescriptor.BASE_MASK | 0x30F;
    private static final long EVENT_MASK = RegisterDescriptor.BASE_MASK | 0xFFF;
    private static final long PPR_MASK = RegisterDescriptor.BASE_MASK << PPR_BASE_SHIFT | 0xFFFF;

    private GuestControlDescriptor() {}

    /** Bits of a register that are storage. */
    public static long writable(int register) {
        return switch (register) {
            case DEVICE_MAP, DOMAIN_MAP -> MapDescriptor.STORED;
            case MISCELLANEOUS -> DEVICE_MASK;
            case COMMAND -> COMMAND_MASK;
            case EVENT -> EVENT_MASK;
            case PPR -> PPR_MASK;
            default -> RegisterDescriptor.BASE_MASK;
        };
    }

    /** Translate DeviceID. */
    public static int translateDevice(long miscellaneous) {
        return (int) (miscellaneous >>> DEVICE_SHIFT) & 0xFFFF;
    }

    /** Length code of the ring or of log A. */
    public static int length(long register) {
        return (int) register & LENGTH_MASK;
    }

    /** Length code of log B. */
    public static int lengthB(long register) {
        return (int) (register >>> LENGTH_B_SHIFT) & LENGTH_MASK;
    }

    /** Base of PPR log A. */
    public static long pprBase(long ppr) {
        return RegisterDescriptor.base(ppr >>> PPR_BASE_SHIFT);
    }
}
