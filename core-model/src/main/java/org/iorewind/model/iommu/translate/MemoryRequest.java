package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;

/** A request for memory; reused for every request. Not thread-safe. */
public final class MemoryRequest {
    /** The PASID that GIoV gives to requests without one. */
    private static final int GIOV_PASID = 0;

    private RequestKind kind = RequestKind.UNTRANSLATED;
    private int requester;
    private int pasid = EffectSink.NO_PASID;
    private long address;
    private AccessKind access = AccessKind.UNKNOWN;
    private boolean isExecute;
    private boolean isPrivileged;

    /** A request for nothing. */
    public MemoryRequest() {}

    /**
     * Takes over a request.
     *
     * @param requestKind what it is on the bus
     * @param requestRequester DeviceID, 0 to 65535
     * @param requestPasid PASID or {@link EffectSink#NO_PASID}
     * @param requestAddress as issued by the device
     * @param requestAccess what it wants
     */
    public void set(
            RequestKind requestKind,
            int requestRequester,
            int requestPasid,
            long requestAddress,
            AccessKind requestAccess) {
        // Storing a reference costs the collector's barrier, even of the same one; most requests are alike in both.
        if (kind != requestKind) {
            kind = requestKind;
        }
        if (access != requestAccess) {
            access = requestAccess;
        }
        requester = requestRequester;
        pasid = requestPasid;
        address = requestAddress;
        isExecute = false;
        isPrivileged = false;
    }

    /**
     * Adds what the prefix of a PASID can say; without a PASID it counts for nothing.
     *
     * @param executes whether it also asks to execute
     * @param privileged whether it claims supervisor privilege, where USSup allows that
     */
    public void setPrefix(boolean executes, boolean privileged) {
        isExecute = hasPasid() && executes;
        isPrivileged = hasPasid() && privileged;
    }

    /** Asks the same once more as an access of this kind, so that what it does to the tables happens. */
    void repeatAs(AccessKind repeatedAccess) {
        access = repeatedAccess;
    }

    /** What it is on the bus. */
    public RequestKind kind() {
        return kind;
    }

    /** Whether it asks to execute. */
    public boolean isExecute() {
        return isExecute;
    }

    /** Whether it claims supervisor privilege, and may. */
    public boolean isPrivileged() {
        return isPrivileged;
    }

    /** DeviceID. */
    public int requester() {
        return requester;
    }

    /** Whether it carries a PASID. */
    public boolean hasPasid() {
        return pasid != EffectSink.NO_PASID;
    }

    /** PASID, or {@link EffectSink#NO_PASID}. */
    public int pasid() {
        return pasid;
    }

    /** PASID of the guest address space meant: the request's own, or that of GIoV. */
    public int guestPasid() {
        return hasPasid() ? pasid : GIOV_PASID;
    }

    /** Address as issued by the device. */
    public long address() {
        return address;
    }

    /** What it wants, apart from executing. */
    public AccessKind access() {
        return access;
    }

    /**
     * Whether these rights of {@link GuestEntryDescriptor} suffice. Supervisor requests may use user pages; a violation of
     * U/S is refused like any other (MC-46). A request of unknown kind needs none but the one to execute, and a question
     * for a translation none at all.
     */
    public boolean isAllowedBy(int rights) {
        if (!kind.movesData()) {
            return true;
        }
        boolean isUserRight =
                isPrivileged || access == AccessKind.UNKNOWN || (rights & GuestEntryDescriptor.RIGHT_USER) != 0;
        boolean isExecuteRight = !isExecute || (rights & GuestEntryDescriptor.RIGHT_EXECUTE) != 0;
        return access.isAllowedBy(rights) && isUserRight && isExecuteRight;
    }

    /** NX and US as an event with GN=1 shows them: US for every request without supervisor privilege (MC-43). */
    int guestFlags() {
        return (isExecute ? EventDescriptor.FLAG_NX : 0) | (isPrivileged ? 0 : EventDescriptor.FLAG_US);
    }

    /** GN and US as an INVALID_DEVICE_REQUEST shows them. */
    int prefixFlags() {
        return hasPasid() ? EventDescriptor.FLAG_GN | guestFlags() & EventDescriptor.FLAG_US : 0;
    }

    /** RW, which every fault shows, present or not (MC-26); for translation requests TR in its place. */
    int kindFlag() {
        if (!kind.movesData()) {
            return kind == RequestKind.TRANSLATION ? EventDescriptor.FLAG_TR : 0;
        }
        return access.isWrite() ? EventDescriptor.FLAG_RW : 0;
    }
}
