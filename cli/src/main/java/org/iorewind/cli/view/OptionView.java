package org.iorewind.cli.view;

import java.util.List;
import org.iorewind.analyze.cost.SourceDifference;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.bisect.FoundEvent;
import org.iorewind.cli.bisect.OptionResult;
import org.iorewind.replay.bisect.OptionComparison.Difference;
import org.jspecify.annotations.Nullable;

/** How one trace behaves under two sets of options, for people. */
public final class OptionView {
    private static final int SOURCES = 12;
    private static final int TEXT_LIMIT = 200;

    private OptionView() {}

    /** Prints it. */
    public static void print(String trace, OptionResult result, Terminal terminal) {
        Lines lines = new Lines(terminal);
        Difference outcome = result.outcome();
        Difference cost = result.cost();
        if (outcome == null) {
            lines.paragraph("", "No event has another outcome: both answer every request alike.");
        } else {
            lines.paragraph("", "Event " + outcome.sequence() + " is the first with another outcome:");
        }
        difference(lines, result, outcome, result.outcomeEvent());
        if (cost == null) {
            lines.paragraph("", "No event costs anything else.");
        } else if (outcome == null || outcome.sequence() != cost.sequence()) {
            lines.paragraph("", "Event " + cost.sequence() + " is the first that costs something else:");
            difference(lines, result, cost, result.costEvent());
        }
        sources(lines, result.sources());
        AlignmentView.costs(lines, result.costs());
        Difference first = outcome == null ? cost : outcome;
        if (first != null) {
            String name = ShellWord.quote(trace);
            lines.next("dump " + name + " --from " + Math.max(0, first.sequence() - 20) + " --to " + first.sequence());
        }
    }

    private static void difference(
            Lines lines, OptionResult result, @Nullable Difference difference, @Nullable FoundEvent event) {
        if (difference != null && event != null) {
            lines.line("  " + event.line());
            lines.fact(result.options(), PlainText.clip(difference.what(), TEXT_LIMIT));
            lines.fact(result.against(), PlainText.clip(difference.otherWhat(), TEXT_LIMIT));
        }
    }

    /** Sources of costs, where they differ. */
    static void sources(Lines lines, List<SourceDifference> sources) {
        if (!sources.isEmpty()) {
            lines.heading("What makes the difference");
        }
        for (SourceDifference one : sources.subList(0, Math.min(SOURCES, sources.size()))) {
            lines.fact(
                    one.source().part().key(),
                    PlainText.clip(one.source().name(), TEXT_LIMIT) + ": " + Notation.count(one.count()) + " and "
                            + Notation.count(one.otherCount()) + " "
                            + one.source().part().unit());
        }
        if (sources.size() > SOURCES) {
            lines.line("  and " + (sources.size() - SOURCES) + " more, see --json");
        }
    }
}
