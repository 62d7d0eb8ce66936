package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.cache.TranslationCache;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.quirk.DeviceEntryRules;
import org.iorewind.model.iommu.quirk.RequestRules;
import org.iorewind.model.iommu.quirk.TranslationGate;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Decides memory requests (reference 2.4, 2.5). The accessors show the last decision. Not thread-safe; allocates nothing
 * after construction.
 */
public final class Translator {
    /** Shown as the domain when no device table entry was consulted. */
    public static final int NO_DOMAIN = -1;

    private static final int GIOV_PASID = 0;
    private static final long SMALLEST_PAGE_MASK = -1L << 12;
    private static final String PASSED_TEXT = "the request is forwarded untranslated";

    private final RegisterFile registers;
    private final IommuOptions options;
    private final EffectSink effects;
    private final DeviceTable deviceTable;
    private final TranslationCache tlb;
    private final DeviceEntryCache deviceEntries;
    private final EventReports events;
    private final TranslationGate gate;
    private final RequestRules rules;
    private final DeviceEntryRules entryRules;
    private final HostWalk hostWalk;
    private final WalkState walk;
    private final ExclusionRange exclusionRange;
    private final GuestSwitches guestSwitches;
    private final GuestRequest guestRequest = new GuestRequest();
    private final GuestWalkState guestWalk;
    private final DeviceEntry entry = new DeviceEntry();

    private int requester;
    private long address;
    private AccessKind access = AccessKind.UNKNOWN;
    private int domain;
    private long result;
    private int pageShift;
    private int rights;
    private boolean isHit;
    private boolean isGuest;
    private boolean isEntryKnown;
    private String reason = "";

    /** The caches that a translator works with. */
    public record Caches(TranslationCache tlb, DeviceEntryCache deviceEntries) {}

    /** Binds the parts. */
    public Translator(
            RegisterFile registers,
            IommuOptions options,
            MemoryPort memory,
            EffectSink effects,
            Caches caches,
            EventReports events,
            TranslationGate gate) {
        this.registers = registers;
        this.options = options;
        this.effects = effects;
        this.tlb = caches.tlb();
        this.deviceEntries = caches.deviceEntries();
        this.deviceTable = new DeviceTable(registers, options, memory, effects, deviceEntries);
        this.events = events;
        this.gate = gate;
        this.rules = options.quirks().requests();
        this.entryRules = options.quirks().deviceEntries();
        this.hostWalk = options.quirks().hostWalk();
        this.walk = new WalkState(memory, effects, options.extendedFeatures());
        this.exclusionRange = new ExclusionRange(registers, options.extendedFeatures());
        this.guestSwitches = new GuestSwitches(registers, options);
        this.guestWalk = new GuestWalkState(memory, effects, hostWalk, guestRequest, options.extendedFeatures());
    }

    /**
     * Decides one request and tells the sink.
     *
     * @param requestRequester DeviceID, 0 to 65535
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param requestAddress IOVA
     * @param requestAccess what it wants to do
     * @param executes whether it asks to execute; only with a PASID
     * @param privileged whether it claims supervisor privilege; only with a PASID, and where EFR has USSup
     */
    public TranslationDecision translate(
            int requestRequester,
            int pasid,
            long requestAddress,
            AccessKind requestAccess,
            boolean executes,
            boolean privileged) {
        requester = requestRequester;
        address = requestAddress;
        access = requestAccess;
        boolean hasPasid = pasid != EffectSink.NO_PASID;
        isGuest = hasPasid && rules.translatesGuests();
        guestRequest.set(
                hasPasid ? pasid : GIOV_PASID,
                address,
                access,
                hasPasid && executes,
                hasPasid && privileged && guestSwitches.hasPrivilege());
        domain = NO_DOMAIN;
        isEntryKnown = false;
        refuse("");
        TranslationDecision decision = decide(pasid);
        effects.translation(requester, pasid, address, decision, domain, result, pageShift, rights, isHit);
        return decision;
    }

    private TranslationDecision decide(int pasid) {
        // 1. IommuEn=0: everything passes.
        if (!registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.IOMMU_EN)) {
            return pass(AccessKind.RIGHTS_ALL);
        }
        if (!gate.translates(requester)) {
            return pass(AccessKind.RIGHTS_ALL);
        }
        if (tlb.findForDevice(requester, address)) {
            domain = tlb.domain();
            return hit(tlb.rights());
        }
        // 2. The device table must reach as far as the DeviceID.
        if (!deviceTable.covers(requester)) {
            return fault(FaultCause.DEVICE_ID_OUT_OF_RANGE);
        }
        // 3. Fetch the entry.
        MemoryStatus status = deviceTable.fetch(requester, entry);
        if (status != MemoryStatus.OK) {
            return deviceTableFailure(status);
        }
        domain = entry.domain();
        isEntryKnown = true;
        // 4. Reserved bits of an entry; those with V=0 have none that count, by the specification.
        if (entryRules.reservedBitsForMemory(entry, options)) {
            return fault(FaultCause.RESERVED_IN_DEVICE_ENTRY);
        }
        if (entryRules.reservedEncodingForMemory(entry)) {
            return fault(FaultCause.ENCODING_IN_DEVICE_ENTRY);
        }
        if (entryRules.reservedGuestEncoding(entry, options.extendedFeatures())) {
            return fault(FaultCause.RESERVED_GUEST_ENCODING);
        }
        // 5. V=0: passes, no field is consulted.
        if (!entry.isValid()) {
            return pass(AccessKind.RIGHTS_ALL);
        }
        return decideValid(pasid);
    }

    private TranslationDecision decideValid(int pasid) {
        // 6. Address class; a data access in the MSI window leaves no event (MC-18).
        if (AddressRangeDescriptor.isMsi(address)) {
            return refuse(TranslationDecision.ABORTED, "the MSI window is no memory");
        }
        if (AddressRangeDescriptor.isHyperTransport(address)
                && rules.reservesHyperTransport(options.extendedFeatures2())) {
            effects.notModelled(Feature.SPECIAL_ADDRESS_RANGE, address);
            return refuse(TranslationDecision.ABORTED, "the HyperTransport ranges are no memory");
        }
        // 7. Request type: with a PASID, or with GIoV, the guest's tables translate.
        boolean hasPasid = pasid != EffectSink.NO_PASID;
        boolean namesGuest = hasPasid || entry.isGuestValid() && entry.isGuestIoValid();
        if (namesGuest && !rules.translatesGuests()) {
            return notModelled(Feature.GUEST_TRANSLATION, requester);
        }
        boolean usesGuestTables = namesGuest && entry.isGuestValid() && guestSwitches.isOn();
        isGuest = hasPasid || usesGuestTables;
        // 8. Exclusion range, for every device and before TV (MC-20); guest virtual addresses have none (MC-51).
        if (!isGuest && exclusionRange.covers(entry, address)) {
            return pass(AccessKind.RIGHTS_ALL);
        }
        // 9. TV=0 ends every request that needs a table.
        if (!entry.isTranslationValid()) {
            return rules.passesWithTranslationOff() ? passByEntry() : fault(FaultCause.TRANSLATION_OFF);
        }
        // 10. The entry's own rights.
        if (!rules.entryAllows(access, entry.rights())) {
            return fault(FaultCause.NO_RIGHT_IN_DEVICE_ENTRY);
        }
        // A PASID that no guest table translates is an error (MC-27).
        if (isGuest && !usesGuestTables) {
            return fault(FaultCause.NO_GUEST_TRANSLATION);
        }
        // 11. Mode 0: the address is physical, or the guest's tables lead to physical ones.
        if (entry.mode() == 0) {
            return usesGuestTables ? translateGuest() : passByEntry();
        }
        // 12. Mode within what the hardware has.
        if (entry.mode() > FeatureDescriptor.hostLevels(options.extendedFeatures())) {
            return fault(FaultCause.RESERVED_MODE);
        }
        long features = options.extendedFeatures();
        if (!rules.marksHostTables() && (entry.updatesDirty(features) || entry.updatesAccessed(features))) {
            return notModelled(Feature.HOST_ACCESSED_DIRTY, requester);
        }
        if (usesGuestTables) {
            return translateGuest();
        }
        // 13. The TLB of the domain, then the walk, which checks the width of the address first.
        if (tlb.findForDomain(domain, address) && !mustSetDirty(tlb.rights() & entry.rights())) {
            return hit(tlb.rights() & entry.rights());
        }
        return walkTables();
    }

    /** Steps 13 and 14 for guest virtual addresses (reference 6.3). */
    private TranslationDecision translateGuest() {
        // 13. PASID within PASmax and the GCR3 table, address within the guest's tables.
        if (!guestSwitches.covers(entry, guestRequest.pasid())) {
            return fault(FaultCause.PASID_OUT_OF_RANGE);
        }
        if (!GuestEntryDescriptor.isCovered(address, entry.guestLevels(), guestRequest.pasid())) {
            return fault(FaultCause.NOT_CANONICAL);
        }
        // 14. The TLB of domain and PASID, then the walk of the guest's tables, each access by way of the host's.
        boolean isCached = tlb.findForGuest(domain, guestRequest.pasid(), address);
        int cachedRights = isCached ? tlb.rights() & (entry.rights() | ~AccessKind.RIGHTS_ALL) : 0;
        if (isCached && (entry.mode() == 0 || !mustSetDirty(cachedRights))) {
            isHit = true;
            return grantGuest(tlb.result(), tlb.pageShift(), cachedRights);
        }
        guestWalk.begin(entry, guestSwitches.isRootGuestPhysical(), guestSwitches.hasNoExecute());
        return switch (GuestWalk.walk(guestWalk)) {
            case PAGE -> {
                tlb.insertGuest(
                        domain,
                        guestRequest.pasid(),
                        address,
                        guestWalk.result(),
                        guestWalk.pageShift(),
                        guestWalk.tableRights(),
                        guestWalk.guestShift(),
                        entry.mode() != 0);
                yield grantGuest(guestWalk.result(), guestWalk.pageShift(), guestWalk.rights());
            }
            case FAULT -> fault(guestWalk.cause());
            case MEMORY_FAILURE -> pageTableFailure(guestWalk.failure(), guestWalk.entryAddress());
        };
    }

    /** Whether a write that the cache permits must still go through the tables, to set D there. */
    private boolean mustSetDirty(int permitted) {
        return access.isWrite()
                && access.isAllowedBy(permitted)
                && (tlb.rights() & PageEntryDescriptor.CACHED_DIRTY) == 0
                && entry.updatesDirty(options.extendedFeatures());
    }

    private TranslationDecision grantGuest(long page, int shift, int granted) {
        return guestRequest.isAllowedBy(granted)
                ? grant(page, shift, granted & AccessKind.RIGHTS_ALL)
                : fault(FaultCause.NO_RIGHT_IN_CACHE);
    }

    private TranslationDecision walkTables() {
        walk.begin(entry, address, access);
        return switch (hostWalk.walk(walk)) {
            case PAGE -> {
                tlb.insert(requester, domain, address, walk.result(), walk.pageShift(), walk.tableRights());
                yield access.isAllowedBy(walk.rights())
                        ? grant(walk.result(), walk.pageShift(), walk.rights())
                        : fault(FaultCause.NO_RIGHT_IN_CACHE);
            }
            case FAULT -> fault(walk.cause());
            case MEMORY_FAILURE -> pageTableFailure(walk.failure(), walk.entryAddress());
        };
    }

    /** A request answered from the TLB; rights that do not suffice refuse it (MC-9). */
    private TranslationDecision hit(int hitRights) {
        isHit = true;
        if (!access.isAllowedBy(hitRights)) {
            return fault(FaultCause.NO_RIGHT_IN_CACHE);
        }
        if (tlb.isPassed()) {
            return pass(hitRights);
        }
        return grant(tlb.result(), tlb.pageShift(), hitRights);
    }

    private TranslationDecision grant(long page, int shift, int granted) {
        result = page;
        pageShift = shift;
        rights = granted;
        reason = "the tables translate the address";
        return TranslationDecision.TRANSLATED;
    }

    private TranslationDecision passByEntry() {
        tlb.insertPassed(requester, domain, address, entry.rights());
        return access.isAllowedBy(entry.rights()) ? pass(entry.rights()) : fault(FaultCause.NO_RIGHT_IN_DEVICE_ENTRY);
    }

    private TranslationDecision pass(int granted) {
        result = address & SMALLEST_PAGE_MASK;
        pageShift = 0;
        rights = granted;
        reason = PASSED_TEXT;
        return TranslationDecision.PASSED;
    }

    private TranslationDecision deviceTableFailure(MemoryStatus status) {
        if (status == MemoryStatus.NOT_RECORDED) {
            return refuse(TranslationDecision.NOT_RECORDED, "the recording does not hold the device table entry");
        }
        events.deviceTableError(requester, writeFlag(), status, deviceTable.addressOf(requester));
        return refuse(TranslationDecision.HARDWARE_ERROR, "the device table entry could not be read");
    }

    private TranslationDecision pageTableFailure(MemoryStatus failure, long entryAddress) {
        if (failure == MemoryStatus.NOT_RECORDED) {
            return refuse(TranslationDecision.NOT_RECORDED, "the recording does not hold a page table entry");
        }
        events.pageTableError(requester, eventTag(), writeFlag() | guestFlag(), failure, entryAddress);
        rules.afterTableError(events, requester, writeFlag(), address);
        return refuse(TranslationDecision.HARDWARE_ERROR, "a page table entry could not be read");
    }

    /** The one exit of every fault, of the host's stage too, which shows the guest virtual address (MC-52). */
    private TranslationDecision fault(FaultCause cause) {
        if (rules.reports(cause)) {
            int flags = cause.flags() | writeFlag() | guestFlag();
            if (cause.decision() == TranslationDecision.BAD_DEVICE_ENTRY) {
                events.illegalDeviceEntry(requester, isGuest ? guestRequest.pasid() : 0, flags, address);
            } else {
                int requestFlags = isGuest ? guestRequest.eventFlags() : 0;
                boolean isLogged =
                        events.pageFault(requester, eventTag(), flags | requestFlags, address, isSuppressed());
                if (isLogged && isEntryKnown) {
                    deviceEntries.noteFault(requester);
                }
            }
        }
        return refuse(cause.decision(), cause.text());
    }

    /** SA keeps every fault out of the log, SE every one after the first that was logged since the entry was cached. */
    private boolean isSuppressed() {
        if (!isEntryKnown) {
            return false;
        }
        return entry.reportsNoFault() || entry.reportsFirstFaultOnly() && deviceEntries.hasLoggedFault(requester);
    }

    /** RW, which every fault shows, present or not (MC-26). */
    private int writeFlag() {
        return access.isWrite() ? EventDescriptor.FLAG_RW : 0;
    }

    /** GN, for requests with a PASID, their own or that of GIoV. */
    private int guestFlag() {
        return isGuest ? EventDescriptor.FLAG_GN : 0;
    }

    /** The PASID with GN=1, else the DomainID. */
    private int eventTag() {
        return isGuest ? guestRequest.pasid() : Math.max(domain, 0);
    }

    private TranslationDecision notModelled(Feature feature, long detail) {
        effects.notModelled(feature, detail);
        return refuse(TranslationDecision.NOT_MODELLED, "the model lacks " + feature);
    }

    private TranslationDecision refuse(TranslationDecision decision, String why) {
        boolean hit = isHit;
        refuse(why);
        isHit = hit;
        return decision;
    }

    private void refuse(String why) {
        result = 0;
        pageShift = 0;
        rights = 0;
        isHit = false;
        reason = why;
    }

    /** DomainID of the last request, or {@link #NO_DOMAIN}. */
    public int domain() {
        return domain;
    }

    /** Start of the page of the last request; 0 when refused. */
    public long result() {
        return result;
    }

    /** log2 of the page size of the last request; 0 unless translated. */
    public int pageShift() {
        return pageShift;
    }

    /** Rights of the last request. */
    public int rights() {
        return rights;
    }

    /** The last decision in a short sentence. */
    public String reason() {
        return reason;
    }

    /** Whether the last request got as far as its device table entry. */
    public boolean isEntryKnown() {
        return isEntryKnown;
    }

    /** Device table entry of the last request. */
    public DeviceEntry entry() {
        return entry;
    }
}
