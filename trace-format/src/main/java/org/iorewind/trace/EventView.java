package org.iorewind.trace;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One event, read in place. A flyweight: it is valid until its cursor moves, and allocates nothing.
 *
 * <p>The frame starts at {@link #offset()} with an SBE {@code messageHeader}; a generated decoder is wrapped with
 * {@code decoder.wrap(view.buffer(), view.bodyOffset(), view.blockLength(), view.version())}. Readers have checked the
 * frame before it is shown here: its block length covers the fields of its version, and its variable data lies inside
 * the frame.
 *
 * <p>Not thread-safe.
 */
public interface EventView {
    /** Sequence number within the session, dense from 0. */
    long sequence();

    /** The buffer that holds the frame. */
    DirectBuffer buffer();

    /** Offset of the frame header in {@link #buffer()}. */
    int offset();

    /** Length of the whole frame in bytes, a multiple of 8. */
    int frameLength();

    /** Offset of the fixed fields in {@link #buffer()}. */
    int bodyOffset();

    /** Length of the fixed fields in bytes, as written. */
    int blockLength();

    /** Minor version of the schema that wrote the event. */
    int version();

    /** SBE template id. */
    int templateId();

    /** The kind of event, or null when this version of iorewind does not know it. */
    @Nullable
    EventKind kind();

    /** Nanoseconds since {@code SessionStart.startUnixNs}; may step back, since sources report wall clocks. */
    long timeNs();

    /** Number of the source within the session. */
    int source();

    /** Number of the IOMMU within the session. */
    int iommu();

    /** GuestID, or -1 when the event belongs to no guest. */
    int guest();

    /** The {@code EventFlags} bits. */
    int flags();
}
