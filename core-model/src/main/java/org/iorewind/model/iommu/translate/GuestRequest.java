package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;

/** A request as far as guest translation sees it; reused for every request. Not thread-safe. */
public final class GuestRequest {
    private int pasid;
    private long address;
    private AccessKind access = AccessKind.UNKNOWN;
    private boolean isExecute;
    private boolean isPrivileged;

    /** A request for nothing. */
    public GuestRequest() {}

    /**
     * Takes over a request.
     *
     * @param requestPasid PASID
     * @param requestAddress guest virtual address
     * @param requestAccess what it wants
     * @param executes whether it also asks to execute
     * @param privileged whether it claims supervisor privilege, where USSup allows that
     */
    public void set(
            int requestPasid, long requestAddress, AccessKind requestAccess, boolean executes, boolean privileged) {
        pasid = requestPasid;
        address = requestAddress;
        access = requestAccess;
        isExecute = executes;
        isPrivileged = privileged;
    }

    /** PASID. */
    public int pasid() {
        return pasid;
    }

    /** Guest virtual address. */
    public long address() {
        return address;
    }

    /** What it wants, apart from executing. */
    public AccessKind access() {
        return access;
    }

    /**
     * Whether these rights of {@link GuestEntryDescriptor} suffice. Supervisor requests may use user pages; a violation of
     * U/S is refused like any other (MC-46). A request of unknown kind needs none but the one to execute.
     */
    public boolean isAllowedBy(int rights) {
        boolean isUserRight =
                isPrivileged || access == AccessKind.UNKNOWN || (rights & GuestEntryDescriptor.RIGHT_USER) != 0;
        boolean isExecuteRight = !isExecute || (rights & GuestEntryDescriptor.RIGHT_EXECUTE) != 0;
        return access.isAllowedBy(rights) && isUserRight && isExecuteRight;
    }

    /** NX and US as an event with GN=1 shows them: US for every request without supervisor privilege (MC-43). */
    public int eventFlags() {
        return (isExecute ? EventDescriptor.FLAG_NX : 0) | (isPrivileged ? 0 : EventDescriptor.FLAG_US);
    }
}
