package org.iorewind.trace;

/**
 * Tells characters that act instead of showing. Control characters could move a terminal's cursor or change its title; direction
 * marks could show an address backwards; what is invisible could make two texts look the same.
 */
public final class VisibleText {
    private VisibleText() {}

    /**
     * Whether a character acts: control, format, direction, separator and unpaired surrogate characters. They are listed by hand
     * and not asked of the JDK, whose Unicode tables differ between versions.
     *
     * @param c a code point
     */
    public static boolean acts(int c) {
        return c < ' '
                || within(c, 0x7f, 0x9f) // delete and the second set of control characters
                || c == 0xad // soft hyphen
                || c == 0x61c // Arabic letter mark
                || within(c, 0x200b, 0x200f) // zero width, direction marks
                || within(c, 0x2028, 0x202e) // line and paragraph separators, embeddings and overrides
                || within(c, 0x2060, 0x206f) // invisible operators, isolates
                || within(c, Character.MIN_SURROGATE, Character.MAX_SURROGATE) // unpaired, or it would be higher
                || c == 0xfeff // byte order mark
                || within(c, 0xfff9, 0xfffb) // annotations
                || within(c, 0xe0000, 0xe007f); // tags
    }

    private static boolean within(int c, int first, int last) {
        return c >= first && c <= last;
    }
}
