package org.iorewind.replay;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.TranslationDecision;

/** Collects refused requests: those the model refuses, and those the recorded device refused. */
final class FaultCollector {
    private final Machine machine;
    private final int limit;
    private final ReplayListener[] listeners;
    private final List<Fault> faults = new ArrayList<>();
    private long count;
    private long inputTimeNs;

    FaultCollector(Machine machine, int limit, ReplayListener... listeners) {
        this.machine = machine;
        this.limit = limit;
        this.listeners = listeners;
    }

    void inputTime(long timeNs) {
        inputTimeNs = timeNs;
    }

    /** A request was decided by the model; {@code observed} tells whether the recorded device refused it. */
    void decided(Prediction p, boolean observed) {
        boolean undecided =
                p.translation == TranslationDecision.NOT_RECORDED || p.translation == TranslationDecision.NOT_MODELLED;
        boolean refusedByModel = !undecided
                && p.translation != TranslationDecision.TRANSLATED
                && p.translation != TranslationDecision.PASSED;
        if (!refusedByModel && !observed) {
            return;
        }
        count++;
        TranslationDecision decision = refusedByModel ? p.translation : TranslationDecision.NOT_RECORDED;
        Probe probe = machine.iommu().probe(p.requester, p.address);
        Fault fault = new Fault(
                p.inputSequence, inputTimeNs, p.requester, p.address, Words.cause(probe, decision), decision, observed);
        if (faults.size() < limit) {
            faults.add(fault);
        }
        for (ReplayListener listener : listeners) {
            listener.fault(fault, machine);
        }
    }

    List<Fault> faults() {
        return List.copyOf(faults);
    }

    long count() {
        return count;
    }
}
