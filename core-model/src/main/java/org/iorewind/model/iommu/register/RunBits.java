package org.iorewind.model.iommu.register;

import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.STATUS;

import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.quirk.RegisterRules;
import org.iorewind.model.iommu.quirk.SignalRules;

/**
 * What CONTROL starts and stops (reference 1.5, 1.11, 3.1, 4.5): the run bits of the command ring and the logs, and which
 * of two buffers a log begins with. Not thread-safe; allocates nothing.
 */
final class RunBits {
    private final RegisterFile file;
    private final RegisterRules rules;
    private final SignalRules signals;
    private final long present;

    RunBits(RegisterFile file, IommuOptions options) {
        this.file = file;
        this.rules = options.quirks().registers();
        this.signals = options.quirks().signals();
        this.present = rules.present(options.extendedFeatures());
    }

    /** CONTROL was written and had this value before. */
    void controlWritten(long old) {
        if (isStarting(old, ControlDescriptor.EVENT_LOG_EN)) {
            signals.eventLogEnabled(file);
        }
        clearOverflows(old);
        selectBuffers(old);
        startAndStop(old);
    }

    /** CONTROL was set as found in a running system: the run bits start afresh. */
    void controlForced() {
        file.clear(STATUS, StatusDescriptor.CMD_BUF_RUN | StatusDescriptor.EVENT_LOG_RUN);
        if (has(FeatureDescriptor.PPR)) {
            file.clear(STATUS, StatusDescriptor.PPR_LOG_RUN);
        }
        if (has(FeatureDescriptor.GUEST_APIC)) {
            file.clear(STATUS, StatusDescriptor.GA_LOG_RUN);
        }
        selectBuffers(0);
        startAndStop(0);
    }

    /** A run bit follows its enable bit and IommuEn, whichever comes last; a halted ring stays halted while both stay. */
    private void startAndStop(long old) {
        follow(old, ControlDescriptor.CMD_BUF_EN, StatusDescriptor.CMD_BUF_RUN, COMMAND_BASE);
        boolean isEventLogB = file.isSet(STATUS, StatusDescriptor.EVENT_LOG_ACTIVE);
        int eventBase = has(DualLogDescriptor.EVENT_SUPPORT) && isEventLogB ? EVENT_BASE_B : EVENT_BASE;
        follow(old, ControlDescriptor.EVENT_LOG_EN, StatusDescriptor.EVENT_LOG_RUN, eventBase);
        if (has(FeatureDescriptor.PPR)) {
            boolean isPprLogB = file.isSet(STATUS, StatusDescriptor.PPR_LOG_ACTIVE);
            int pprBase = has(DualLogDescriptor.PPR_SUPPORT) && isPprLogB ? PPR_BASE_B : PPR_BASE;
            follow(old, ControlDescriptor.PPR_LOG_EN, StatusDescriptor.PPR_LOG_RUN, pprBase);
        }
        if (has(FeatureDescriptor.GUEST_APIC)) {
            follow(old, ControlDescriptor.GA_LOG_EN, StatusDescriptor.GA_LOG_RUN, GUEST_APIC_LOG_BASE);
        }
    }

    /** The optional logs restart like the event log: their enable bits clear their overflow bits (MC-71). */
    private void clearOverflows(long old) {
        if (has(FeatureDescriptor.PPR) && isStarting(old, ControlDescriptor.PPR_LOG_EN)) {
            file.clear(STATUS, StatusDescriptor.PPR_OVERFLOW);
        }
        if (has(DualLogDescriptor.PPR_SUPPORT) && isStarting(old, ControlDescriptor.PPR_LOG_EN)) {
            file.clear(STATUS, StatusDescriptor.PPR_OVERFLOW_B);
        }
        if (has(FeatureDescriptor.GUEST_APIC) && isStarting(old, ControlDescriptor.GA_LOG_EN)) {
            file.clear(STATUS, StatusDescriptor.GA_LOG_OVERFLOW);
        }
    }

    private void selectBuffers(long old) {
        if (has(DualLogDescriptor.EVENT_SUPPORT)) {
            select(
                    old,
                    ControlDescriptor.EVENT_LOG_EN,
                    DualLogDescriptor.EVENT_SHIFT,
                    StatusDescriptor.EVENT_LOG_ACTIVE);
        }
        if (has(DualLogDescriptor.PPR_SUPPORT)) {
            select(old, ControlDescriptor.PPR_LOG_EN, DualLogDescriptor.PPR_SHIFT, StatusDescriptor.PPR_LOG_ACTIVE);
        }
    }

    /** A log begins with the buffer that its code names, when it is enabled and when the code changes (MC-90). */
    private void select(long old, long enable, int shift, long active) {
        int code = DualLogDescriptor.code(file.get(CONTROL), shift);
        if (!isStarting(old, enable) && code == DualLogDescriptor.code(old, shift)) {
            return;
        }
        if (DualLogDescriptor.beginsWithB(code)) {
            file.raise(STATUS, active);
        } else {
            file.clear(STATUS, active);
        }
    }

    private void follow(long old, long enable, long run, int base) {
        if (!file.isSet(CONTROL, ControlDescriptor.IOMMU_EN | enable)) {
            file.clear(STATUS, run);
        } else if (isStarting(old, ControlDescriptor.IOMMU_EN | enable) && rules.canRun(file.get(base))) {
            file.raise(STATUS, run);
        }
    }

    private boolean isStarting(long old, long enables) {
        return (old & enables) != enables && file.isSet(CONTROL, enables);
    }

    private boolean has(long feature) {
        return (present & feature) != 0;
    }
}
