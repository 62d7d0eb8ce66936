package org.iorewind.model.iommu.cache;

import java.util.List;
import java.util.stream.IntStream;
import org.iorewind.model.iommu.CacheCounts;
import org.iorewind.model.iommu.CacheStatistics;

/** Gathers what all caches of an IOMMU have counted. */
public final class CacheReport {
    private static final int HOST_LEVELS = 5;
    private static final int GUEST_LEVELS = 4;

    private CacheReport() {}

    /** The numbers as they are now. */
    public static CacheStatistics of(
            TranslationCache tlb,
            WalkCaches walkCaches,
            DeviceEntryCache deviceEntries,
            InterruptEntryCache interruptEntries) {
        DirectoryCache guestDirectories = walkCaches.guestDirectories();
        TableReads reads = walkCaches.reads();
        return new CacheStatistics(
                tlb.hostCounters().counts(),
                tlb.guestCounters().counts(),
                levels(walkCaches.hostDirectories(), HOST_LEVELS),
                levels(guestDirectories, GUEST_LEVELS),
                guestDirectories.counts(DirectoryCache.GCR3_RESULT),
                walkCaches.guestPhysical().counts(),
                deviceEntries.counts(),
                interruptEntries.counts(),
                reads.host(),
                reads.nested(),
                reads.guest());
    }

    private static List<CacheCounts> levels(DirectoryCache cache, int levels) {
        return IntStream.rangeClosed(1, levels).mapToObj(cache::counts).toList();
    }
}
