package org.iorewind.analyze.export;

/**
 * A column of a table.
 *
 * @param name of it
 * @param type of its values, each of which may be missing
 */
public record Column(String name, Type type) {
    /** What a column holds. */
    public enum Type {
        /** Signed, 64 bits. */
        NUMBER,
        /** Unsigned, 64 bits: an address, a register's value, bits. */
        UNSIGNED,
        /** UTF-8. */
        TEXT,
        /** Bytes. */
        BYTES
    }

    /** Of signed numbers. */
    public static Column number(String name) {
        return new Column(name, Type.NUMBER);
    }

    /** Of unsigned numbers. */
    public static Column unsigned(String name) {
        return new Column(name, Type.UNSIGNED);
    }

    /** Of text. */
    public static Column text(String name) {
        return new Column(name, Type.TEXT);
    }
}
