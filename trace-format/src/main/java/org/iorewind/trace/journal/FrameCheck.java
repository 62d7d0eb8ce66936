package org.iorewind.trace.journal;

import org.agrona.DirectBuffer;
import org.iorewind.trace.FrameEventView;
import org.jspecify.annotations.Nullable;

/** Lets only sound frames into a journal. Allocates nothing unless a frame is refused. Not thread-safe. */
final class FrameCheck {
    private final FrameEventView view = new FrameEventView();

    /**
     * Checks a frame.
     *
     * @return a view of it
     * @throws IllegalArgumentException if it is not sound, or not of that length
     */
    FrameEventView check(DirectBuffer buffer, int offset, int length) {
        @Nullable String problem = view.tryWrap(buffer, offset, offset + length, 0);
        if (problem != null || view.frameLength() != length) {
            throw new IllegalArgumentException("not an event frame: length=" + length + " problem=" + problem);
        }
        return view;
    }

    /** Whether a frame with this first word was found sound before, and is therefore sound whatever follows. */
    boolean isKnown(long header) {
        return view.isKnown(header);
    }
}
