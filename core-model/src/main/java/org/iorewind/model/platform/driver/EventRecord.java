package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.log.EventDescriptor;

/**
 * An event, as a driver reads it (reference 4.1).
 *
 * @param code of {@link EventDescriptor}
 * @param requester DeviceID, of events that have one
 * @param tag DomainID, or PASID where the flags hold GN
 * @param flags of {@link EventDescriptor}
 * @param address of the request, the entry or the command
 */
public record EventRecord(int code, int requester, int tag, int flags, long address) {

    /** Reads an entry. */
    static EventRecord of(LogEntry entry) {
        long q0 = entry.quadword0();
        return new EventRecord(
                EventDescriptor.code(q0),
                EventDescriptor.requester(q0),
                EventDescriptor.tag(q0),
                EventDescriptor.flags(q0),
                entry.quadword1());
    }

    /** Whether it is an IO_PAGE_FAULT. */
    public boolean isPageFault() {
        return code == EventDescriptor.IO_PAGE_FAULT;
    }
}
