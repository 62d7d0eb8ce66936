package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.cache.TranslationCache;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;

/**
 * The last steps of the translation procedure (reference 2.5, 6): the TLB, then the walk. Not thread-safe; allocates nothing
 * after construction.
 */
final class TableTranslation {
    private final IommuOptions options;
    private final TranslationCache tlb;
    private final GuestSwitches guestSwitches;
    private final FaultReporter faults;
    private final MemoryRequest request;
    private final DeviceEntry entry;
    private final Answer answer;
    private final HostWalk hostWalk;
    private final WalkState walk;
    private final GuestWalkState guestWalk;

    /** Binds memory, caches and what the procedure works on. */
    TableTranslation(
            IommuOptions options,
            MemoryPort memory,
            EffectSink effects,
            Translator.Caches caches,
            GuestSwitches guestSwitches,
            FaultReporter faults,
            MemoryRequest request,
            DeviceEntry entry,
            Answer answer) {
        this.options = options;
        this.tlb = caches.tlb();
        this.guestSwitches = guestSwitches;
        this.faults = faults;
        this.request = request;
        this.entry = entry;
        this.answer = answer;
        this.hostWalk = options.quirks().hostWalk();
        this.walk = new WalkState(memory, effects, options.extendedFeatures(), caches.walkCaches(), false);
        this.guestWalk =
                new GuestWalkState(memory, effects, hostWalk, request, options.extendedFeatures(), caches.walkCaches());
    }

    /** Steps 13 and 14 for addresses that the host's tables translate (reference 6.1). */
    TranslationDecision translateHost() {
        // 13. The TLB of the domain. It holds only addresses that a walk has found to be within the width.
        int domain = answer.domain();
        if (tlb.findForDomain(domain, request.address()) && !mustSetHostDirty(tlb.rights() & entry.rights())) {
            answer.tables(tlb.rights());
            return hit(tlb.rights() & entry.rights());
        }
        // 14. The walk, which checks the width of the address first.
        walk.begin(entry, request.address(), request.access());
        return switch (hostWalk.walk(walk)) {
            case PAGE -> {
                tlb.insert(
                        request.requester(),
                        domain,
                        request.address(),
                        walk.result(),
                        walk.pageShift(),
                        walk.tableRights());
                answer.tables(walk.tableRights());
                yield request.access().isAllowedBy(walk.rights())
                        ? grant(walk.result(), walk.pageShift(), walk.rights())
                        : faults.fault(FaultCause.NO_RIGHT_IN_CACHE);
            }
            case FAULT -> walkFault(walk, EffectSink.NO_PASID, true);
            case MEMORY_FAILURE -> faults.pageTableFailure(walk.failure(), walk.entryAddress());
        };
    }

    /** Steps 13 and 14 for guest virtual addresses (reference 6.3). */
    TranslationDecision translateGuest() {
        // 13. PASID within PASmax and the GCR3 table, address within the guest's tables; then the TLB of domain and
        // PASID.
        int pasid = request.guestPasid();
        if (!guestSwitches.covers(entry, pasid)) {
            return faults.guestFault(FaultCause.PASID_OUT_OF_RANGE);
        }
        if (!GuestEntryDescriptor.isCovered(request.address(), entry.guestLevels(), pasid)) {
            return faults.guestFault(FaultCause.NOT_CANONICAL);
        }
        int domain = answer.domain();
        if (tlb.findForGuest(domain, pasid, request.address())) {
            int cachedRights = tlb.rights() & (entry.rights() | ~AccessKind.RIGHTS_ALL);
            if (!mustSetGuestDirty(cachedRights) && (entry.mode() == 0 || !mustSetHostDirty(cachedRights))) {
                answer.hit(domain);
                if (tlb.isNotPresent()) {
                    return faults.guestFault(FaultCause.NOT_PRESENT);
                }
                return grantGuest(tlb.result(), tlb.pageShift(), cachedRights);
            }
        }
        // 14. The walk of the guest's tables, each access by way of the host's.
        guestWalk.begin(
                entry, guestSwitches.isRootGuestPhysical(), guestSwitches.hasNoExecute(), guestSwitches.updatesDirty());
        return switch (GuestWalk.walk(guestWalk)) {
            case PAGE -> {
                tlb.insertGuest(
                        domain,
                        pasid,
                        request.address(),
                        guestWalk.result(),
                        guestWalk.pageShift(),
                        guestWalk.tableRights(),
                        guestWalk.guestShift(),
                        entry.mode() != 0);
                yield grantGuest(guestWalk.result(), guestWalk.pageShift(), guestWalk.rights());
            }
            case FAULT -> walkFault(guestWalk, pasid, guestWalk.isHostFault());
            case MEMORY_FAILURE -> faults.pageTableFailure(guestWalk.failure(), guestWalk.entryAddress());
        };
    }

    /** A walk that faulted. With NpCache a frame that is not mapped is remembered as such (MC-125). */
    private TranslationDecision walkFault(WalkRecord walked, int pasid, boolean isHostFault) {
        boolean isNotPresent = walked.cause() == FaultCause.NOT_PRESENT || walked.cause() == FaultCause.NO_GUEST_ROOT;
        if (isNotPresent && options.isNotPresentCached()) {
            boolean isCombined = answer.isGuest() && entry.mode() != 0;
            tlb.insertNotPresent(answer.domain(), pasid, request.address(), isCombined);
        }
        return isHostFault ? faults.fault(walked.cause()) : faults.guestFault(walked.cause());
    }

    /** Whether a write that the cache permits must still go through the host's tables, to set D there. */
    private boolean mustSetHostDirty(int permitted) {
        return writesBy(permitted)
                && (tlb.rights() & PageEntryDescriptor.CACHED_DIRTY) == 0
                && entry.updatesDirty(options.extendedFeatures());
    }

    /** The same for the guest's tables. */
    private boolean mustSetGuestDirty(int permitted) {
        return writesBy(permitted)
                && (tlb.rights() & GuestEntryDescriptor.CACHED_DIRTY) == 0
                && guestSwitches.updatesDirty();
    }

    private boolean writesBy(int permitted) {
        return request.access().isWrite() && request.access().isAllowedBy(permitted);
    }

    /** A request answered from the TLB; rights that do not suffice refuse it (MC-9). */
    TranslationDecision hit(int hitRights) {
        answer.hit(tlb.domain());
        if (tlb.isNotPresent()) {
            return faults.fault(FaultCause.NOT_PRESENT);
        }
        if (!request.access().isAllowedBy(hitRights)) {
            return faults.fault(FaultCause.NO_RIGHT_IN_CACHE);
        }
        if (tlb.isPassed()) {
            return answer.pass(request.address(), hitRights);
        }
        return grant(tlb.result(), tlb.pageShift(), hitRights);
    }

    private TranslationDecision grantGuest(long page, int shift, int granted) {
        answer.tables(granted);
        return request.isAllowedBy(granted)
                ? grant(page, shift, granted & AccessKind.RIGHTS_ALL)
                : faults.guestFault(FaultCause.NO_RIGHT_IN_CACHE);
    }

    private TranslationDecision grant(long page, int shift, int granted) {
        return answer.grant(TranslationDecision.TRANSLATED, page, shift, granted, "the tables translate the address");
    }

    /** Whether a page that the answer grants for writing has no D yet, in the host's tables or the guest's. */
    boolean isDirtyPending() {
        boolean isHostPending = entry.mode() != 0
                && entry.updatesDirty(options.extendedFeatures())
                && (answer.tableRights() & PageEntryDescriptor.CACHED_DIRTY) == 0;
        boolean isGuestPending = answer.isGuest()
                && guestSwitches.updatesDirty()
                && (answer.tableRights() & GuestEntryDescriptor.CACHED_DIRTY) == 0;
        return (answer.rights() & AccessKind.RIGHT_WRITE) != 0 && (isHostPending || isGuestPending);
    }
}
