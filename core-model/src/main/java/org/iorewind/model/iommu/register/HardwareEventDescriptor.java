package org.iorewind.model.iommu.register;

/**
 * The registers that keep the latest hardware error (reference 1.9), present with HESup.
 *
 * <pre>
 *   0040h  63  60 59                                                     0
 *         ┌──────┬────────────────────────────────────────────────────────┐
 *         │ code │ first operand: the rest of the event's first quadword  │
 *   0048h ├──────┴────────────────────────────────────────────────────────┤
 *         │ second quadword of the event                                  │
 *   0050h ├──────────────────────────────────────────────────────┬────┬───┤
 *         │ reserved                                             │HEO*│HEV│*  cleared by writing 1
 *         └──────────────────────────────────────────────────────┴────┴───┘
 * </pre>
 */
public final class HardwareEventDescriptor {
    /** First quadword of the event. */
    public static final int UPPER = 0x0040;
    /** Second quadword of the event. */
    public static final int LOWER = 0x0048;
    /** Status. */
    public static final int STATUS = 0x0050;
    /** HEV: the two other registers hold an event. */
    public static final long VALID = 1;
    /** HEO: another event came while HEV was set. */
    public static final long OVERFLOW = 2;

    private HardwareEventDescriptor() {}
}
