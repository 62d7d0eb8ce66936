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
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Decides memory requests (reference 2.4, 2.5). The accessors show the last decision. Not thread-safe; allocates nothing
 * after construction.
 */
public final class Translator {
    /** Shown as the domain when no device table entry was consulted. */
    public static final int NO_DOMAIN = -1;

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
    private final DeviceEntry entry = new DeviceEntry();

    private int requester;
    private long address;
    private AccessKind access = AccessKind.UNKNOWN;
    private int domain;
    private long result;
    private int pageShift;
    private int rights;
    private boolean isHit;
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
        this.walk = new WalkState(memory, effects);
    }

    /**
     * Decides one request and tells the sink.
     *
     * @param requestRequester DeviceID, 0 to 65535
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param requestAddress IOVA
     * @param requestAccess what it wants to do
     */
    public TranslationDecision translate(
            int requestRequester, int pasid, long requestAddress, AccessKind requestAccess) {
        requester = requestRequester;
        address = requestAddress;
        access = requestAccess;
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
        if (deviceTable.isSegmented()) {
            return notModelled(Feature.DEVICE_TABLE_SEGMENTS, requester);
        }
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
        // 7. Request type: with a PASID (even if GV=0, MC-27), or with GIoV, the guest's tables translate.
        if (pasid != EffectSink.NO_PASID || entry.isGuestValid() && entry.isGuestIoValid()) {
            return notModelled(Feature.GUEST_TRANSLATION, requester);
        }
        // 8. Exclusion range, for every device and before TV (MC-20).
        if (isExcluded()) {
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
        // 11. Mode 0: the address is physical.
        if (entry.mode() == 0) {
            return passByEntry();
        }
        // 12. Mode within what the hardware has.
        if (entry.mode() > FeatureDescriptor.hostLevels(options.extendedFeatures())) {
            return fault(FaultCause.RESERVED_MODE);
        }
        if (entry.updatesAccessedOrDirty(options.extendedFeatures())) {
            return notModelled(Feature.HOST_ACCESSED_DIRTY, requester);
        }
        // 13. The TLB of the domain, then the walk, which checks the width of the address first.
        if (tlb.findForDomain(domain, address)) {
            return hit(tlb.rights() & entry.rights());
        }
        return walkTables();
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
            case MEMORY_FAILURE -> pageTableFailure();
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

    private boolean isExcluded() {
        long base = registers.get(RegisterDescriptor.EXCLUSION_BASE);
        boolean exists = (options.extendedFeatures() & FeatureDescriptor.SNP) == 0;
        if (!exists || (base & RegisterDescriptor.EXCLUSION_ENABLE) == 0) {
            return false;
        }
        long last = registers.get(RegisterDescriptor.EXCLUSION_LIMIT) | RegisterDescriptor.EXCLUSION_LIMIT_LOW;
        boolean isConcerned = (base & RegisterDescriptor.EXCLUSION_ALLOW_ALL) != 0 || entry.isExcludable();
        return isConcerned
                && Long.compareUnsigned(address, RegisterDescriptor.base(base)) >= 0
                && Long.compareUnsigned(address, last) <= 0;
    }

    private TranslationDecision deviceTableFailure(MemoryStatus status) {
        if (status == MemoryStatus.NOT_RECORDED) {
            return refuse(TranslationDecision.NOT_RECORDED, "the recording does not hold the device table entry");
        }
        events.deviceTableError(requester, writeFlag(), status, deviceTable.addressOf(requester));
        return refuse(TranslationDecision.HARDWARE_ERROR, "the device table entry could not be read");
    }

    private TranslationDecision pageTableFailure() {
        if (walk.failure() == MemoryStatus.NOT_RECORDED) {
            return refuse(TranslationDecision.NOT_RECORDED, "the recording does not hold a page table entry");
        }
        events.pageTableError(requester, domain, writeFlag(), walk.failure(), walk.entryAddress());
        rules.afterTableError(events, requester, writeFlag(), address);
        return refuse(TranslationDecision.HARDWARE_ERROR, "a page table entry could not be read");
    }

    /** The one exit of every fault. */
    private TranslationDecision fault(FaultCause cause) {
        if (rules.reports(cause)) {
            int flags = cause.flags() | writeFlag();
            if (cause.decision() == TranslationDecision.BAD_DEVICE_ENTRY) {
                events.illegalDeviceEntry(requester, flags, address);
            } else {
                events.pageFault(requester, Math.max(domain, 0), flags, address, isSuppressed());
            }
        }
        return refuse(cause.decision(), cause.text());
    }

    /** SA keeps every fault out of the log, SE every one but the first of a cached entry. */
    private boolean isSuppressed() {
        if (!isEntryKnown) {
            return false;
        }
        return entry.reportsNoFault() || entry.reportsFirstFaultOnly() && deviceEntries.noteFault(requester);
    }

    /** RW, which every fault shows, present or not (MC-26). */
    private int writeFlag() {
        return access.isWrite() ? EventDescriptor.FLAG_RW : 0;
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
