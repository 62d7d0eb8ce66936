package org.iorewind.model.memory;

/** How a memory access ended. */
public enum MemoryStatus {
    /** The data is valid. */
    OK,
    /** The address does not exist or refused the access: a master or target abort on the bus. */
    ABORT,
    /** The memory returned data marked as damaged. */
    POISON,
    /** The recording does not say what memory held there. Never occurs in a live model. */
    NOT_RECORDED
}
