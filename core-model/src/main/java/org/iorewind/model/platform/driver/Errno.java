package org.iorewind.model.platform.driver;

/** Results of calls, as Linux numbers them: 0 or one of these. */
public final class Errno {
    /** Done. */
    public static final int OK = 0;
    /** ENOENT: nothing is there. */
    public static final int NO_ENTRY = -2;
    /** ENOMEM. */
    public static final int NO_MEMORY = -12;
    /** EBUSY: somebody else has it. */
    public static final int BUSY = -16;
    /** EEXIST: something is there already. */
    public static final int EXISTS = -17;
    /** ENODEV: no such device. */
    public static final int NO_DEVICE = -19;
    /** EINVAL: it makes no sense. */
    public static final int INVALID = -22;
    /** ENOSPC: no number or address is left. */
    public static final int NO_SPACE = -28;
    /** ERANGE: the tables do not reach as far. */
    public static final int RANGE = -34;
    /** EOPNOTSUPP: the hardware cannot do that. */
    public static final int NOT_SUPPORTED = -95;
    /** ETIMEDOUT: the hardware did not complete its commands. */
    public static final int TIMED_OUT = -110;

    private Errno() {}
}
