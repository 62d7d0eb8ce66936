package org.iorewind.trace;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Copies frames. Most are a few words long: word by word they are copied in less time than a call for many bytes takes. */
public final class FrameCopy {
    private static final int LONGEST_BY_WORDS = 128;

    private FrameCopy() {}

    /**
     * Copies one frame.
     *
     * @param from holds it, from {@code offset} on
     * @param to where it goes, from {@code at} on
     * @param length of the frame in bytes, a multiple of {@value FrameDescriptor#ALIGNMENT}
     */
    public static void copy(DirectBuffer from, int offset, MutableDirectBuffer to, int at, int length) {
        if (length > LONGEST_BY_WORDS) {
            to.putBytes(at, from, offset, length);
            return;
        }
        for (int i = 0; i < length; i += FrameDescriptor.ALIGNMENT) {
            to.putLong(at + i, from.getLong(offset + i));
        }
    }
}
