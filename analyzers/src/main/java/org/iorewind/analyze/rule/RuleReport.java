package org.iorewind.analyze.rule;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all analyzers found in one trace.
 *
 * @param findings the most serious first
 * @param notKept cases that are in no finding, since their rule has too many, by rule
 * @param notJudged rules that could not judge the recording, and why
 * @param rules number of rules that looked
 */
public record RuleReport(
        List<Finding> findings, SortedMap<String, Long> notKept, SortedMap<String, String> notJudged, int rules) {
    /** Copies the list. */
    public RuleReport {
        findings = List.copyOf(findings);
    }

    /** Of no rules at all. */
    public static RuleReport none() {
        return new RuleReport(List.of(), new TreeMap<>(), new TreeMap<>(), 0);
    }

    /** How many findings are at least that serious. */
    public long atLeast(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity().compareTo(severity) >= 0)
                .count();
    }
}
