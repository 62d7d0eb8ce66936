package org.iorewind.model.iommu.command;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.cache.TranslationCache;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.iommu.translate.Prefetch;
import org.iorewind.model.memory.MemoryStatus;

/**
 * PREFETCH_IOMMU_PAGES (reference 3.3): fills the cache of translations with PFCount pages of 4 KiB, at least one, from the
 * start of the range on, until one has no translation (MC-171). Not thread-safe; allocates nothing after construction.
 */
public final class Prefetcher {
    private static final int PAGE_BYTES = 4096;
    private static final int GIOV_PASID = 0;

    private final Prefetch prefetch;
    private final DeviceTable deviceTable;
    private final TranslationCache tlb;
    private final EffectSink effects;
    private final DeviceEntry entry = new DeviceEntry();

    /** Binds the parts. */
    public Prefetcher(Prefetch prefetch, DeviceTable deviceTable, TranslationCache tlb, EffectSink effects) {
        this.prefetch = prefetch;
        this.deviceTable = deviceTable;
        this.tlb = tlb;
        this.effects = effects;
    }

    /** Executes a legal command. */
    void execute(long q0, long q1) {
        if (!prefetch.isTaken()) {
            return;
        }
        int requester = CommandDescriptor.requester(q0);
        int pasid = CommandDescriptor.prefetchedPasid(q0, q1);
        if ((q1 & CommandDescriptor.INVALIDATE_FIRST) != 0) {
            invalidate(requester, pasid, q1);
        }
        int pages = Math.max(CommandDescriptor.prefetchCount(q0), 1);
        long address = CommandDescriptor.rangeFirst(q1);
        for (int page = 0; page < pages && prefetch.fill(requester, pasid, address); page++) {
            address += PAGE_BYTES;
        }
    }

    /** Drops what is cached of the range in the device's domain, and tells the sink (MC-214). */
    private void invalidate(int requester, int pasid, long q1) {
        if (deviceTable.covers(requester) && deviceTable.fetch(requester, entry) == MemoryStatus.OK) {
            long first = CommandDescriptor.rangeFirst(q1);
            long last = CommandDescriptor.rangeLast(q1);
            int domain = entry.domain();
            int dropped = pasid == EffectSink.NO_PASID
                    ? dropUntagged(domain, first, last)
                    : tlb.invalidateGuest(domain, pasid, first, last);
            effects.translationsInvalidated(domain, first, CommandDescriptor.rangeSize(q1), dropped);
        }
    }

    /** What is cached of requests without a PASID: with GIoV those of PASID 0. */
    private int dropUntagged(int domain, long first, long last) {
        int dropped = tlb.invalidateDomain(domain, first, last);
        return entry.isGuestIoValid() ? dropped + tlb.invalidateGuest(domain, GIOV_PASID, first, last) : dropped;
    }
}
