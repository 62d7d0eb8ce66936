package org.iorewind.model.iommu.command;

/** The commands of the host's ring that concern guests of hardware vIOMMU (amd-viommu reference 6). */
public interface GuestCommands {
    /**
     * INSERT_GUEST_EVENT.
     *
     * @param at system physical address of the command
     * @param q0 first half of the command
     * @param q1 second half
     * @param event0 first half of the event, which follows the command
     * @param event1 second half
     */
    void insertEvent(long at, long q0, long q1, long event0, long event1);

    /** RESET_VMMIO, whose reserved bits are 0. */
    void reset(long q0);
}
