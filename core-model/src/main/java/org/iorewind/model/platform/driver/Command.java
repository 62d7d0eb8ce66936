package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.command.CommandDescriptor;

/**
 * A command, ready for a ring (reference 3.3); its bits are those of {@link CommandDescriptor}.
 *
 * @param quadword0 opcode and IDs
 * @param quadword1 address and flags, or data
 */
public record Command(long quadword0, long quadword1) {

    /** COMPLETION_WAIT that stores {@code data} to {@code address}, a multiple of 8. */
    public static Command completionWait(long address, long data) {
        return new Command(CommandDescriptor.completionWait(CommandDescriptor.STORE, address), data);
    }

    /** INVALIDATE_DEVTAB_ENTRY. */
    public static Command invalidateDeviceEntry(int requester) {
        return new Command(CommandDescriptor.ofRequester(CommandDescriptor.INVALIDATE_DEVTAB_ENTRY, requester), 0);
    }

    /** INVALIDATE_INTERRUPT_TABLE. */
    public static Command invalidateInterruptTable(int requester) {
        return new Command(CommandDescriptor.ofRequester(CommandDescriptor.INVALIDATE_INTERRUPT_TABLE, requester), 0);
    }

    /** INVALIDATE_IOMMU_PAGES with GN=0. */
    public static Command invalidatePages(int domain, AddressSpan span, boolean withDirectories) {
        return new Command(CommandDescriptor.invalidatePages(domain, 0), span.encoded() | directories(withDirectories));
    }

    /** INVALIDATE_IOMMU_PAGES with GN=1. */
    public static Command invalidateGuestPages(int domain, int pasid, AddressSpan span, boolean withDirectories) {
        return new Command(
                CommandDescriptor.invalidatePages(domain, pasid),
                span.encoded() | CommandDescriptor.GUEST | directories(withDirectories));
    }

    /**
     * INVALIDATE_IOTLB_PAGES; the queue is the device itself, as Linux has it.
     *
     * @param pasid PASID, or {@link EffectSink#NO_PASID} for GN=0
     */
    public static Command invalidateDevicePages(int requester, int mostPending, int pasid, AddressSpan span) {
        boolean isGuest = pasid != EffectSink.NO_PASID;
        return new Command(
                CommandDescriptor.invalidateDevicePages(requester, requester, mostPending, isGuest ? pasid : 0),
                span.encoded() | (isGuest ? CommandDescriptor.GUEST : 0));
    }

    /**
     * COMPLETE_PPR_REQUEST.
     *
     * @param pasid PASID, or {@link EffectSink#NO_PASID} for GN=0
     * @param group page request group index
     * @param responseCode 0 success, 1 invalid, 15 failure
     */
    public static Command completePageRequest(int requester, int pasid, int group, int responseCode) {
        boolean isGuest = pasid != EffectSink.NO_PASID;
        return new Command(
                CommandDescriptor.completePageRequest(requester, isGuest ? pasid : 0),
                CommandDescriptor.completionTag(group, responseCode) | (isGuest ? CommandDescriptor.GUEST : 0));
    }

    /** INVALIDATE_IOMMU_ALL. */
    public static Command invalidateAll() {
        return new Command(CommandDescriptor.invalidateAll(), 0);
    }

    /** Opcode, 0 to 15. */
    public int opcode() {
        return CommandDescriptor.opcode(quadword0);
    }

    private static long directories(boolean withDirectories) {
        return withDirectories ? CommandDescriptor.DIRECTORIES : 0;
    }
}
