package org.iorewind.replay;

import org.jspecify.annotations.Nullable;

/** Turns a difference into a finding with its place and the state that led to it. */
final class Findings {
    private final Machine machine;
    private final Predictions predictions;
    private final Tally tally;
    private long sequence;

    Findings(Machine machine, Predictions predictions, Tally tally) {
        this.machine = machine;
        this.predictions = predictions;
        this.tally = tally;
    }

    /** The observation being compared. */
    void at(long observation) {
        sequence = observation;
    }

    void matched() {
        tally.matched();
    }

    void notComparable() {
        tally.notComparable();
    }

    /** Something was observed that was not predicted: a difference, unless the model could not decide. */
    void unpredicted(String kind, String field, String recorded, String predicted) {
        if (predictions.isUndecided()) {
            tally.notComparable();
        } else {
            diverge(kind, field, recorded, predicted);
        }
    }

    /** Something was predicted that was not observed. */
    void unobserved(Prediction p, String kind, String predicted) {
        tally.diverged(
                new Divergence(p.inputSequence, p.inputSequence, kind, "missing", "nothing", predicted, "", state(p)));
    }

    /** Both sides know a field and differ. */
    void diverge(String kind, String field, String recorded, String predicted) {
        diverge(kind, field, recorded, predicted, "");
    }

    /** The same where a known deviation may explain it. */
    void diverge(String kind, String field, String recorded, String predicted, String deviation) {
        tally.diverged(new Divergence(
                sequence, predictions.input(), kind, field, recorded, predicted, deviation, state(null)));
    }

    private String state(@Nullable Prediction p) {
        return tally.wantsMore() ? Words.state(machine, p) : "";
    }
}
