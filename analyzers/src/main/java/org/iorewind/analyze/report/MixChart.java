package org.iorewind.analyze.report;

import java.util.List;
import java.util.TreeSet;
import org.iorewind.analyze.EventMix;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.SvgCanvas;
import org.iorewind.analyze.text.Notation;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;

/**
 * The events over time as a drawing.
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
    private static final int BOTTOM = 58;
    private static final int LEGEND = 44;
    private static final int LEGEND_STEP = 130;
    private static final int LABEL = 24;
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

    Block.Picture picture(List<FaultExplanation> faults) {
        int bottom = TOP + rows.size() * ROW;
        SvgCanvas svg = new SvgCanvas();
        axis(svg, bottom);
        long peak = peak();
        for (int i = 0; i < rows.size(); i++) {
            row(svg, rows.get(i), TOP + (i + 1) * ROW, peak);
        }
        marks(svg, faults, bottom);
        legend(svg, bottom + LEGEND);
        String more = mix.kinds().size() > rows.size()
                ? "; " + Notation.count(mix.kinds().size() - rows.size(), "kind") + " more not drawn"
                : "";
        return svg.picture(
                "events",
                "Events over time",
                Notation.count(rows.size(), "kind") + " of event in " + Notation.count(bars) + " slices from "
                        + Notation.time(mix.startNs()) + "; a table has the numbers" + more,
                LEFT + WIDTH + RIGHT,
                bottom + BOTTOM);
    }

    private void axis(SvgCanvas svg, int bottom) {
        long span = mix.sliceNs() * mix.slices();
        for (int i = 0; i <= TICKS; i++) {
            int x = LEFT + WIDTH * i / TICKS;
            svg.path("grid", "M" + x + " " + TOP + "V" + bottom);
            String anchor = i == 0 ? "start" : i == TICKS ? "end" : "middle";
            String time = Notation.shortTime(mix.startNs() + span * i / TICKS, span);
            svg.text("tick", x, bottom + 18, anchor, time, LABEL);
        }
    }

    private void row(SvgCanvas svg, EventMix.Row row, int base, long peak) {
        svg.text("name", LEFT - 12, base - 7, "end", row.kind(), LABEL);
        svg.path("base", "M" + LEFT + " " + base + "h" + WIDTH);
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
            svg.path(style(row.kind()), path.toString());
        }
        String total = Notation.count(MixSection.sum(row.counts(), 0, row.counts().length));
        svg.text("total", LEFT + WIDTH + RIGHT, base - 7, "end", total, LABEL);
    }

    private void marks(SvgCanvas svg, List<FaultExplanation> faults, int bottom) {
        TreeSet<Integer> places = new TreeSet<>();
        for (FaultExplanation fault : faults) {
            long slice = Math.floorDiv(fault.timeNs() - mix.startNs(), mix.sliceNs());
            int bar = (int) Math.max(0, Math.min(bars - 1, slice / step));
            places.add(LEFT + (2 * bar + 1) * WIDTH / (2 * bars));
        }
        for (int x : places) {
            svg.path("mark", "M" + x + " " + (TOP - 6) + "V" + bottom);
            svg.path("flag", "M" + x + " " + (TOP - 4) + "l-6 -11h12z");
        }
    }

    private static void legend(SvgCanvas svg, int y) {
        String[] names = {"input", "observation", "marker", "book-keeping", "fault"};
        String[] styles = {"k-input", "k-observation", "k-marker", "k-book", "flag"};
        for (int i = 0; i < names.length; i++) {
            int x = LEFT + i * LEGEND_STEP;
            svg.rect(styles[i], x, y - 10, 10, 10);
            svg.text("tick", x + 16, y, "start", names[i], LABEL);
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

    /** Class of the colour of a kind of event. */
    static String style(String label) {
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
