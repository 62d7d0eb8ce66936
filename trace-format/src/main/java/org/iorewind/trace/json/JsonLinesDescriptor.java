package org.iorewind.trace.json;

/** Names and limits of the JSON Lines form. */
final class JsonLinesDescriptor {
    static final String SEQUENCE = "seq";
    static final String KIND = "kind";
    static final String FRAME = "frame";
    static final String GUEST = "guest";
    /** Starts the kind of an event type without a name; the template id follows. */
    static final char UNNAMED_KIND = '#';

    /**
     * Longest line in bytes. A frame is at most 512 KiB, which is 1 MiB in hexadecimal; four texts of 64 KiB of control
     * characters, each written with six, need 1.5 MiB beside it.
     */
    static final int MAX_LINE_LENGTH = 4 << 20;

    private JsonLinesDescriptor() {}
}
