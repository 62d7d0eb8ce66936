package org.iorewind.analyze.report;

import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.text.ShellWord;

/** The command that prints the events behind a number. */
final class DumpCommand {
    private final String dump;
    private final String profile;

    DumpCommand(Analysis analysis) {
        dump = "iorewind dump " + ShellWord.quote(analysis.tracePath());
        profile = " --profile " + ShellWord.quote(analysis.replay().profile());
    }

    /**
     * Of the events that a filter selects. What a replay has to answer is asked under the profile of the analysis, on which caches and
     * comparisons depend.
     */
    String of(String filter) {
        boolean isReplayed = filter.contains("effects.") || filter.contains("counts.") || filter.contains("unobserved");
        return dump + (isReplayed ? profile : "") + " --filter " + ShellWord.quote(filter);
    }
}
