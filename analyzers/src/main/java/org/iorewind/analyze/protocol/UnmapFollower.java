package org.iorewind.analyze.protocol;

/**
 * Hears, while a replay runs, what becomes of each mapping that is taken away: unmapped, invalidated, waited for, mapped
 * again. Every method has an empty body.
 */
public interface UnmapFollower {
    /** Hears nothing. */
    UnmapFollower NONE = new UnmapFollower() {};

    /**
     * A mapping.
     *
     * @param iommu number of the IOMMU
     * @param domain DomainID, -1 if not known
     * @param address first address that devices use
     * @param bytes length
     */
    record Mapping(int iommu, int domain, long address, long bytes) {}

    /** Devices can reach memory by new addresses. */
    default void mapped(Mapping mapping) {}

    /**
     * A mapping was taken away.
     *
     * @param id of this change in this replay
     */
    default void unmapped(long id, Mapping mapping) {}

    /** Every domain that has the mapping was told: a command that is handled now. */
    default void invalidated(long id) {}

    /** A wait that is handled now is behind the invalidation. */
    default void waited(long id, Mapping mapping) {}
}
