package org.iorewind.cli.view;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.iorewind.analyze.cost.CostComparison;
import org.iorewind.analyze.cost.CostDifference;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.replay.bisect.TraceAlignment;
import org.iorewind.replay.bisect.TraceAlignment.Difference;

/** Where two traces part, and what it costs, for people. */
public final class AlignmentView {
    private static final int COSTS = 5;
    private static final int TEXT_LIMIT = 200;

    private AlignmentView() {}

    /** Prints it. */
    public static void print(
            String a, String b, TraceAlignment.Result result, CostComparison costs, Terminal terminal) {
        Lines lines = new Lines(terminal);
        Difference first = result.first();
        if (first == null) {
            lines.paragraph("", "No difference: both traces do the same, each cause for itself.");
        } else {
            lines.paragraph("", "The first difference is at " + first.lane() + ", number " + first.ordinal() + ":");
            lines.fact(clean(a), "event " + sequence(first.sequenceA()) + ": " + clean(first.whatA()));
            lines.fact(clean(b), "event " + sequence(first.sequenceB()) + ": " + clean(first.whatB()));
        }
        lines.heading("By cause: how often, where they part");
        for (TraceAlignment.LaneResult lane : result.lanes()) {
            Difference difference = lane.first();
            String where = difference == null
                    ? "alike"
                    : "at number " + difference.ordinal() + ", events " + sequence(difference.sequenceA()) + " and "
                            + sequence(difference.sequenceB());
            lines.line("  " + clean(lane.name()) + ": " + Notation.count(lane.countA()) + " and "
                    + Notation.count(lane.countB()) + ", " + where);
        }
        costs(lines, CostDifference.of(costs));
        lines.next("compare " + ShellWord.quote(a) + " " + ShellWord.quote(b));
    }

    /** Operations that differ in cost, those that differ most. */
    static void costs(Lines lines, List<CostDifference> all) {
        if (!all.isEmpty()) {
            lines.heading("What it costs");
        }
        for (CostDifference cost : all.subList(0, Math.min(COSTS, all.size()))) {
            lines.line("  " + clean(cost.operation()) + ": " + us(cost.costA()) + " and " + us(cost.costB())
                    + ", most of it " + cost.counter().key() + " (" + Notation.count(cost.countA()) + " and "
                    + Notation.count(cost.countB()) + ")");
        }
    }

    private static String clean(String text) {
        return PlainText.clip(text, TEXT_LIMIT);
    }

    private static String sequence(long sequence) {
        return sequence < 0 ? "(none)" : Long.toString(sequence);
    }

    private static String us(BigDecimal ns) {
        return Notation.count(ns.divide(BigDecimal.valueOf(1000), RoundingMode.HALF_UP)
                        .longValue())
                + " us";
    }
}
