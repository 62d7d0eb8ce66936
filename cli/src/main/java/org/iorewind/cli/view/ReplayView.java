package org.iorewind.cli.view;

import java.io.IOException;
import java.util.SortedMap;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.report.TextReport;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.replay.Divergence;
import org.iorewind.replay.Fault;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.ReplayResult.Observations;
import org.iorewind.trace.schema.EventTable;

/** The result of a replay as text: explanations first, numbers behind. */
public final class ReplayView {
    /** Faults listed one by one. */
    private static final int FAULTS_LISTED = 20;

    private static final String FULL = "full";

    private ReplayView() {}

    /**
     * Prints the whole result.
     *
     * @throws IOException never in practice: the terminal's stream reports its failures itself
     */
    public static void print(Analysis analysis, Terminal terminal) throws IOException {
        Lines lines = new Lines(terminal);
        ReplayResult result = analysis.replay();
        TextReport.write(analysis, terminal.style(), TextReport.IN_FULL, terminal.command(), terminal.out());
        lines.heading(Notation.count(result.events(), "event") + " replayed under profile "
                + PlainText.clean(result.profile()));
        lines.counts(result.byKind());
        observations(lines, result.observations());
        divergences(lines, result);
        counts(lines, "Known deviations of the recorded device (see docs/MODEL.md)", result.knownDeviations());
        counts(lines, "Not modelled", result.notModelled());
        counts(lines, "Not decided: the tables that these requests needed are not recorded", result.notRecorded());
        faults(lines, result);
        lines.heading("State");
        lines.fact("fidelity", fidelity(result));
        lines.fact("gaps", Notation.count(result.gaps()));
        lines.fact("ended", result.ended() ? "in order" : "no: the recording is unfinished");
        lines.fact("state hash", result.stateHash());
        String trace = ShellWord.quote(analysis.tracePath());
        String first = result.faults().isEmpty()
                ? "dump " + trace + " --limit 40"
                : around(trace, result.faults().get(0).sequence());
        lines.next(first, "report " + trace + " -o report.html");
    }

    /** The command that shows the events around one. */
    public static String around(String quotedTrace, long sequence) {
        return "dump " + quotedTrace + " --from " + Math.max(0, sequence - 10) + " --to " + (sequence + 5);
    }

    /** Fidelity is about translations; requests of another kind may need tables that nobody recorded. */
    private static String fidelity(ReplayResult result) {
        return result.fidelity().equals(FULL) && !result.notRecorded().isEmpty()
                ? "full for translations: each could be walked again; requests of another kind, such as interrupts,"
                        + " needed tables that are not recorded (see above)"
                : result.fidelity();
    }

    private static void observations(Lines lines, Observations seen) {
        lines.heading("Recording against model");
        lines.fact("compared", Notation.count(seen.compared(), "observation"));
        lines.fact("matched", Notation.count(seen.matched()));
        lines.fact("known deviations", Notation.count(seen.knownDeviations()));
        lines.fact("divergences", Notation.count(seen.divergences()));
        lines.fact("not comparable", Notation.count(seen.notComparable()));
    }

    private static void divergences(Lines lines, ReplayResult result) {
        int number = 0;
        for (Divergence divergence : result.firstDivergences()) {
            lines.heading("Divergence " + ++number + " of "
                    + Notation.count(result.observations().divergences())
                    + ": " + PlainText.clean(divergence.kind() + "." + divergence.field()) + " at "
                    + Notation.sequence(divergence.sequence()));
            lines.fact("recorded", divergence.recorded());
            lines.fact("predicted", divergence.predicted());
            lines.fact("after input", Notation.sequence(divergence.inputSequence()));
            lines.fact("state", divergence.state());
        }
    }

    private static void faults(Lines lines, ReplayResult result) {
        if (result.faultCount() == 0) {
            return;
        }
        lines.heading(Notation.count(result.faultCount(), "refused request"));
        for (Fault fault : result.faults()
                .subList(0, Math.min(FAULTS_LISTED, result.faults().size()))) {
            String who = EventTable.bdf(fault.requester()) + " " + Notation.hex(fault.address());
            lines.paragraph(
                    "  " + Notation.sequence(fault.sequence()) + "  " + Notation.time(fault.timeNs()) + "  ",
                    who + ": " + fault.cause() + (fault.observed() ? "" : " (predicted only)"));
        }
        if (result.faultCount() > FAULTS_LISTED) {
            lines.line("  and " + Notation.count(result.faultCount() - FAULTS_LISTED) + " more");
        }
    }

    private static void counts(Lines lines, String heading, SortedMap<String, Long> counts) {
        if (!counts.isEmpty()) {
            lines.heading(heading);
            lines.counts(counts);
        }
    }
}
