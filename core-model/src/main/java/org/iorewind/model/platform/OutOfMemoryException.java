package org.iorewind.model.platform;

/** A model of software asked for more memory than its machine has: an error of the scenario, never of a guest. */
public final class OutOfMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says how much was asked of how much. */
    public OutOfMemoryException(long bytes, long left) {
        super("expected " + bytes + " bytes of free memory, found left=" + left + ": give the machine more memory");
    }
}
