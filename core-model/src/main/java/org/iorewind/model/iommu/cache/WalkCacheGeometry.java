package org.iorewind.model.iommu.cache;

/**
 * How large the caches of the walk are.
 *
 * @param hostDirectories directories of host tables
 * @param guestDirectories directories of guest tables and results of GCR3 tables
 * @param guestPhysical host translations of the addresses of guest structures
 */
public record WalkCacheGeometry(
        CacheGeometry hostDirectories, CacheGeometry guestDirectories, CacheGeometry guestPhysical) {
    /** No caches. */
    public static final WalkCacheGeometry OFF =
            new WalkCacheGeometry(CacheGeometry.OFF, CacheGeometry.OFF, CacheGeometry.OFF);

    /** 64 entries each. */
    public static final WalkCacheGeometry MODEST =
            new WalkCacheGeometry(new CacheGeometry(16, 4), new CacheGeometry(16, 4), new CacheGeometry(16, 4));
}
