package org.iorewind.record.simpletrace;

import java.util.Locale;

/** How an argument of an event is declared in C, as far as its value in the file depends on it. */
enum ArgumentType {
    /** A text. */
    TEXT(0),
    /** 8 bits. */
    BITS_8(8),
    /** 16 bits. */
    BITS_16(16),
    /** 32 bits. */
    BITS_32(32),
    /** 64 bits, and pointers. */
    BITS_64(64);

    private final int bits;

    ArgumentType(int bits) {
        this.bits = bits;
    }

    /** The value as wide as it was declared: in the file a negative number fills all 64 bits. */
    long cut(long value) {
        return bits == Long.SIZE ? value : value & (1L << bits) - 1;
    }

    /**
     * The type of a declaration.
     *
     * @param declared type and name, such as {@code const char *reg} or {@code uint16_t domid}
     */
    static ArgumentType of(String declared) {
        String text = declared.strip();
        int nameEnd = text.length();
        while (nameEnd > 0 && isNamePart(text.charAt(nameEnd - 1))) {
            nameEnd--;
        }
        String type = text.substring(0, nameEnd).strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        return switch (type) {
            case "const char *", "char *", "const char*", "char*" -> TEXT;
            case "uint8_t", "int8_t", "bool", "char", "unsigned char", "signed char" -> BITS_8;
            case "uint16_t", "int16_t", "short", "unsigned short" -> BITS_16;
            case "uint32_t", "int32_t", "int", "unsigned", "unsigned int" -> BITS_32;
            default -> BITS_64;
        };
    }

    private static boolean isNamePart(char c) {
        return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
