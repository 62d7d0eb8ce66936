package org.iorewind.trace;

/**
 * Bits of {@link EventView#flags()}: the set {@code EventFlags} of the schema.
 *
 * <pre>
 *   7   6        5          4      3                    2                  1          0
 * +---+---+--------------+------+--------------------+------------------+----------+--------------+
 * |  rsvd | valueUnknown | late | requesterTruncated | directionUnknown | inferred | guestPresent |
 * +---+---+--------------+------+--------------------+------------------+----------+--------------+
 * </pre>
 */
public final class EventFlag {
    /** The guest field holds a GuestID. {@link EventWriter} sets it by itself. */
    public static final int GUEST_PRESENT = 1;
    /** Deduced from other records of the source, not recorded itself. */
    public static final int INFERRED = 1 << 1;
    /** MMIO: the source cannot tell a read from a write. */
    public static final int DIRECTION_UNKNOWN = 1 << 2;
    /** Only the low 8 bits of the requester id were recorded. */
    public static final int REQUESTER_TRUNCATED = 1 << 3;
    /** Read from memory some time after the moment it describes. */
    public static final int LATE = 1 << 4;
    /** MMIO: a write whose value was not recorded; replay cannot apply it. */
    public static final int VALUE_UNKNOWN = 1 << 5;

    private EventFlag() {}
}
