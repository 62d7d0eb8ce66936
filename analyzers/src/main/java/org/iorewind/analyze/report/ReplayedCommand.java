package org.iorewind.analyze.report;

import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.text.ShellWord;

/** The command that prints what a replay says of events. Stateless. */
final class ReplayedCommand {
    private ReplayedCommand() {}

    /** All of it but the filter; under the profile of the analysis, on which caches and comparisons depend. */
    static String prefix(Analysis analysis) {
        return "iorewind dump " + ShellWord.quote(analysis.tracePath()) + " --profile "
                + ShellWord.quote(analysis.replay().profile()) + " --filter ";
    }
}
