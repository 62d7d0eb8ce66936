package org.iorewind.analyze.rule;

import java.util.regex.Pattern;

/**
 * A rule of how an IOMMU is to be used.
 *
 * @param id stable name of lower case letters, digits and hyphens
 * @param severity of its findings
 * @param title what a finding of it says, a few words
 * @param explanation why it matters, a sentence or two
 * @param remedy what to do, with the section of the reference it follows from
 * @param needs what a recording has to hold for a judgement
 */
public record Rule(String id, Severity severity, String title, String explanation, String remedy, Fidelity needs) {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{2,63}");

    /**
     * Checks the id.
     *
     * @throws IllegalArgumentException if it is no id
     */
    public Rule {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("expected a rule id such as stale-translation, found " + id);
        }
    }
}
