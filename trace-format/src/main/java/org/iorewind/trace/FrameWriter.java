package org.iorewind.trace;

import static org.iorewind.trace.FrameDescriptor.HEADER_LENGTH;

import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.sbe.MessageHeaderEncoder;
import org.iorewind.trace.sbe.OriginEncoder;
import org.iorewind.trace.schema.EventTable;

/** What all events have in common when they are written: the frame, its origin and its padding. */
abstract class FrameWriter {
    /** Longer than any event that {@link EventWriter} makes: four texts of the longest kind. */
    private static final int BUFFER_LENGTH = 256 * 1024;

    final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    final Utf8Scratch scratch = new Utf8Scratch(EventWriter.MAX_TEXT_BYTES);
    final MessageHeaderEncoder header = new MessageHeaderEncoder();
    long timeNs;
    int source;
    int iommu;
    int guest = EventWriter.NO_GUEST;
    int flags;

    private static final int[] VERSIONS = versions();

    private final EventAppender appender;
    private final OriginEncoder origin = new OriginEncoder();

    FrameWriter(EventAppender appender) {
        this.appender = appender;
    }

    /** By the ordinal of the kind, the version of the schema that its frames carry. */
    private static int[] versions() {
        EventKind[] kinds = EventKind.values();
        int[] versions = new int[kinds.length];
        for (EventKind kind : kinds) {
            versions[kind.ordinal()] = EventTable.standard().type(kind).version();
        }
        return versions;
    }

    /** Completes the event whose body of this length is in the buffer, and appends it. */
    final long finish(EventKind kind, int bodyLength) {
        int end = HEADER_LENGTH + bodyLength;
        int length = FrameDescriptor.align(end);
        for (int i = end; i < length; i++) {
            buffer.putByte(i, (byte) 0);
        }
        header.version((short) VERSIONS[kind.ordinal()]);
        header.frameWords(length / FrameDescriptor.ALIGNMENT);
        origin.wrap(buffer, HEADER_LENGTH);
        origin.timeNs(timeNs).source((short) source).iommu((short) iommu);
        boolean guestPresent = guest != EventWriter.NO_GUEST;
        origin.guest(guestPresent ? guest & 0xFFFF : 0);
        int allFlags = guestPresent ? flags | EventFlag.GUEST_PRESENT : flags;
        buffer.putByte(FrameDescriptor.FLAGS_OFFSET, (byte) allFlags);
        flags = 0;
        return appender.append(buffer, 0, length);
    }
}
