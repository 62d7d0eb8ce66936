package org.iorewind.samples.workload;

/** What a guest's device and its driver do, once. */
public enum Action {
    /** A buffer is mapped, written and read page by page, and unmapped when four more are in flight. */
    PACKET,
    /** The NIC reads an address that nobody has mapped. */
    STRAY,
    /** The driver unmaps all that is in flight, and the NIC writes to the address that was unmapped last. */
    LATE,
    /** A buffer, and requests to it, with sizes, steps and bursts as often as real machines had them. */
    MIX
}
