package org.iorewind.analyze.protocol;

import org.iorewind.model.iommu.command.CommandDescriptor;

/**
 * An INVALIDATE_IOMMU_PAGES command (reference 3.3).
 *
 * @param domain DomainID, of the host
 * @param pasid with GN=1, -1 with GN=0
 * @param first address of the range
 * @param last address of the range
 * @param isWithDirectories PDE
 */
record Invalidation(int domain, int pasid, long first, long last, boolean isWithDirectories) {
    private static final int PAGE_SHIFT = 12;

    static Invalidation of(long q0, long q1, int domain) {
        boolean isGuest = (q1 & CommandDescriptor.GUEST) != 0;
        return new Invalidation(
                domain,
                isGuest ? CommandDescriptor.pasid(q0) : AddressSpace.HOST_TABLES,
                CommandDescriptor.rangeFirst(q1),
                CommandDescriptor.rangeLast(q1),
                (q1 & CommandDescriptor.DIRECTORIES) != 0);
    }

    /** One that a guest wrote: with GN=0 it drops all of the domain (amd-viommu reference 13, MC15). */
    static Invalidation ofGuest(long q0, long q1, int domain) {
        return (q1 & CommandDescriptor.GUEST) != 0
                ? of(q0, q1, domain)
                : new Invalidation(domain, AddressSpace.HOST_TABLES, 0, -1, (q1 & CommandDescriptor.DIRECTORIES) != 0);
    }

    /** Whether it covers all addresses that tables can have. */
    boolean isWhole() {
        return first == 0 && (last == -1 || last >>> 51 != 0);
    }

    /** Bytes of the range, the largest number if it is everything. */
    long bytes() {
        return isWhole() ? Long.MAX_VALUE : last - first + 1;
    }

    /** How many of the smallest pages the range has. */
    long pages() {
        return (last - first >>> PAGE_SHIFT) + 1;
    }

    /** Host tables by GN=0, a PASID's by GN=1; GN=0 for everything drops what is combined of both. */
    boolean isOfKind(AddressSpace space) {
        return space.pasid() == pasid || space.isGuests() && pasid == AddressSpace.HOST_TABLES && isWhole();
    }

    boolean concerns(AddressSpace space) {
        return isOfKind(space) && (space.hasDomain(domain) || !space.pending().isEmpty());
    }

    /** Whether its domain has to hear of a change. */
    boolean concerns(PendingChange change) {
        return change.isUntold(domain);
    }
}
