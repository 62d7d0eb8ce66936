package org.iorewind.trace.schema;

/** How people read the value of a field. */
public enum FieldForm {
    /** A number without more meaning, printed in decimal. */
    NUMBER,
    /** Nanoseconds since the session's start, printed as seconds. */
    TIME,
    /** An address or a register value, printed {@code 0x...}. */
    ADDRESS,
    /** A bit field, printed {@code 0x...}. */
    BITS,
    /** A PCI requester id, printed {@code 00:06.0}. */
    BDF,
    /** A PASID TLP prefix; all ones: none. */
    PASID,
    /** One of a list of names; a value without a name is possible. */
    ENUM,
    /** Any number of a list of names; bits without a name are possible. */
    SET,
    /** UTF-8 text of variable length. */
    TEXT,
    /** Bytes of variable length. */
    BYTES;

    /** Whether the value lies behind the fixed fields and has a length of its own. */
    public boolean isVariable() {
        return this == TEXT || this == BYTES;
    }
}
