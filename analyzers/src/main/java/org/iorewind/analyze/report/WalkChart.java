package org.iorewind.analyze.report;

import java.util.List;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.FaultExplanation.WalkStep;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.SvgCanvas;
import org.iorewind.analyze.text.Notation;

/**
 * The walk that refused a request, drawn: a box for each entry that was read, an arrow to the table it points to.
 *
 * <pre>
 *   ┌ device table ┐    ┌ level 3 ─────┐    ┌ level 2 ─────┐    ┌ refused ─────┐
 *   │ at 0x11c00c0 │───▶│ at 0x17a2000 │───▶│ at 0x17a3000 │───▶│ not present  │
 *   └──────────────┘    └──────────────┘    └──────────────┘    └──────────────┘
 * </pre>
 */
final class WalkChart {
    private static final int IN_A_ROW = 4;
    private static final int WIDTH = 210;
    private static final int HEIGHT = 92;
    private static final int GAP = 36;
    private static final int ROW_GAP = 34;
    private static final int MARGIN = 6;
    private static final int LINE = 18;
    private static final int CHARACTERS = 32;
    private static final int STEPS = 40;

    private WalkChart() {}

    static Block.Picture of(int number, FaultExplanation fault) {
        List<WalkStep> steps =
                fault.steps().subList(0, Math.min(STEPS, fault.steps().size()));
        SvgCanvas svg = new SvgCanvas();
        for (int i = 0; i < steps.size(); i++) {
            WalkStep step = steps.get(i);
            arrow(svg, i);
            box(svg, i, "box", step.table());
            small(svg, i, 1, "at " + Notation.hex(step.address()));
            small(svg, i, 2, step.entry());
            small(svg, i, 3, step.meaning());
        }
        int end = steps.size();
        arrow(svg, end);
        box(svg, end, "box box-bad", "refused");
        String why = fault.verdict().id();
        small(svg, end, 1, fault.device() + " " + fault.access());
        small(svg, end, 2, Notation.range(fault.firstAddress(), fault.lastAddress()));
        small(svg, end, 3, why);
        int rows = end / IN_A_ROW + 1;
        int columns = Math.min(end + 1, IN_A_ROW);
        return svg.picture(
                "walk-" + number,
                "Page walk of fault " + number,
                Notation.count(steps.size(), "entry").replace("entrys", "entries")
                        + " read; the list below has the same",
                2 * MARGIN + columns * WIDTH + (columns - 1) * GAP,
                2 * MARGIN + rows * HEIGHT + (rows - 1) * ROW_GAP);
    }

    private static int x(int index) {
        return MARGIN + index % IN_A_ROW * (WIDTH + GAP);
    }

    private static int y(int index) {
        return MARGIN + index / IN_A_ROW * (HEIGHT + ROW_GAP);
    }

    private static void box(SvgCanvas svg, int index, String style, String title) {
        svg.rect(style, x(index), y(index), WIDTH, HEIGHT);
        svg.text("name", x(index) + 10, y(index) + 22, "start", title, CHARACTERS);
    }

    private static void small(SvgCanvas svg, int index, int line, String text) {
        svg.text("small", x(index) + 10, y(index) + 24 + line * LINE, "start", text, CHARACTERS);
    }

    /** From the box before; in a new row it comes from above. */
    private static void arrow(SvgCanvas svg, int index) {
        if (index == 0) {
            return;
        }
        int middle = y(index) + HEIGHT / 2;
        if (index % IN_A_ROW > 0) {
            int tip = x(index) - 2;
            svg.path("arrow", "M" + (x(index) - GAP) + " " + middle + "H" + tip + "m-7 -5l7 5l-7 5");
        } else {
            int from = x(index - 1) + WIDTH / 2;
            int turn = y(index) - ROW_GAP / 2;
            int to = x(index) + WIDTH / 2;
            svg.path(
                    "arrow",
                    "M" + from + " " + (y(index) - ROW_GAP) + "V" + turn + "H" + to + "V" + (y(index) - 2)
                            + "m-5 -7l5 7l5 -7");
        }
    }
}
