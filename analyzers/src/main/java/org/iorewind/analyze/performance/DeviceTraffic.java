package org.iorewind.analyze.performance;

import org.agrona.collections.LongHashSet;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.trace.schema.EventTable;

/** Requests of one device. Bounded. Not thread-safe. */
final class DeviceTraffic {
    private static final int MOST_PAGES = 1 << 16;
    private static final int PAGE_SHIFT = 12;

    private final int iommu;
    private final int device;
    private final LongHashSet pages = new LongHashSet();
    private final WorkingSet workingSet = new WorkingSet();
    /** No page has this number. */
    private long lastPage = -1;

    private long requests;
    private long hits;
    private long refused;
    private long walkReads;

    DeviceTraffic(int iommu, int device) {
        this.iommu = iommu;
        this.device = device;
    }

    void decided(long address, TranslationDecision decision, boolean isHit, long reads, long sinceNs) {
        requests++;
        hits += isHit ? 1 : 0;
        refused += decision.isAborted() ? 1 : 0;
        walkReads += reads;
        long page = address >>> PAGE_SHIFT;
        if (page != lastPage && pages.size() < MOST_PAGES) {
            pages.add(page);
        }
        lastPage = page;
        workingSet.used(page, sinceNs);
    }

    boolean is(int number, int requester) {
        return number == iommu && requester == device;
    }

    long requests() {
        return requests;
    }

    Performance.Device result() {
        return new Performance.Device(
                iommu,
                device,
                requests,
                hits,
                refused,
                walkReads,
                pages.size(),
                workingSet.sliceNs(),
                workingSet.counts(),
                "kind == 'DmaRequest' && requester == '" + EventTable.bdf(device) + "'"
                        + (iommu == 0 ? "" : " && iommu == " + iommu));
    }
}
