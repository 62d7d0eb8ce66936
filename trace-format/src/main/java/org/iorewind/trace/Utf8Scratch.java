package org.iorewind.trace;

/**
 * Turns text into UTF-8 without allocating, and cuts it where a variable field would overflow: always between
 * characters. A surrogate without its partner becomes U+FFFD, so that every text of a trace is valid UTF-8.
 */
final class Utf8Scratch {
    private static final int LONGEST_CHARACTER = 4;
    private static final char REPLACEMENT = '\uFFFD';

    private final byte[] bytes;
    private int length;

    Utf8Scratch(int maxBytes) {
        bytes = new byte[maxBytes];
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Encodes the text, as much of it as fits. */
    Utf8Scratch encode(CharSequence text) {
        length = 0;
        int chars = text.length();
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            int codePoint = c;
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c) && i + 1 < chars && Character.isLowSurrogate(text.charAt(i + 1))) {
                    codePoint = Character.toCodePoint(c, text.charAt(++i));
                } else {
                    codePoint = REPLACEMENT;
                }
            }
            if (length > bytes.length - LONGEST_CHARACTER && length + encodedLength(codePoint) > bytes.length) {
                break;
            }
            put(codePoint);
        }
        return this;
    }

    private static int encodedLength(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : LONGEST_CHARACTER;
    }

    private void put(int codePoint) {
        switch (encodedLength(codePoint)) {
            case 1 -> bytes[length++] = (byte) codePoint;
            case 2 -> {
                bytes[length++] = (byte) (0xC0 | codePoint >> 6);
                putTail(codePoint, 0);
            }
            case 3 -> {
                bytes[length++] = (byte) (0xE0 | codePoint >> 12);
                putTail(codePoint, 6);
                putTail(codePoint, 0);
            }
            default -> {
                bytes[length++] = (byte) (0xF0 | codePoint >> 18);
                putTail(codePoint, 12);
                putTail(codePoint, 6);
                putTail(codePoint, 0);
            }
        }
    }

    private void putTail(int codePoint, int shift) {
        bytes[length++] = (byte) (0x80 | codePoint >> shift & 0x3F);
    }
}
