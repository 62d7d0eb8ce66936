package org.iorewind.record.qemu;

/** How lines leave QEMU. */
public enum Way {
    /** A library inside QEMU takes them where they are printed, and reads memory in that moment. */
    TAP("tap"),
    /** The same library, as a TCG plug-in as well: every store of the guest to a table. */
    PLUGIN("plugin"),
    /** QEMU writes its log into a pipe; memory is read when a line has arrived. */
    FIFO("fifo");

    private final String label;

    Way(String label) {
        this.label = label;
    }

    /** Its name on the command line. */
    public String label() {
        return label;
    }

    /** Whether lines come over a ring in shared memory. */
    public boolean usesRing() {
        return this != FIFO;
    }
}
