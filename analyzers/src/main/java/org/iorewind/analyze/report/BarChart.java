package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.SvgCanvas;
import org.iorewind.analyze.text.Notation;

/** Names and numbers as bars, one below the other, as many as fit a screen. One thread. */
final class BarChart {
    private static final int MOST = 24;
    private static final int LEFT = 230;
    private static final int WIDTH = 560;
    private static final int RIGHT = 110;
    private static final int ROW = 24;
    private static final int BAR = 16;
    private static final int NAME = 34;

    private record Bar(String name, long value, String label) {}

    private final List<Bar> bars = new ArrayList<>();

    void bar(String name, long value, String label) {
        if (bars.size() < MOST) {
            bars.add(new Bar(name, value, label));
        }
    }

    /** Draws it; nothing if there is no bar to compare another with. */
    void addTo(List<Block> blocks, String name, String title) {
        if (bars.size() < 2) {
            return;
        }
        long most = Math.max(1, bars.stream().mapToLong(Bar::value).max().orElse(1));
        SvgCanvas svg = new SvgCanvas();
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int top = i * ROW + 4;
            int width = (int) Math.max(bar.value() > 0 ? 1 : 0, (double) bar.value() * WIDTH / most);
            svg.text("name", LEFT - 10, top + 13, "end", bar.name(), NAME);
            svg.rect("bar", LEFT, top, width, BAR);
            svg.text("total", LEFT + width + 8, top + 13, "start", bar.label(), NAME);
        }
        blocks.add(svg.picture(
                name,
                title,
                Notation.count(bars.size(), "bar") + "; a table has the numbers",
                LEFT + WIDTH + RIGHT,
                bars.size() * ROW + 8));
    }
}
