package org.iorewind.model.iommu.register;

/**
 * The status register 2020h (reference 1.11). Bits marked * are cleared by writing 1; the others ignore writes.
 *
 * <pre>
 *   18  17  16  15 14 13 12  11  10   9   8   7   6   5   4   3   2   1   0
 *  ┌───┬───┬───┬───┬─────┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┐
 *  │PE*│PE*│ELA│EO*│rsvd │PLA│PO*│GI*│GO*│GR │PR │PI*│PO*│CBR│ELR│CW*│EI*│EO*│
 *  └───┴───┴───┴───┴─────┴───┴───┴───┴───┴───┴───┴───┴───┴───┴───┴───┴───┴───┘
 * </pre>
 */
public final class StatusDescriptor {
    /** EventOverflow. */
    public static final long EVENT_OVERFLOW = 1L;
    /** EventLogInt. */
    public static final long EVENT_LOG_INT = 1L << 1;
    /** ComWaitInt. */
    public static final long COM_WAIT_INT = 1L << 2;
    /** EventLogRun. */
    public static final long EVENT_LOG_RUN = 1L << 3;
    /** CmdBufRun. */
    public static final long CMD_BUF_RUN = 1L << 4;
    /** PprOverflow. */
    public static final long PPR_OVERFLOW = 1L << 5;
    /** PprInt. */
    public static final long PPR_INT = 1L << 6;
    /** PprLogRun. */
    public static final long PPR_LOG_RUN = 1L << 7;
    /** GALogRun. */
    public static final long GA_LOG_RUN = 1L << 8;
    /** GALOverflow. */
    public static final long GA_LOG_OVERFLOW = 1L << 9;
    /** GAInt. */
    public static final long GA_INT = 1L << 10;
    /** PprOverflowB. */
    public static final long PPR_OVERFLOW_B = 1L << 11;
    /** PprLogActive: PPR log B is the one that is filled. */
    public static final long PPR_LOG_ACTIVE = 1L << 12;
    /** EventOverflowB. */
    public static final long EVENT_OVERFLOW_B = 1L << 15;
    /** EventLogActive: event log B is the one that is filled. */
    public static final long EVENT_LOG_ACTIVE = 1L << 16;
    /** PprOverflowEarlyB. */
    public static final long PPR_OVERFLOW_EARLY_B = 1L << 17;
    /** PprOverflowEarly. */
    public static final long PPR_OVERFLOW_EARLY = 1L << 18;
    /** All bits that are cleared by writing 1. */
    public static final long WRITE_ONE_TO_CLEAR = 0x6_8E67;

    private StatusDescriptor() {}
}
