package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.SvgCanvas;
import org.iorewind.analyze.text.Notation;

/** Numbers of several things over time, one row of columns each; every row has a scale of its own. One thread. */
final class SliceChart {
    private static final int LEFT = 230;
    private static final int WIDTH = 560;
    private static final int RIGHT = 110;
    private static final int ROW = 36;
    private static final int BAR = 28;
    private static final int NAME = 34;

    private record Row(String name, List<Integer> values) {}

    private final List<Row> rows = new ArrayList<>();

    void row(String name, List<Integer> values) {
        if (values.size() > 1) {
            rows.add(new Row(name, values));
        }
    }

    /** Draws it; nothing if there is no row. */
    void addTo(List<Block> blocks, String name, String title) {
        if (rows.isEmpty()) {
            return;
        }
        SvgCanvas svg = new SvgCanvas();
        for (int i = 0; i < rows.size(); i++) {
            draw(svg, rows.get(i), (i + 1) * ROW);
        }
        blocks.add(svg.picture(
                name,
                title,
                Notation.count(rows.size(), "row") + "; a table has the largest number of each",
                LEFT + WIDTH + RIGHT,
                rows.size() * ROW + 8));
    }

    private static void draw(SvgCanvas svg, Row row, int base) {
        List<Integer> values = row.values();
        int most = Math.max(1, values.stream().mapToInt(i -> i).max().orElse(1));
        svg.text("name", LEFT - 10, base - 8, "end", row.name(), NAME);
        svg.path("base", "M" + LEFT + " " + base + "h" + WIDTH);
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            int x = LEFT + WIDTH * i / values.size();
            int width = Math.max(1, LEFT + WIDTH * (i + 1) / values.size() - x - 1);
            int height = (int) ((long) values.get(i) * BAR / most);
            if (values.get(i) > 0) {
                int shown = Math.max(1, height);
                path.append('M').append(x).append(' ').append(base).append("v-").append(shown);
                path.append('h').append(width).append('v').append(shown).append('z');
            }
        }
        if (path.length() > 0) {
            svg.path("bar", path.toString());
        }
        svg.text("total", LEFT + WIDTH + 8, base - 8, "start", "at most " + Notation.count(most), NAME);
    }
}
