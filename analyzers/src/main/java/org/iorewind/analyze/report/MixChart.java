package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.iorewind.analyze.EventMix;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;

/**
 * The events over time as an inline SVG drawing without script.
 *
 * <pre>
 *                    fault marks
 *                     v      v
 *   DmaRequest   |____#######|________|  30,406
 *   Translation  |____#######|________|  30,406
 *   LogEntry     |___________#________|      12
 *                0s                  9s
 * </pre>
 *
 * <p>All coordinates are whole numbers, so that the same counts give the same bytes on every machine.
 */
final class MixChart {
    /** Rows drawn at most; a session has far fewer kinds, unless someone made them up. */
    static final int ROW_LIMIT = 40;

    private static final int LEFT = 168;
    private static final int WIDTH = 704;
    private static final int RIGHT = 88;
    private static final int TOP = 26;
    private static final int ROW = 30;
    private static final int BAR = 24;
    private static final int BOTTOM = 30;
    private static final int TICKS = 4;

    private final EventMix mix;
    private final List<EventMix.Row> rows;
    private final int bars;
    private final int step;

    MixChart(EventMix mix) {
        this.mix = mix;
        this.rows = mix.kinds().subList(0, Math.min(ROW_LIMIT, mix.kinds().size()));
        // A bar thinner than a drawing unit cannot be seen.
        this.step = (mix.slices() + WIDTH - 1) / WIDTH;
        this.bars = (mix.slices() + step - 1) / step;
    }

    void write(HtmlWriter html, List<FaultExplanation> faults) throws IOException {
        int bottom = TOP + rows.size() * ROW;
        html.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Chart of events over time\">");
        html.raw("<svg class=\"mix\" viewBox=\"0 0 " + (LEFT + WIDTH + RIGHT) + " " + (bottom + BOTTOM));
        html.line("\" role=\"img\" aria-labelledby=\"mix-name mix-what\">");
        html.line("<title id=\"mix-name\">Events over time</title>");
        html.raw("<desc id=\"mix-what\">");
        html.text(Notation.count(rows.size(), "kind") + " of event in " + Notation.count(bars) + " slices from "
                + Notation.time(mix.startNs()) + "; the table below has the numbers.");
        html.line("</desc>");
        axis(html, bottom);
        long peak = peak();
        for (int i = 0; i < rows.size(); i++) {
            row(html, rows.get(i), TOP + (i + 1) * ROW, peak);
        }
        marks(html, faults, bottom);
        html.line("</svg></div>");
        html.line("<ul class=\"legend\" aria-hidden=\"true\"><li class=\"k-input\">input</li>"
                + "<li class=\"k-observation\">observation</li><li class=\"k-marker\">marker</li>"
                + "<li class=\"k-book\">book-keeping</li><li class=\"k-fault\">fault</li></ul>");
        if (mix.kinds().size() > rows.size()) {
            html.element("p", Notation.count(mix.kinds().size() - rows.size(), "kind") + " more not drawn.")
                    .line("");
        }
    }

    private void axis(HtmlWriter html, int bottom) throws IOException {
        long span = mix.sliceNs() * mix.slices();
        for (int i = 0; i <= TICKS; i++) {
            int x = LEFT + WIDTH * i / TICKS;
            html.raw("<path class=\"grid\" d=\"M" + x + " " + TOP + "V" + bottom + "\"/>");
            String anchor = i == 0 ? "start" : i == TICKS ? "end" : "middle";
            html.raw(
                    "<text class=\"tick\" x=\"" + x + "\" y=\"" + (bottom + 18) + "\" text-anchor=\"" + anchor + "\">");
            html.text(Notation.shortTime(mix.startNs() + span * i / TICKS, span))
                    .line("</text>");
        }
    }

    private void row(HtmlWriter html, EventMix.Row row, int base, long peak) throws IOException {
        html.raw("<text class=\"name\" x=\"" + (LEFT - 12) + "\" y=\"" + (base - 7) + "\" text-anchor=\"end\">");
        html.text(PlainText.clip(row.kind(), 24)).raw("</text>");
        html.raw("<path class=\"base\" d=\"M" + LEFT + " " + base + "h" + WIDTH + "\"/>");
        StringBuilder path = new StringBuilder();
        for (int bar = 0; bar < bars; bar++) {
            long count = MixSection.sum(row.counts(), bar * step, (bar + 1) * step);
            if (count > 0) {
                int x = LEFT + WIDTH * bar / bars;
                int width = Math.max(1, LEFT + WIDTH * (bar + 1) / bars - x);
                int height = height(count, peak);
                path.append('M').append(x).append(' ').append(base).append("v-").append(height);
                path.append('h').append(width).append('v').append(height).append('z');
            }
        }
        if (path.length() > 0) {
            html.raw("<path class=\"" + style(row.kind()) + "\" d=\"")
                    .raw(path.toString())
                    .raw("\"/>");
        }
        int end = LEFT + WIDTH + RIGHT;
        html.raw("<text class=\"total\" x=\"" + end + "\" y=\"" + (base - 7) + "\" text-anchor=\"end\">");
        html.text(Notation.count(MixSection.sum(row.counts(), 0, row.counts().length)))
                .line("</text>");
    }

    private void marks(HtmlWriter html, List<FaultExplanation> faults, int bottom) throws IOException {
        TreeSet<Integer> places = new TreeSet<>();
        for (FaultExplanation fault : faults) {
            long slice = Math.floorDiv(fault.timeNs() - mix.startNs(), mix.sliceNs());
            int bar = (int) Math.max(0, Math.min(bars - 1, slice / step));
            places.add(LEFT + (2 * bar + 1) * WIDTH / (2 * bars));
        }
        for (int x : places) {
            html.raw("<path class=\"mark\" d=\"M" + x + " " + (TOP - 6) + "V" + bottom + "\"/>");
            html.line("<path class=\"flag\" d=\"M" + x + " " + (TOP - 4) + "l-6 -11h12z\"/>");
        }
    }

    private long peak() {
        long peak = 1;
        for (EventMix.Row row : rows) {
            for (int bar = 0; bar < bars; bar++) {
                peak = Math.max(peak, MixSection.sum(row.counts(), bar * step, (bar + 1) * step));
            }
        }
        return peak;
    }

    /** From 3 for one event to the full height for the peak; StrictMath gives the same on every machine. */
    private static int height(long count, long peak) {
        double full = StrictMath.log((double) peak);
        return full <= 0 ? BAR / 2 : 3 + (int) StrictMath.round((BAR - 3) * StrictMath.log((double) count) / full);
    }

    private static String style(String label) {
        for (EventKind kind : EventKind.values()) {
            if (kind.label().equals(label)) {
                return style(kind.eventClass());
            }
        }
        return "k-book";
    }

    private static String style(EventClass eventClass) {
        return switch (eventClass) {
            case INPUT -> "k-input";
            case OBSERVATION -> "k-observation";
            case MARKER -> "k-marker";
            case BOOK_KEEPING -> "k-book";
        };
    }
}
