package org.iorewind.model.iommu.command;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.cache.IdMapCache;
import org.iorewind.model.iommu.cache.IdSet;
import org.iorewind.model.iommu.cache.InterruptEntryCache;
import org.iorewind.model.iommu.cache.PrivateCache;
import org.iorewind.model.iommu.cache.TranslationCache;
import org.iorewind.model.iommu.cache.WalkCaches;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.quirk.DeviceEntryRules;
import org.iorewind.model.iommu.quirk.TranslationGate;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.memory.MemoryStatus;

/**
 * What invalidation commands do to the caches (reference 3.3, 9.1), whenever they take effect: 02h, 03h, 04h, 05h, 08h. Not
 * thread-safe; allocates nothing after construction.
 */
public final class Invalidations {
    /** Domain told to the sink when entries go whatever their domain is. */
    private static final int EVERY_DOMAIN = -1;

    private final IommuOptions options;
    private final EffectSink effects;
    private final Parts parts;
    private final DeviceEntryRules entryRules;
    private final DeviceEntry entry = new DeviceEntry();

    /**
     * What invalidations act on.
     *
     * @param tlb cache of translations
     * @param walkCaches caches of what walks read
     * @param deviceEntries cache of device table entries
     * @param interruptEntries cache of interrupt table entries
     * @param idMaps cache of guests' ID maps
     * @param privates cache of translations for hardware vIOMMU itself
     * @param deviceTable the device table
     * @param gate told of announced devices
     * @param events where errors go
     */
    public record Parts(
            TranslationCache tlb,
            WalkCaches walkCaches,
            DeviceEntryCache deviceEntries,
            InterruptEntryCache interruptEntries,
            IdMapCache idMaps,
            PrivateCache privates,
            DeviceTable deviceTable,
            TranslationGate gate,
            EventReports events) {}

    /** Binds the parts. */
    public Invalidations(IommuOptions options, EffectSink effects, Parts parts) {
        this.options = options;
        this.effects = effects;
        this.parts = parts;
        this.entryRules = options.quirks().deviceEntries();
    }

    /** Lets a legal invalidation command take effect. */
    void apply(long q0, long q1) {
        switch (CommandDescriptor.opcode(q0)) {
            case CommandDescriptor.INVALIDATE_DEVTAB_ENTRY -> invalidateDeviceEntry(CommandDescriptor.requester(q0));
            case CommandDescriptor.INVALIDATE_IOMMU_PAGES -> invalidatePages(q0, q1);
            case CommandDescriptor.INVALIDATE_INTERRUPT_TABLE ->
                parts.interruptEntries().invalidate(CommandDescriptor.requester(q0));
            default -> invalidateAll();
        }
    }

    private void invalidateDeviceEntry(int requester) {
        parts.deviceEntries().invalidate(requester);
        parts.privates().invalidateDevice(requester);
        if (parts.gate().readsEntryOnInvalidation()) {
            announce(requester);
        }
    }

    private void announce(int requester) {
        MemoryStatus status = parts.deviceTable().fetch(requester, entry);
        if (status == MemoryStatus.NOT_RECORDED) {
            parts.gate().entryUnknown(requester);
            return;
        }
        boolean isReadable = status == MemoryStatus.OK;
        boolean isLegal = isReadable && !entryRules.reservedBitsForMemory(entry, options);
        if (!isReadable) {
            parts.events().deviceTableError(requester, 0, status, entry.address());
        } else if (!isLegal) {
            parts.events().illegalDeviceEntry(requester, 0, 0, 0);
        }
        parts.gate().entrySeen(requester, entry, isLegal);
    }

    private void invalidatePages(long q0, long q1) {
        long first = CommandDescriptor.rangeFirst(q1);
        long last = CommandDescriptor.rangeLast(q1);
        int domain = CommandDescriptor.domain(q0);
        boolean isGuest = (q1 & CommandDescriptor.GUEST) != 0;
        boolean dropsDirectories = (q1 & CommandDescriptor.DIRECTORIES) != 0;
        TranslationCache tlb = parts.tlb();
        int dropped = !isGuest || tlb.ignoresGuestBit() ? tlb.invalidateDomain(domain, first, last) : 0;
        if (isGuest) {
            int pasid = CommandDescriptor.pasid(q0);
            dropped += tlb.invalidateGuest(domain, pasid, first, last);
            parts.walkCaches().invalidateGuest(domain, pasid, first, last, dropsDirectories);
        } else {
            // A combined entry does not tell its guest physical address, so all of the domain go (MC-54).
            dropped += tlb.invalidateCombined(domain);
            parts.walkCaches().invalidateHost(domain, first, last, dropsDirectories);
            parts.idMaps().invalidateDomain(domain);
            parts.privates().invalidate(domain, first, last);
        }
        effects.translationsInvalidated(domain, first, CommandDescriptor.rangeSize(q1), dropped);
    }

    /**
     * Lets INVALIDATE_IOTLB_PAGES take effect on a cache of the IOMMU that it concerns.
     *
     * @return false when it concerns none, so that the cache meant is the device's own
     */
    boolean dropsDevicePages(long q0, long q1) {
        int requester = CommandDescriptor.requester(q0);
        int dropped = parts.tlb()
                .invalidateDevice(requester, CommandDescriptor.coversManyPages(q1), CommandDescriptor.address(q1));
        if (dropped == TranslationCache.NOT_CONCERNED) {
            return false;
        }
        long first = CommandDescriptor.rangeFirst(q1);
        effects.translationsInvalidated(EVERY_DOMAIN, first, CommandDescriptor.rangeSize(q1), dropped);
        return true;
    }

    /** INVALIDATE_IOMMU_ALL of a guest: everything of its domains and devices. */
    void invalidateAllOf(IdSet domains, IdSet devices) {
        int dropped = parts.tlb().invalidateDomains(domains);
        parts.walkCaches().invalidateDomains(domains);
        parts.privates().invalidateDomains(domains);
        parts.deviceEntries().invalidateDevices(devices);
        parts.interruptEntries().invalidateDevices(devices);
        effects.translationsInvalidated(EVERY_DOMAIN, 0, CommandDescriptor.EVERYTHING, dropped);
    }

    private void invalidateAll() {
        int dropped = parts.tlb().invalidateAll();
        parts.walkCaches().invalidateAll();
        parts.deviceEntries().invalidateAll();
        parts.interruptEntries().invalidateAll();
        parts.idMaps().invalidateAll();
        parts.privates().invalidateAll();
        effects.translationsInvalidated(EVERY_DOMAIN, 0, CommandDescriptor.EVERYTHING, dropped);
    }
}
