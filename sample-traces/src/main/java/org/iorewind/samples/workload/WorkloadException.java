package org.iorewind.samples.workload;

/** A description of a workload that cannot be run; the message says what was expected, what was found, and where. */
public final class WorkloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message. */
    public WorkloadException(String message) {
        super(message);
    }

    /** With a message and what led to it. */
    public WorkloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
