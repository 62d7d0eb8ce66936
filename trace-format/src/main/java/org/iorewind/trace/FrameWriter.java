package org.iorewind.trace;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.iorewind.trace.FrameDescriptor.HEADER_LENGTH;

import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.sbe.MessageHeaderEncoder;
import org.iorewind.trace.sbe.OriginEncoder;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

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
    /** Bits 39:0 of a frame's third word without the flags of a single event: source, IOMMU, guest. */
    private long originWord;

    private static final int[] VERSIONS = versions();
    private static final int WORD2 = FrameDescriptor.SOURCE_OFFSET;
    private static final int IOMMU_SHIFT = Byte.SIZE * (FrameDescriptor.IOMMU_OFFSET - WORD2);
    private static final int GUEST_SHIFT = Byte.SIZE * (FrameDescriptor.GUEST_OFFSET - WORD2);
    private static final int FLAGS_SHIFT = Byte.SIZE * (FrameDescriptor.FLAGS_OFFSET - WORD2);

    private final EventAppender appender;
    private final @Nullable WordAppender words;
    private final OriginEncoder origin = new OriginEncoder();

    FrameWriter(EventAppender appender) {
        this.appender = appender;
        this.words = appender instanceof WordAppender direct ? direct : null;
    }

    /** To be called when the source, the IOMMU or the guest has changed. */
    final void originChanged() {
        long word = source & 0xFFL | (iommu & 0xFFL) << IOMMU_SHIFT;
        originWord = guest == EventWriter.NO_GUEST
                ? word
                : word | (guest & 0xFFFFL) << GUEST_SHIFT | (long) EventFlag.GUEST_PRESENT << FLAGS_SHIFT;
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

    /**
     * Appends a frame of 40 bytes without variable fields that was made in registers: with the encoders it takes five times as
     * long.
     *
     * @param header its first word
     * @param behindOrigin bits 63:40 of its third word, what stands behind the origin there
     * @param word3 its fourth word
     * @param word4 its last one
     */
    final long finish(long header, long behindOrigin, long word3, long word4) {
        long word2 = behindOrigin | originWord;
        if (flags != 0) {
            word2 |= (flags & 0xFFL) << FLAGS_SHIFT;
            flags = 0;
        }
        WordAppender direct = words;
        if (direct != null) {
            return direct.append(header, timeNs, word2, word3, word4);
        }
        buffer.putLong(0, header, LITTLE_ENDIAN);
        buffer.putLong(Long.BYTES, timeNs, LITTLE_ENDIAN);
        buffer.putLong(2 * Long.BYTES, word2, LITTLE_ENDIAN);
        buffer.putLong(3 * Long.BYTES, word3, LITTLE_ENDIAN);
        buffer.putLong(4 * Long.BYTES, word4, LITTLE_ENDIAN);
        return appender.append(buffer, 0, 5 * Long.BYTES);
    }
}
