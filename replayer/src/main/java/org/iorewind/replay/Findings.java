package org.iorewind.replay;

import org.iorewind.trace.sbe.Fidelity;
import org.jspecify.annotations.Nullable;

/**
 * Turns a difference into a finding with its place and the state that led to it. A recording that knows only faults gives the
 * model nothing to predict from: there all observations count as not comparable.
 */
final class Findings {
    private final Machine machine;
    private final Predictions predictions;
    private final Tally tally;
    private final ReplayListener[] listeners;
    private final boolean isComparable;
    private long sequence;

    Findings(Machine machine, Predictions predictions, Tally tally, ReplayListener... listeners) {
        this.machine = machine;
        this.predictions = predictions;
        this.tally = tally;
        this.listeners = listeners;
        this.isComparable = machine.session().fidelity() != Fidelity.LOG;
    }

    /** The observation being compared. */
    void at(long observation) {
        sequence = observation;
    }

    void matched() {
        if (isComparable) {
            tally.matched();
            tell(sequence, Comparison.MATCHED, "");
        } else {
            notComparable();
        }
    }

    void notComparable() {
        tally.notComparable();
        tell(sequence, Comparison.NOT_COMPARABLE, "");
    }

    private void tell(long event, Comparison outcome, String deviation) {
        for (ReplayListener listener : listeners) {
            listener.compared(event, outcome, deviation);
        }
    }

    /** Something was observed that was not predicted: a difference, unless the model could not decide. */
    void unpredicted(String kind, String field, String recorded, String predicted) {
        if (!isComparable || predictions.isUndecided()) {
            notComparable();
        } else {
            diverge(kind, field, recorded, predicted);
        }
    }

    /** Something was predicted that was not observed. */
    void unobserved(Prediction p, String kind, String predicted) {
        if (isComparable) {
            tally.diverged(new Divergence(
                    p.inputSequence, p.inputSequence, kind, "missing", "nothing", predicted, "", state(p)));
            tell(p.inputSequence, Comparison.MISSING, "");
        }
    }

    /** Both sides know a field and differ. */
    void diverge(String kind, String field, String recorded, String predicted) {
        diverge(kind, field, recorded, predicted, "");
    }

    /** The same where a known deviation may explain it. */
    void diverge(String kind, String field, String recorded, String predicted, String deviation) {
        if (isComparable) {
            tally.diverged(new Divergence(
                    sequence, predictions.input(), kind, field, recorded, predicted, deviation, state(null)));
            tell(sequence, deviation.isEmpty() ? Comparison.DIVERGENCE : Comparison.KNOWN_DEVIATION, deviation);
        } else {
            notComparable();
        }
    }

    private String state(@Nullable Prediction p) {
        int number = p == null ? predictions.iommu() : p.iommu;
        if (!tally.wantsMore()) {
            return "";
        }
        return machine.hasIommu(number) ? Words.state(machine.iommu(number), p) : "no such IOMMU";
    }
}
