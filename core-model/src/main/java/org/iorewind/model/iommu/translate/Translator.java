package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.PerformanceEvent;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.cache.TranslationCache;
import org.iorewind.model.iommu.cache.WalkCaches;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.quirk.DeviceEntryRules;
import org.iorewind.model.iommu.quirk.RequestRules;
import org.iorewind.model.iommu.quirk.TranslationGate;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.MarcApertures;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Decides memory requests (reference 2.4, 2.5). {@link #answer} shows the last decision. Not thread-safe; allocates nothing
 * after construction.
 */
public final class Translator {
    private final RegisterFile registers;
    private final IommuOptions options;
    private final EffectSink effects;
    private final DeviceTable deviceTable;
    private final TranslationCache tlb;
    private final TranslationGate gate;
    private final RequestRules rules;
    private final DeviceEntryRules entryRules;
    private final ExclusionRange exclusionRange;
    private final GuestSwitches guestSwitches;
    private final DeviceEntry entry = new DeviceEntry();
    private final MemoryRequest request = new MemoryRequest();
    private final Answer answer = new Answer();
    private final FaultReporter faults;
    private final TableTranslation tables;
    private final MarcApertures apertures;
    private final Admission admission;

    /** The caches that a translator works with. */
    public record Caches(TranslationCache tlb, DeviceEntryCache deviceEntries, WalkCaches walkCaches) {}

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
        this.deviceTable = new DeviceTable(registers, options, memory, effects, caches.deviceEntries());
        this.gate = gate;
        this.rules = options.quirks().requests();
        this.entryRules = options.quirks().deviceEntries();
        this.apertures = new MarcApertures(registers, options);
        this.exclusionRange = new ExclusionRange(registers, options.extendedFeatures());
        this.guestSwitches = new GuestSwitches(registers, options);
        this.faults = new FaultReporter(events, effects, rules, caches.deviceEntries(), request, entry, answer);
        this.tables =
                new TableTranslation(options, memory, effects, caches, guestSwitches, faults, request, entry, answer);
        this.admission = new Admission(options, effects, faults, request, entry, answer);
    }

    /**
     * Decides one request and tells the sink.
     *
     * @param requester DeviceID, 0 to 65535
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address IOVA
     * @param access what it wants to do
     * @param executes whether it asks to execute; only with a PASID
     * @param privileged whether it claims supervisor privilege; only with a PASID, and where EFR has USSup
     */
    public TranslationDecision translate(
            int requester, int pasid, long address, AccessKind access, boolean executes, boolean privileged) {
        begin(RequestKind.UNTRANSLATED, requester, pasid, address, access, executes, privileged);
        return tell(decide());
    }

    /**
     * Decides a request whose address the device has translated itself (reference 7.1), and tells the sink.
     *
     * @param requester DeviceID, 0 to 65535
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address system physical, as an earlier answer gave it
     * @param access what it wants to do
     */
    public TranslationDecision forward(int requester, int pasid, long address, AccessKind access) {
        begin(RequestKind.TRANSLATED, requester, pasid, address, access, false, false);
        return tell(rules.hasDeviceCaches() ? decide() : faults.notModelled(Feature.ATS));
    }

    /**
     * Finds the translation that a device or a command asks for; the sink is not told what became of it. A device that gets
     * the right to write will write without asking again, so D is set now, like A (MC-159).
     *
     * @param kind {@link RequestKind#TRANSLATION} or {@link RequestKind#PREFETCH}
     * @param requester DeviceID, 0 to 65535
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address IOVA
     * @param writes whether the right to write is wanted
     * @param executes whether the right to execute is wanted; only with a PASID
     * @param privileged whether the rights of a supervisor are wanted; only with a PASID, and where EFR has USSup
     */
    TranslationDecision find(
            RequestKind kind,
            int requester,
            int pasid,
            long address,
            boolean writes,
            boolean executes,
            boolean privileged) {
        begin(kind, requester, pasid, address, AccessKind.UNKNOWN, executes, privileged);
        if (!rules.hasDeviceCaches()) {
            return faults.notModelled(Feature.ATS);
        }
        TranslationDecision decision = decide();
        boolean isFromTables = decision == TranslationDecision.TRANSLATED && !answer.isRelocated();
        if (!writes || !isFromTables || isSupervisorPage() || !tables.isDirtyPending()) {
            return decision;
        }
        request.repeatAs((answer.rights() & AccessKind.RIGHT_READ) != 0 ? AccessKind.ATOMIC : AccessKind.WRITE);
        return answer.isGuest() ? tables.translateGuest() : tables.translateHost();
    }

    private void begin(
            RequestKind kind,
            int requester,
            int pasid,
            long address,
            AccessKind access,
            boolean executes,
            boolean privileged) {
        request.set(kind, requester, pasid, address, access);
        request.setPrefix(executes, privileged && guestSwitches.hasPrivilege());
        answer.begin(request.hasPasid() && rules.translatesGuests());
    }

    private TranslationDecision tell(TranslationDecision decision) {
        effects.translation(
                request.requester(),
                request.pasid(),
                request.address(),
                decision,
                answer.domain(),
                answer.result(),
                answer.pageShift(),
                answer.rights(),
                answer.isHit());
        return decision;
    }

    private TranslationDecision decide() {
        // 1. IommuEn=0: everything passes.
        if (!registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.IOMMU_EN)) {
            return passSwitchedOff();
        }
        int requester = request.requester();
        if (!gate.translates(requester)) {
            return pass(AccessKind.RIGHTS_ALL);
        }
        if (tlb.findForDevice(requester, request.address())) {
            return tables.hit(tlb.rights());
        }
        // 2. The device table must reach as far as the DeviceID.
        if (!deviceTable.covers(requester)) {
            return request.kind() == RequestKind.TRANSLATION
                    ? faults.invalid(InvalidRequest.DEVICE_ID_OUT_OF_RANGE)
                    : faults.fault(FaultCause.DEVICE_ID_OUT_OF_RANGE);
        }
        // 3. Fetch the entry.
        MemoryStatus status = deviceTable.fetch(requester, entry);
        if (status != MemoryStatus.OK) {
            return faults.deviceTableFailure(status, deviceTable.addressOf(requester));
        }
        answer.entryKnown(entry.domain());
        // 4. Reserved bits of an entry; those with V=0 have none that count, by the specification.
        if (entryRules.reservedBitsForMemory(entry, options)) {
            return faults.fault(FaultCause.RESERVED_IN_DEVICE_ENTRY);
        }
        if (entryRules.reservedEncodingForMemory(entry)) {
            return faults.fault(FaultCause.ENCODING_IN_DEVICE_ENTRY);
        }
        if (entryRules.reservedGuestEncoding(entry, options.extendedFeatures())) {
            return faults.fault(FaultCause.RESERVED_GUEST_ENCODING);
        }
        if (entryRules.reservedHostEncoding(entry, options)) {
            return faults.fault(FaultCause.RESERVED_HOST_ENCODING);
        }
        // 5. to 7. V=0, address class, request type: whether the request goes as far as the tables.
        TranslationDecision early = admission.decide();
        return early != null ? early : decideValid();
    }

    /** IommuEn=0: everything passes, and a question for a translation finds nobody who could answer. */
    private TranslationDecision passSwitchedOff() {
        return request.kind() == RequestKind.TRANSLATION
                ? answer.refuse(TranslationDecision.ABORTED, AtsStatus.UNSUPPORTED_REQUEST, "the IOMMU is switched off")
                : pass(AccessKind.RIGHTS_ALL);
    }

    private TranslationDecision decideValid() {
        // With a PASID, or with GIoV, the guest's tables translate.
        if (request.hasPasid() && !rules.translatesGuests()) {
            return faults.notModelled(Feature.GUEST_TRANSLATION);
        }
        boolean namesGuest = request.hasPasid() || entry.isGuestIoValid() && rules.translatesGuests();
        boolean usesGuestTables = namesGuest && entry.isGuestValid() && guestSwitches.isOn();
        answer.guest(request.hasPasid() || usesGuestTables);
        // An aperture takes the place of translation (MC-98); guest virtual addresses have none (MC-104).
        if (!answer.isGuest() && apertures.covers(request.address())) {
            return relocate();
        }
        // 8. Exclusion range, for every device and before TV (MC-20); guest virtual addresses have none (MC-51).
        if (!answer.isGuest() && exclusionRange.covers(entry, request.address())) {
            if (request.kind() != RequestKind.PREFETCH) {
                effects.performanceEvent(
                        PerformanceEvent.PASSED_EXCLUDED, request.requester(), answer.domain(), request.pasid());
            }
            return pass(AccessKind.RIGHTS_ALL);
        }
        // 9. TV=0 ends every request that needs a table.
        if (!entry.isTranslationValid()) {
            return rules.passesWithTranslationOff() ? passByEntry() : faults.fault(FaultCause.TRANSLATION_OFF);
        }
        // 10. The entry's own rights.
        if (!rules.entryAllows(request.access(), entry.rights())) {
            return faults.fault(FaultCause.NO_RIGHT_IN_DEVICE_ENTRY);
        }
        // A PASID that no guest table translates is an error (MC-27).
        if (answer.isGuest() && !usesGuestTables) {
            return faults.fault(FaultCause.NO_GUEST_TRANSLATION);
        }
        // 11. Mode 0: the address is physical, or the guest's tables lead to physical ones.
        if (entry.mode() == 0) {
            return usesGuestTables ? tables.translateGuest() : passByEntry();
        }
        // 12. Mode within what the hardware has.
        long features = options.extendedFeatures();
        if (entry.mode() > FeatureDescriptor.hostLevels(features)) {
            return faults.fault(FaultCause.RESERVED_MODE);
        }
        if (!rules.marksHostTables() && (entry.updatesDirty(features) || entry.updatesAccessed(features))) {
            return faults.notModelled(Feature.HOST_ACCESSED_DIRTY);
        }
        return usesGuestTables ? tables.translateGuest() : tables.translateHost();
    }

    private TranslationDecision relocate() {
        int granted = apertures.isReadOnly() ? AccessKind.RIGHT_READ : AccessKind.RIGHTS_ALL;
        return request.access().isAllowedBy(granted)
                ? answer.relocate(apertures.relocated(), granted)
                : faults.fault(FaultCause.NO_RIGHT_IN_APERTURE);
    }

    private TranslationDecision passByEntry() {
        tlb.insertPassed(request.requester(), answer.domain(), request.address(), entry.rights());
        return request.access().isAllowedBy(entry.rights())
                ? pass(entry.rights())
                : faults.fault(FaultCause.NO_RIGHT_IN_DEVICE_ENTRY);
    }

    private TranslationDecision pass(int granted) {
        return answer.pass(request.address(), granted);
    }

    /** Whether the page found is one of the guest's supervisor, while the request claims no such privilege. */
    boolean isSupervisorPage() {
        return answer.isGuest()
                && !request.isPrivileged()
                && (answer.tableRights() & GuestEntryDescriptor.RIGHT_USER) == 0;
    }

    /** The last request. */
    MemoryRequest request() {
        return request;
    }

    /** What became of the last request. */
    public Answer answer() {
        return answer;
    }

    /** Device table entry of the last request, where the answer says that it is known. */
    public DeviceEntry entry() {
        return entry;
    }
}
