package org.iorewind.record.simpletrace;

/** Layout of the file; see the package's description. Lengths in bytes. */
final class SimpleTraceDescriptor {
    static final long HEADER_EVENT = -1L;
    static final long MAGIC = 0xf2b1_77cb_0aa4_29b4L;
    static final long VERSION = 4;
    /** Versions 0, 2 and 3 are older: no mapping, an event is its place in the file of declarations. */
    static final long NEWEST_OLD_VERSION = 3;

    static final long MAPPING = 0;
    static final long EVENT = 1;
    static final long DROPPED_ID = -2L;

    /** From an event's id to its first argument. */
    static final int EVENT_HEADER_BYTES = 24;
    /** QEMU keeps records in a ring of 256 KiB: none is longer. */
    static final int MOST_RECORD_BYTES = 256 * 1024;
    /** Names of QEMU's events are shorter than 100 characters. */
    static final int MOST_NAME_BYTES = 1024;
    /** QEMU has about 3,000 events. */
    static final int MOST_EVENTS = 100_000;

    private SimpleTraceDescriptor() {}
}
