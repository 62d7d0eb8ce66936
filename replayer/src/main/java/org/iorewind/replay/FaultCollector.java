package org.iorewind.replay;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.Probe;

/** Collects refused requests: those the model refuses, and those the recorded device refused. */
final class FaultCollector implements Stateful {
    private final Machine machine;
    private final Applier applier;
    private final int limit;
    private final ReplayListener[] listeners;
    private final List<Fault> faults = new ArrayList<>();
    private long count;
    private long inputTimeNs;

    FaultCollector(Machine machine, Applier applier, int limit, ReplayListener... listeners) {
        this.machine = machine;
        this.applier = applier;
        this.limit = limit;
        this.listeners = listeners;
    }

    void inputTime(long timeNs) {
        inputTimeNs = timeNs;
    }

    /** A request was decided by the model; {@code observed} tells whether the recorded device refused it. */
    void decided(Prediction p, boolean observed) {
        if (!isRefusedByModel(p) && !observed) {
            return;
        }
        count++;
        if (faults.size() >= limit && listeners.length == 0) {
            return;
        }
        Probe probe =
                machine.iommu(p.iommu).probe(p.requester, p.pasid, p.address, applier.access(), applier.requestKind());
        Fault fault = new Fault(
                p.inputSequence,
                inputTimeNs,
                p.iommu,
                p.requester,
                p.address,
                Words.cause(probe, p.translation),
                p.translation,
                p.entryWritten ? new Fault.LoggedEntry(p.qword0, p.qword1) : null,
                observed);
        if (faults.size() < limit) {
            faults.add(fault);
        }
        for (ReplayListener listener : listeners) {
            listener.fault(fault, machine);
        }
    }

    /** An answer without rights is no refusal: the device asked for just that. */
    static boolean isRefusedByModel(Prediction p) {
        return switch (p.translation) {
            case TRANSLATED, PASSED, NOT_RECORDED, NOT_MODELLED -> false;
            default -> p.answer != AtsStatus.SUCCESS;
        };
    }

    List<Fault> faults() {
        return List.copyOf(faults);
    }

    long count() {
        return count;
    }

    /** How many there were; the faults themselves are not kept in a state, and a restored collector begins to list anew. */
    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(count);
        sink.addLong(inputTimeNs);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        count = source.next();
        inputTimeNs = source.next();
        faults.clear();
    }
}
