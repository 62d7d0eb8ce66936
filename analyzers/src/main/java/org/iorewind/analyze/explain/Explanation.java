package org.iorewind.analyze.explain;

import java.util.List;

/**
 * Everything that can be said of the faults of one log or trace.
 *
 * @param faults in the order in which they began
 * @param furtherKinds groups beyond the limit, counted only
 * @param remarks what else the log says of the IOMMU that matters: a remark and its meaning
 * @param lost log lines or entries that are known to be missing; 0 if unknown or none
 * @param gaps places where something is missing
 * @param contract what the source can miss
 */
public record Explanation(
        List<LoggedFault> faults, long furtherKinds, List<Remark> remarks, long lost, long gaps, String contract) {
    /**
     * Something that is no fault and that a reader should know.
     *
     * @param text as the log says it, or in our words
     * @param meaning what it means for the reader
     */
    public record Remark(String text, String meaning) {}

    /** Faults in all, grouped ones counted each. */
    public long count() {
        return faults.stream().mapToLong(LoggedFault::count).sum();
    }
}
