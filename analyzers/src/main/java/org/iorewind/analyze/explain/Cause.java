package org.iorewind.analyze.explain;

/**
 * Something that may have caused a fault.
 *
 * @param cause in a sentence, without a full stop
 * @param likelihood how much speaks for it
 * @param evidence what in this log speaks for it; empty if it is only generally so
 * @param proof what would prove or refute it
 */
public record Cause(String cause, Likelihood likelihood, String evidence, Proof proof) {
    /** How much speaks for a cause. Names in lower case are stable, as in JSON. */
    public enum Likelihood {
        /** Recorded memory or the device's own entry shows it. */
        CERTAIN,
        /** The log speaks for it. */
        LIKELY,
        /** It fits the log. */
        POSSIBLE,
        /** It fits, but the log rather speaks against it. */
        UNLIKELY
    }
}
