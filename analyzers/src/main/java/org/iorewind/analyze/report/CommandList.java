package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.text.ShellWord;

/** How to get every statement of a report again on the command line. Stateless. */
public final class CommandList {
    /** Faults that get a command of their own. */
    private static final int FAULTS = 10;

    /** Events shown around a fault. */
    private static final int AROUND = 10;

    private CommandList() {}

    /**
     * A command.
     *
     * @param statement what it gives again
     * @param command to type
     */
    public record Entry(String statement, String command) {}

    /** All of an analysis, in the order of the report. */
    public static List<Entry> of(Analysis analysis) {
        String trace = ShellWord.quote(analysis.tracePath());
        List<Entry> all = new ArrayList<>();
        all.add(new Entry("session, fidelity, contract, counts", "iorewind describe " + trace));
        all.add(new Entry("no byte of the trace is damaged", "iorewind check " + trace));
        all.add(new Entry("any event by its number, such as #1", "iorewind dump " + trace + " --from 1 --to 1"));
        all.add(new Entry(
                "comparison, divergences, faults, state hash",
                "iorewind replay " + trace + " --profile "
                        + ShellWord.quote(analysis.replay().profile())));
        all.add(new Entry("what hardware would have done", "iorewind replay " + trace + " --profile spec"));
        int number = 0;
        for (FaultExplanation fault : analysis.faults()) {
            if (number++ == FAULTS) {
                break;
            }
            long from = Math.max(0, fault.sequence() - AROUND);
            all.add(new Entry(
                    "events around fault " + number,
                    "iorewind dump " + trace + " --from " + from + " --to " + (fault.sequence() + AROUND)));
        }
        if (analysis.replay().gaps() > 0) {
            all.add(new Entry("gaps", "iorewind dump " + trace + " --filter \"kind == 'Gap'\""));
        }
        all.add(new Entry("events over time", "iorewind report " + trace + " --svg DIR"));
        all.add(new Entry("costs of operations", "iorewind compare " + trace));
        all.add(new Entry("this report as data", "iorewind report " + trace + " --json"));
        all.add(new Entry(
                "this report for an issue tracker", "iorewind report " + trace + " --format md -o report.md"));
        return all;
    }
}
