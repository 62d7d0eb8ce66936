package org.iorewind.cli.view;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.iorewind.analyze.cost.CostChange;
import org.iorewind.analyze.cost.SourceDifference;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.bisect.ChangeResult;

/** Where operations begin to cost something else, for people. */
public final class ChangeView {
    private static final int CHANGES = 10;
    private static final int SOURCES = 12;
    private static final int TEXT_LIMIT = 200;

    private ChangeView() {}

    /** Prints it. */
    public static void print(String trace, ChangeResult result, Terminal terminal) {
        Lines lines = new Lines(terminal);
        List<CostChange> changes = result.found().changes();
        String unit = result.counter() == null ? "ns" : result.counter().key();
        String looked = Notation.count(result.found().operations(), "operation") + " of "
                + Notation.count(result.found().kinds(), "kind");
        if (changes.isEmpty()) {
            lines.paragraph("", "No change: " + looked + " cost the same all along, for all that can be told.");
            return;
        }
        lines.paragraph("", Notation.count(changes.size(), "change") + " among " + looked + ".");
        for (int i = 0; i < Math.min(CHANGES, changes.size()); i++) {
            change(lines, changes.get(i), unit);
            lines.line("  " + lines.style().strong(result.events().get(i).line()));
        }
        if (changes.size() > CHANGES) {
            lines.line("  and " + (changes.size() - CHANGES) + " more, see --json");
        }
        long first = changes.get(0).sequence();
        lines.next("dump " + ShellWord.quote(trace) + " --from " + Math.max(0, first - 20) + " --to " + (first + 20));
    }

    private static void change(Lines lines, CostChange change, String unit) {
        lines.heading(clean(change.operation()) + ": " + change.cost().toPlainString() + " " + unit + " before, "
                + change.otherCost().toPlainString() + " " + unit + " from event " + change.sequence() + " on");
        lines.fact(
                "where",
                "number " + Notation.count(change.ordinal()) + " of its kind"
                        + (change.resolution() == 1
                                ? ""
                                : ", or one of the " + Notation.count(change.resolution()) + " from there")
                        + "; " + Notation.count(change.operations()) + " before, "
                        + Notation.count(change.otherOperations()) + " after it");
        lines.fact(
                "most of it",
                change.counter().key() + ", " + change.count().toPlainString() + " each before, "
                        + change.otherCount().toPlainString() + " after");
        List<SourceDifference> sources = change.sources();
        for (SourceDifference one : sources.subList(0, Math.min(SOURCES, sources.size()))) {
            lines.fact(
                    one.source().part().key(),
                    clean(one.source().name()) + ", " + each(one.count(), change.operations()) + " "
                            + one.source().part().unit() + " each before, "
                            + each(one.otherCount(), change.otherOperations()) + " after");
        }
    }

    private static String each(long count, long operations) {
        return BigDecimal.valueOf(count)
                .divide(BigDecimal.valueOf(Math.max(1, operations)), 2, RoundingMode.HALF_UP)
                .toPlainString();
    }

    private static String clean(String text) {
        return PlainText.clip(text, TEXT_LIMIT);
    }
}
