package org.iorewind.analyze.rule;

import java.util.List;

/**
 * A rule that was broken: of one device or domain, however often.
 *
 * @param rule that was broken
 * @param severity of this finding; a rule's own, or less where the case is milder
 * @param firstSequence event at which it was first seen
 * @param lastSequence event at which it was last seen
 * @param count how often
 * @param timeNs of the first, ns since the session's start
 * @param where whom it concerns
 * @param summary what happened the first time, in a sentence or two
 * @param evidence events of the first time, in order
 */
public record Finding(
        Rule rule,
        Severity severity,
        long firstSequence,
        long lastSequence,
        long count,
        long timeNs,
        Where where,
        String summary,
        List<Evidence> evidence) {
    /** Copies the evidence. */
    public Finding {
        evidence = List.copyOf(evidence);
    }
}
