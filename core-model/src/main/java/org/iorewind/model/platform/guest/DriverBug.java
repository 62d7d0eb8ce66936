package org.iorewind.model.platform.guest;

/** Mistakes that a driver can be made to make. */
public enum DriverBug {
    /** An unmap sends no invalidation, and gives the addresses away again. */
    NO_FLUSH_ON_UNMAP,
    /** A flush names the DomainID after the right one. */
    WRONG_DOMAIN_IN_FLUSH,
    /** A changed device table entry is not invalidated. */
    NO_DEVICE_ENTRY_INVALIDATION,
    /** Commands are sent, but nobody waits until they are complete. */
    NO_COMPLETION_WAIT,
    /** Every flush is sent and waited for twice: no fault, only cost. */
    DOUBLE_FLUSH,
    /** Rights are taken away in the tables only. */
    NO_FLUSH_ON_DOWNGRADE,
    /** The cache of a device with address translation services is not told. */
    NO_DEVICE_TLB_INVALIDATION
}
