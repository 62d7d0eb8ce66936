package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.FaultExplanation.Happening;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;

/** The explanations as text for a terminal: the verdict first, then each fault with its chain of causes. Stateless. */
public final class TextReport {
    /** Faults usually shown in full; the rest is counted. */
    public static final int IN_FULL = 5;

    private static final int HISTORY = 8;

    private TextReport() {}

    /**
     * Writes headline, cautions and the first faults in full.
     *
     * @param inFull how many faults are shown in full at most
     * @param program how the reader calls iorewind, for commands to copy
     * @throws IOException from {@code out}
     */
    public static void write(Analysis analysis, TextStyle style, int inFull, String program, Appendable out)
            throws IOException {
        Headline headline = Headline.of(analysis);
        String title = PlainText.clean(headline.title());
        out.append(
                        switch (headline.outcome()) {
                            case FAULTS -> style.bad(title);
                            case DIVERGENCES, FINDINGS -> style.odd(title);
                            case CLEAN -> style.good(title);
                        })
                .append('\n');
        out.append(Paragraph.of("", headline.detail(), style.columns()));
        for (String caution : headline.cautions()) {
            out.append(Paragraph.of(" ! ", caution, style.columns()));
        }
        List<FaultExplanation> faults = analysis.faults();
        for (int i = 0; i < Math.min(inFull, faults.size()); i++) {
            out.append('\n');
            explain(i + 1, faults.get(i), style, program, out);
        }
        if (faults.size() > inFull) {
            out.append('\n').append(Notation.count(faults.size() - inFull, "more fault"));
            out.append(", in full in the HTML report.\n");
        }
        RuleText.write(analysis.rules(), style, program, analysis.tracePath(), out);
    }

    /**
     * Writes one explanation.
     *
     * @param number of the fault, counted from 1
     * @param program how the reader calls iorewind, for commands to copy
     * @throws IOException from {@code out}
     */
    public static void explain(int number, FaultExplanation fault, TextStyle style, String program, Appendable out)
            throws IOException {
        String range = Notation.range(fault.firstAddress(), fault.lastAddress());
        String title = "Fault " + number + "  " + PlainText.clean(fault.device() + " " + fault.access()) + " " + range;
        String times = fault.count() == 1 ? "" : "  " + Notation.count(fault.count()) + " times";
        out.append(style.strong(title)).append(style.faint(times)).append('\n');
        out.append(Paragraph.of("  ", fault.summary(), style.columns()));
        for (Happening happening : last(fault.history())) {
            out.append(when(happening.sequence(), happening.timeNs(), happening.what(), style));
        }
        out.append(style.bad(stripLine(when(
                        fault.sequence(),
                        fault.timeNs(),
                        "refused: " + fault.verdict().sentence(),
                        style))))
                .append('\n');
        section("Walk", fault.walk(), style, program, out);
        section("Reported", fault.flags(), style, program, out);
        section("Cannot tell", fault.cannotTell(), style, program, out);
        section("Next", fault.next(), style, program, out);
    }

    private static List<Happening> last(List<Happening> history) {
        return history.subList(Math.max(0, history.size() - HISTORY), history.size());
    }

    private static String when(long sequence, long timeNs, String what, TextStyle style) {
        String prefix = pad(Notation.sequence(sequence), 10) + "  " + pad(Notation.time(timeNs), 14) + "  ";
        return Paragraph.of(prefix, what, style.columns());
    }

    private static void section(String name, List<String> lines, TextStyle style, String program, Appendable out)
            throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        out.append("  ").append(style.faint(name)).append('\n');
        for (String line : lines.subList(0, Math.min(FaultSection.LIST_LIMIT, lines.size()))) {
            Advice advice = Advice.of(line);
            out.append(Paragraph.of("    - ", advice.words(), style.columns()));
            if (!advice.command().isEmpty()) {
                out.append("        ")
                        .append(style.command(PlainText.clean(advice.commandOf(program))))
                        .append('\n');
            }
        }
    }

    private static String stripLine(String lines) {
        return lines.substring(0, lines.length() - 1);
    }

    private static String pad(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
