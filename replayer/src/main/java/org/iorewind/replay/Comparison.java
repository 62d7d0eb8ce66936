package org.iorewind.replay;

/** What a comparison of recording and model came to. */
public enum Comparison {
    /** An observation that agrees in every field that both sides know. */
    MATCHED,
    /** An observation that differs in a documented way. */
    KNOWN_DEVIATION,
    /** An observation that differs for no known reason. */
    DIVERGENCE,
    /** A prediction that was not observed, of an input. Counts as a divergence. */
    MISSING,
    /** An observation for which the trace holds too little to predict anything. */
    NOT_COMPARABLE
}
