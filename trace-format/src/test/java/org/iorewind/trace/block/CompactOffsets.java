package org.iorewind.trace.block;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Where compact frames lie in a block. */
public final class CompactOffsets {
    private CompactOffsets() {}

    /**
     * Offsets among the compact frames of a block.
     *
     * @param frames of the block, from its first one on
     * @return the offset of each, and the end of the last one
     */
    public static int[] of(List<byte[]> frames) {
        FrameCompactor compactor = new FrameCompactor();
        int[] offsets = new int[frames.size() + 1];
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            UnsafeBuffer into = new UnsafeBuffer(new byte[CompactFrame.longest(frame.length) + Long.BYTES]);
            offsets[i + 1] = offsets[i] + compactor.append(into, 0, new UnsafeBuffer(frame), 0, frame.length, 0);
        }
        return offsets;
    }
}
