package org.iorewind.analyze.gate;

import java.util.List;

/**
 * What the gate found.
 *
 * @param base name of the old recording
 * @param now name of the new one
 * @param checks all comparisons
 * @param divergences of both replays: with them, counts are not what happened
 */
public record GateResult(String base, String now, List<Check> checks, long divergences) {
    /** Copies the list. */
    public GateResult {
        checks = List.copyOf(checks);
    }

    /** Comparisons that went beyond their limit. */
    public List<Check> regressions() {
        return checks.stream().filter(Check::isExceeded).toList();
    }
}
