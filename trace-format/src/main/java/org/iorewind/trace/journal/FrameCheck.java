package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/**
 * Lets only sound frames into a journal. Whether a frame without variable fields is sound depends on its first 8 bytes alone,
 * so those that were found sound once are remembered. Allocates nothing unless a frame is refused. Not thread-safe.
 */
final class FrameCheck {
    /** A power of two. */
    private static final int REMEMBERED = 128;

    private static final int TEMPLATE_SHIFT = 8 * FrameDescriptor.TEMPLATE_ID_OFFSET;
    private static final int VERSION_SHIFT = 8 * FrameDescriptor.VERSION_OFFSET;
    private static final int WORDS_SHIFT = 8 * FrameDescriptor.FRAME_WORDS_OFFSET;

    private final FrameEventView view = new FrameEventView();
    private final long[] sound = new long[REMEMBERED];

    /**
     * Checks a frame.
     *
     * @return its template id
     * @throws IllegalArgumentException if it is not sound, or not of that length
     */
    int check(DirectBuffer buffer, int offset, int length) {
        long header = length < FrameDescriptor.MIN_FRAME_LENGTH ? 0 : buffer.getLong(offset, LITTLE_ENDIAN);
        int templateId = (int) (header >>> TEMPLATE_SHIFT) & 0xFFFF;
        int slot = templateId & (REMEMBERED - 1);
        if (sound[slot] != header || length != (int) (header >>> WORDS_SHIFT) * FrameDescriptor.ALIGNMENT) {
            checkClosely(buffer, offset, length);
            if (hasFixedFieldsOnly(templateId, (int) (header >>> VERSION_SHIFT) & 0xFF)) {
                sound[slot] = header;
            }
        }
        return templateId;
    }

    /** Whether a frame with this first word was found sound before, and is therefore sound whatever follows. */
    boolean isKnown(long header) {
        return sound[(int) (header >>> TEMPLATE_SHIFT) & (REMEMBERED - 1)] == header;
    }

    /** A view of the frame, which must be sound. */
    FrameEventView view(DirectBuffer buffer, int offset, int length) {
        checkClosely(buffer, offset, length);
        return view;
    }

    private void checkClosely(DirectBuffer buffer, int offset, int length) {
        @Nullable String problem = view.tryWrap(buffer, offset, offset + length, 0);
        if (problem != null || view.frameLength() != length) {
            throw new IllegalArgumentException("not an event frame: length=" + length + " problem=" + problem);
        }
    }

    private static boolean hasFixedFieldsOnly(int templateId, int version) {
        @Nullable EventKind kind = EventKind.of(templateId);
        return kind != null && EventTable.standard().type(kind).variableFields(version) == 0;
    }
}
