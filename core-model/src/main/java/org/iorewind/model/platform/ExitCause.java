package org.iorewind.model.platform;

/** Why a guest's processor left the guest. */
public enum ExitCause {
    /** Access to a register that the VMM traps. */
    MMIO,
    /** Write to a table page that the VMM intercepts. */
    TABLE_WRITE,
    /** An interrupt for the guest that needs the hypervisor. */
    INTERRUPT,
    /** A call of the guest's to its hypervisor, or of the VMM to the host's driver on behalf of the guest. */
    CONTROL_CALL
}
