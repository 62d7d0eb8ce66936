package org.iorewind.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;

/** Texts in a state image: their length in bytes, then the bytes, eight to a number, little-endian. */
final class StateTexts {
    private static final int MOST_BYTES = 1 << 20;

    private StateTexts() {}

    /** Gives a text; what is longer than 1 MiB is cut. */
    static void add(StateSink sink, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        int length = Math.min(bytes.length, MOST_BYTES);
        sink.addLong(length);
        for (int at = 0; at < length; at += Long.BYTES) {
            long word = 0;
            for (int i = 0; i < Math.min(Long.BYTES, length - at); i++) {
                word |= (bytes[at + i] & 0xFFL) << 8 * i;
            }
            sink.addLong(word);
        }
    }

    /**
     * The next text.
     *
     * @throws org.iorewind.model.StateImageException if there is none
     */
    static String next(StateImage.Reader source) {
        int length = source.nextBelow(MOST_BYTES + 1);
        StringBuilder bytes = new StringBuilder();
        for (int at = 0; at < length; at += Long.BYTES) {
            long word = source.next();
            for (int i = 0; i < Math.min(Long.BYTES, length - at); i++) {
                bytes.append((char) (word >>> 8 * i & 0xFF));
            }
        }
        return new String(bytes.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), UTF_8);
    }
}
