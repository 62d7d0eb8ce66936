package org.iorewind.model.iommu;

/**
 * What a cache has done since its IOMMU was built.
 *
 * @param hits look-ups that found an entry, whether or not its rights sufficed
 * @param misses look-ups that found none; a cache of size 0 has no look-ups
 * @param insertions entries put in, those that replaced an entry of the same key too
 * @param evictions entries that had to make room for another
 * @param invalidated entries dropped by commands or reset
 */
public record CacheCounts(long hits, long misses, long insertions, long evictions, long invalidated) {}
