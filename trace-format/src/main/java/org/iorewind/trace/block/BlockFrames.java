package org.iorewind.trace.block;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.FrameEventView;

/**
 * The frames of a block that was read and verified, whatever its version. Allocates nothing once it has seen the longest
 * block. Not thread-safe.
 */
public final class BlockFrames {
    private static final String NEXT_STEP = "'iorewind check' lists all damage; events before and behind stay readable";

    private final FrameExpander expander = new FrameExpander();
    private final UnsafeBuffer frames = new UnsafeBuffer(0, 0);
    private byte[] expanded = new byte[0];
    private int length;

    /**
     * Shows the frames of a block.
     *
     * @param block holds it from its first byte on
     * @param header of it, read and verified
     * @param file for messages
     * @param place for messages
     * @return the frames, one behind the other from offset 0 on, {@link #length} bytes of them; valid until the next call, and as
     *     long as the block is not overwritten
     * @throws CorruptTraceException if its frames do not fill it exactly
     */
    public DirectBuffer of(byte[] block, BlockHeader header, String file, String place) {
        if (header.isCompact()) {
            length = expand(block, header, file, place);
            frames.wrap(expanded);
        } else {
            length = header.payloadLength();
            frames.wrap(block, BlockDescriptor.HEADER_LENGTH, length);
            requireFrames(frames, length, header.count(), file, place);
        }
        return frames;
    }

    /** Length in bytes of the frames shown last. */
    public int length() {
        return length;
    }

    /**
     * Checks that frames lie one behind the other, as many as there should be, to the last byte.
     *
     * @param frames from offset 0 on
     * @param length of all of them, in bytes
     * @param count of them
     * @param file for messages
     * @param place for messages
     * @throws CorruptTraceException if they do not
     */
    private static void requireFrames(DirectBuffer frames, int length, int count, String file, String place) {
        int position = 0;
        for (int i = count; i > 0; i--) {
            int available = length - position;
            int frame = available < FrameDescriptor.MIN_FRAME_LENGTH ? 0 : FrameEventView.frameLength(frames, position);
            if (frame < FrameDescriptor.MIN_FRAME_LENGTH || frame > available) {
                String found = "a frame of " + frame + " bytes where " + available + " remain";
                throw new CorruptTraceException(file, place, count + " frames", found, NEXT_STEP);
            }
            position += frame;
        }
        if (position != length) {
            String expected = "frames of " + length + " bytes in all";
            throw new CorruptTraceException(file, place, expected, position + " bytes", NEXT_STEP);
        }
    }

    private int expand(byte[] block, BlockHeader header, String file, String place) {
        int most = CompactFrame.longestExpanded(header.payloadLength(), header.count());
        if (expanded.length < most + FrameExpander.SLACK) {
            expanded = new byte[most + FrameExpander.SLACK];
        }
        expander.reset();
        int limit = BlockDescriptor.HEADER_LENGTH + header.payloadLength();
        int at = BlockDescriptor.HEADER_LENGTH;
        int to = 0;
        for (int i = header.count(); i > 0; i--) {
            int frame = expander.expand(block, at, limit, expanded, to, most);
            if (frame < 0) {
                String found = "none at byte " + at + " of " + limit;
                throw new CorruptTraceException(file, place, "a compact frame", found, NEXT_STEP);
            }
            to += frame;
            at = expander.behind();
        }
        if (at != limit) {
            String expected = "a block of " + limit + " bytes with its compact frames";
            throw new CorruptTraceException(file, place, expected, at + " bytes", NEXT_STEP);
        }
        return to;
    }
}
