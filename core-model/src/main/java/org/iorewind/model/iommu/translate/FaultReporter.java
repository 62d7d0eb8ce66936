package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.quirk.RequestRules;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.memory.MemoryStatus;

/**
 * The one exit of every request that fails: which event it leaves (reference 4.3, 4.4), and which answer. A fault of the
 * host's stage of a nested walk shows the guest virtual address too (MC-52). Translation requests and prefetches leave no
 * IO_PAGE_FAULT, whatever the cause: the answer grants nothing. Not thread-safe; allocates nothing.
 */
final class FaultReporter {
    private final EventReports events;
    private final EffectSink effects;
    private final RequestRules rules;
    private final DeviceEntryCache deviceEntries;
    private final MemoryRequest request;
    private final DeviceEntry entry;
    private final Answer answer;

    /** Binds the log, the sink, and what the procedure works on. */
    FaultReporter(
            EventReports events,
            EffectSink effects,
            RequestRules rules,
            DeviceEntryCache deviceEntries,
            MemoryRequest request,
            DeviceEntry entry,
            Answer answer) {
        this.events = events;
        this.effects = effects;
        this.rules = rules;
        this.deviceEntries = deviceEntries;
        this.request = request;
        this.entry = entry;
        this.answer = answer;
    }

    /** Ends the request with an event of this cause, as far as the rules and the entry want one. */
    TranslationDecision fault(FaultCause cause) {
        return fault(cause, false);
    }

    /** The same for a fault of the guest's tables, of which the guest may hear before the host. */
    TranslationDecision guestFault(FaultCause cause) {
        return fault(cause, entry.isVirtual());
    }

    private TranslationDecision fault(FaultCause cause, boolean isForGuest) {
        boolean isEntryIllegal = cause.decision() == TranslationDecision.BAD_DEVICE_ENTRY;
        if (rules.reports(cause) && (isEntryIllegal || request.kind().movesData())) {
            int flags = cause.flags() | request.kindFlag() | guestFlag();
            if (isEntryIllegal) {
                int pasid = answer.isGuest() ? request.guestPasid() : 0;
                events.illegalDeviceEntry(request.requester(), pasid, flags, request.address());
            } else {
                logPageFault(flags | (answer.isGuest() ? request.guestFlags() : 0), isForGuest);
            }
        }
        return answer.refuse(
                cause.decision(), isEntryIllegal ? AtsStatus.COMPLETER_ABORT : AtsStatus.SUCCESS, cause.text());
    }

    /** Ends a request that the device should not have sent. */
    TranslationDecision invalid(InvalidRequest cause) {
        if (rules.reportsInvalidRequests()) {
            int flags = cause.flags() | request.prefixFlags();
            int pasid = request.hasPasid() ? request.pasid() : 0;
            events.invalidDeviceRequest(request.requester(), pasid, flags, cause.type(), request.address());
        }
        return answer.refuse(cause.decision(), cause.status(), cause.text());
    }

    private void logPageFault(int flags, boolean isForGuest) {
        boolean isSuppressed = isSuppressed();
        boolean isTakenByGuest = isForGuest
                && !isSuppressed
                && events.guestPageFault(
                        entry.guest(), entry.guestDevice(), request.guestPasid(), flags, request.address());
        boolean isLogged = isTakenByGuest
                || events.pageFault(request.requester(), eventTag(), flags, request.address(), isSuppressed);
        if (isLogged && answer.isEntryKnown()) {
            deviceEntries.noteFault(request.requester());
        }
    }

    /** Ends the request because its device table entry could not be read. */
    TranslationDecision deviceTableFailure(MemoryStatus status, long entryAddress) {
        if (status == MemoryStatus.NOT_RECORDED) {
            return notRecorded("the recording does not hold the device table entry");
        }
        events.deviceTableError(request.requester(), request.kindFlag(), reported(status), entryAddress);
        return hardwareError("the device table entry could not be read");
    }

    /** Ends the request because a page table entry could not be read or marked. */
    TranslationDecision pageTableFailure(MemoryStatus failure, long entryAddress) {
        if (failure == MemoryStatus.NOT_RECORDED) {
            return notRecorded("the recording does not hold a page table entry");
        }
        int flags = request.kindFlag() | guestFlag();
        events.pageTableError(request.requester(), eventTag(), flags, reported(failure), entryAddress);
        rules.afterTableError(events, request.requester(), request.kindFlag(), request.address());
        return hardwareError("a page table entry could not be read");
    }

    private TranslationDecision notRecorded(String why) {
        return answer.refuse(TranslationDecision.NOT_RECORDED, AtsStatus.UNDECIDED, why);
    }

    private TranslationDecision hardwareError(String why) {
        return answer.refuse(TranslationDecision.HARDWARE_ERROR, AtsStatus.COMPLETER_ABORT, why);
    }

    /** What a command meets is reported as a data error, whatever the failure was (MC-158). */
    private MemoryStatus reported(MemoryStatus status) {
        return request.kind() == RequestKind.PREFETCH ? MemoryStatus.POISON : status;
    }

    /** Ends the request because the model lacks a feature, which the sink is told. */
    TranslationDecision notModelled(Feature feature) {
        effects.notModelled(feature, request.requester());
        return answer.refuse(TranslationDecision.NOT_MODELLED, AtsStatus.UNDECIDED, "the model lacks " + feature);
    }

    /** SA keeps every fault out of the log, SE every one after the first that was logged since the entry was cached. */
    private boolean isSuppressed() {
        if (!answer.isEntryKnown() || !rules.suppressesFaults()) {
            return false;
        }
        return entry.reportsNoFault()
                || entry.reportsFirstFaultOnly() && deviceEntries.hasLoggedFault(request.requester());
    }

    /** GN, for requests with a PASID, their own or that of GIoV. */
    private int guestFlag() {
        return answer.isGuest() ? EventDescriptor.FLAG_GN : 0;
    }

    /** The PASID with GN=1, else the DomainID. */
    private int eventTag() {
        return answer.isGuest() ? request.guestPasid() : Math.max(answer.domain(), 0);
    }
}
