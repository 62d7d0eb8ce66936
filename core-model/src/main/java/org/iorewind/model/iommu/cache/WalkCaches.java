package org.iorewind.model.iommu.cache;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.EffectSink;

/**
 * The caches that shorten a walk, and the count of what walks read (reference 9.1). Not thread-safe.
 *
 * <p>What INVALIDATE_IOMMU_PAGES drops here:
 *
 * <pre>
 *                       host directories    guest directories, GCR3 results    guest physical
 *   GN=0 PDE=0          –                   those of nested walks              those in the range
 *   GN=0 PDE=1          those in the range  those of nested walks              those in the range
 *   GN=1 PDE=0          –                   –                                  –
 *   GN=1 PDE=1          –                   those of the PASID in the range    –
 * </pre>
 *
 * <p>A directory is in the range if it serves any address of it, however large it is, and a GCR3 result always (MC-22). A
 * guest directory of a nested walk was read through the host's tables: when these give the guest's table another frame, the
 * directory is wrong though it holds a guest physical address. It does not tell that frame, so all of the domain go, whatever
 * range and PDE (MC-121), like combined translations.
 */
public final class WalkCaches implements Stateful {
    private final DirectoryCache hostDirectories;
    private final DirectoryCache guestDirectories;
    private final GuestPhysicalCache guestPhysical;
    private final TableReads reads = new TableReads();

    /** Empty caches. */
    public WalkCaches(WalkCacheGeometry geometry) {
        this.hostDirectories = new DirectoryCache(geometry.hostDirectories());
        this.guestDirectories = new DirectoryCache(geometry.guestDirectories());
        this.guestPhysical = new GuestPhysicalCache(geometry.guestPhysical());
    }

    /** Directories of host tables. */
    public DirectoryCache hostDirectories() {
        return hostDirectories;
    }

    /** Directories of guest tables, and GCR3 results. */
    public DirectoryCache guestDirectories() {
        return guestDirectories;
    }

    /** Host translations of addresses of guest structures. */
    public GuestPhysicalCache guestPhysical() {
        return guestPhysical;
    }

    /** What walks have read. */
    public TableReads reads() {
        return reads;
    }

    /** INVALIDATE_IOMMU_PAGES with GN=0, for an inclusive, unsigned range. */
    public void invalidateHost(int domain, long first, long last, boolean dropsDirectories) {
        guestPhysical.invalidate(domain, first, last);
        guestDirectories.invalidateCombined(domain);
        if (dropsDirectories) {
            hostDirectories.invalidate(domain, EffectSink.NO_PASID, first, last);
        }
    }

    /** INVALIDATE_IOMMU_PAGES with GN=1, for an inclusive, unsigned range. */
    public void invalidateGuest(int domain, int pasid, long first, long last, boolean dropsDirectories) {
        if (dropsDirectories) {
            guestDirectories.invalidate(domain, pasid, first, last);
        }
    }

    /** Drops everything of these domains. */
    public void invalidateDomains(IdSet domains) {
        hostDirectories.invalidateDomains(domains);
        guestDirectories.invalidateDomains(domains);
        guestPhysical.invalidateDomains(domains);
    }

    /** Drops everything. */
    public void invalidateAll() {
        hostDirectories.invalidateAll();
        guestDirectories.invalidateAll();
        guestPhysical.invalidateAll();
    }

    @Override
    public void saveTo(StateSink sink) {
        hostDirectories.saveTo(sink);
        guestDirectories.saveTo(sink);
        guestPhysical.saveTo(sink);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        hostDirectories.restoreFrom(source);
        guestDirectories.restoreFrom(source);
        guestPhysical.restoreFrom(source);
    }
}
