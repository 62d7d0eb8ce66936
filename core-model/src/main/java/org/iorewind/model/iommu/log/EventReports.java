package org.iorewind.model.iommu.log;

import org.iorewind.model.memory.MemoryStatus;

/** Where the procedures report what the specification wants in the event log (reference 4.2, 4.3). */
public interface EventReports {
    /** Takes reports and forgets them: for questions that must leave no trace. */
    EventReports NONE = new EventReports() {};

    /**
     * Code 1.
     *
     * @param requester DeviceID
     * @param pasid PASID when the flags hold GN, else 0
     * @param flags of {@link EventDescriptor}
     * @param address of the request
     */
    default void illegalDeviceEntry(int requester, int pasid, int flags, long address) {}

    /**
     * Code 2.
     *
     * @param requester DeviceID
     * @param tag PASID when the flags hold GN, else DomainID, 0 when unknown
     * @param flags of {@link EventDescriptor}
     * @param address of the request
     * @param suppressed whether SA, SE, IG or SupIOPF keep it out of the log
     * @return whether an entry was written
     */
    default boolean pageFault(int requester, int tag, int flags, long address, boolean suppressed) {
        return false;
    }

    /** Code 3; the address is that of the device table entry. */
    default void deviceTableError(int requester, int flags, MemoryStatus status, long address) {}

    /** Code 4; the tag is a PASID when the flags hold GN, else the DomainID; the address is that of the table entry. */
    default void pageTableError(int requester, int tag, int flags, MemoryStatus status, long address) {}

    /** Code 5; the address is that of the command. */
    default void illegalCommand(int opcode, long address) {}

    /** Code 6; the address is that of the failed access. */
    default void commandHardwareError(MemoryStatus status, long address) {}

    /** Code 9; the first half is that of {@link PageRequestDescriptor}, with this code, the address that of the page. */
    default void invalidPageRequest(long quadword0, long address) {}

    /** Code 7: a device did not answer an invalidation in time; the address is that of the command. */
    default void deviceTimeout(int requester, long address) {}

    /**
     * Code 8.
     *
     * @param requester DeviceID
     * @param pasid PASID when the flags hold GN, else 0
     * @param flags GN, US and TR of {@link EventDescriptor}
     * @param type of {@link InvalidRequestDescriptor}
     * @param address of the request
     */
    default void invalidDeviceRequest(int requester, int pasid, int flags, int type, long address) {}

    /**
     * A fault in a guest's own tables, with the IDs by which the guest knows its device.
     *
     * @param guest GuestID
     * @param guestDevice DeviceID
     * @param pasid PASID, since the flags hold GN
     * @return false when such faults are not for the guest's log but for the host's
     */
    default boolean guestPageFault(int guest, int guestDevice, int pasid, int flags, long address) {
        return false;
    }

    /** Code 5 for a command of a guest's ring, told to the host; the address is that of the command. */
    default void illegalGuestCommand(int guest, int flags, long address) {}

    /**
     * Code Bh: an event could not be inserted into a guest's log.
     *
     * @param guest GuestID
     * @param flags of {@link GuestEventDescriptor}
     * @param address of the command
     */
    default void guestEventFault(int guest, int flags, long address) {}

    /**
     * Code Ch: an access of hardware vIOMMU failed.
     *
     * @param guest GuestID
     * @param source of {@link GuestEventDescriptor}
     * @param flags of {@link EventDescriptor}
     * @param status why memory failed, or OK when the address is not mapped
     * @param address private or guest physical
     */
    default void virtualHardwareError(int guest, int source, int flags, MemoryStatus status, long address) {}

    /** Code Ah: a performance counter that reports has wrapped; the note is that of its report register, 52 bits. */
    default void counterZero(long note) {}
}
