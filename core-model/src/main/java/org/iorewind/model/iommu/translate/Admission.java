package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.PerformanceEvent;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.jspecify.annotations.Nullable;

/**
 * Steps 5 to 7 of the translation procedure (reference 2.5, 7.1, 7.2): what is decided by V, the class of the address and
 * the type of the request, before any table counts. Not thread-safe; allocates nothing.
 */
final class Admission {
    private final boolean hasDeviceCaches;
    private final EffectSink effects;
    private final SpecialRanges ranges;
    private final FaultReporter faults;
    private final MemoryRequest request;
    private final DeviceEntry entry;
    private final Answer answer;

    /** Binds the sink and what the procedure works on. */
    Admission(
            IommuOptions options,
            EffectSink effects,
            FaultReporter faults,
            MemoryRequest request,
            DeviceEntry entry,
            Answer answer) {
        this.hasDeviceCaches = options.isIotlbSupported();
        this.effects = effects;
        this.ranges = new SpecialRanges(options.quirks().requests(), options);
        this.faults = faults;
        this.request = request;
        this.entry = entry;
        this.answer = answer;
    }

    /** What becomes of the request; null when it goes as far as the tables. */
    @Nullable
    TranslationDecision decide() {
        // 5. V=0: passes, no field is consulted.
        if (!entry.isValid()) {
            return decideInvalid();
        }
        // 6. Address class.
        if (ranges.hold(request.address())) {
            RangeAction action = ranges.decide(request, entry);
            if (action != RangeAction.TRANSLATE) {
                return decideByRange(action);
            }
        }
        // 7. Request type.
        boolean isAllowed = hasDeviceCaches && entry.isAtsEnabled();
        return switch (request.kind()) {
            case UNTRANSLATED, PREFETCH -> null;
            case TRANSLATION -> isAllowed ? null : faults.invalid(InvalidRequest.ATS_NOT_ALLOWED);
            case TRANSLATED -> isAllowed ? forwardTranslated() : faults.invalid(InvalidRequest.PRETRANSLATED);
        };
    }

    /**
     * V=0 allows no address translation services: both kinds of request are refused like those of a device with I=0
     * (MC-160). Interrupts do not depend on V, so that IntCtl decides about posted writes to their range.
     */
    private TranslationDecision decideInvalid() {
        return switch (request.kind()) {
            case TRANSLATION -> faults.invalid(InvalidRequest.ATS_NOT_ALLOWED);
            case TRANSLATED -> faults.invalid(InvalidRequest.PRETRANSLATED);
            case UNTRANSLATED, PREFETCH ->
                request.access() == AccessKind.WRITE && ranges.holdInterrupt(request.address())
                        ? decideByRange(ranges.interrupt(entry))
                        : pass();
        };
    }

    private TranslationDecision decideByRange(RangeAction action) {
        return switch (action) {
            case REPORT -> faults.invalid(ranges.cause());
            case ILLEGAL_ENTRY -> faults.fault(FaultCause.RESERVED_IN_DEVICE_ENTRY);
            case REMAP -> faults.notModelled(Feature.SPECIAL_ADDRESS_RANGE);
            case REFUSE ->
                answer.refuse(TranslationDecision.ABORTED, AtsStatus.COMPLETER_ABORT, "the address range is no memory");
            case FORWARD, TRANSLATE -> pass();
        };
    }

    /** No walk and no check of rights; what SATS=1 would have checked is not modelled. */
    private TranslationDecision forwardTranslated() {
        if (entry.isAtsSecured()) {
            return faults.notModelled(Feature.ATS);
        }
        effects.performanceEvent(
                PerformanceEvent.PASSED_PRETRANSLATED, request.requester(), entry.domain(), request.pasid());
        return pass();
    }

    private TranslationDecision pass() {
        return answer.pass(request.address(), AccessKind.RIGHTS_ALL);
    }
}
