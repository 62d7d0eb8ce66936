/**
 * Caches. What they hold stays until a command drops it, however stale: that is what makes missing invalidations visible.
 *
 * <pre>
 *   TranslationCache    SetAssociativeTlb   (DomainID, 4 KiB frame of the IOVA) → page   dropped by 03h, 08h
 *                                           (DomainID, PASID, frame of the GVA) → page   dropped by 03h, 08h
 *                       QemuTlb             (DeviceID, 4 KiB frame)             → page   dropped by 03h, 04h, 08h
 *   WalkCaches          DirectoryCache, host    (DomainID, level, address)        → table, rights   03h PDE=1, 08h
 *                       DirectoryCache, guest   (DomainID, PASID, level, address) → table, rights   03h PDE=1, 08h
 *                       GuestPhysicalCache      (DomainID, guest physical frame)  → page            03h GN=0, 08h
 *   DeviceEntryCache    DeviceID            → 256 bits                                   dropped by 02h, 08h
 *   InterruptEntryCache (DeviceID, index)   → 32 or 128 bits                             dropped by 05h, 08h
 * </pre>
 *
 * <p>{@code SetAssociativeTlb} and the walk caches keep their entries in {@code LruSets}. What each cache has done is counted
 * in {@code CacheCounters}, which are no part of the state.
 *
 * <p>Geometry is an option; replacement is deterministic; nothing allocates after construction.
 */
@NullMarked
package org.iorewind.model.iommu.cache;

import org.jspecify.annotations.NullMarked;
