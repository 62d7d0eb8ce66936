package org.iorewind.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Hit rates over the working set as an SVG drawing without script, in colours that do on light and dark ground. */
final class HitRateChart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int TOP = 24;
    private static final int PLOT_WIDTH = 680;
    private static final int PLOT_HEIGHT = 270;
    private static final int GRID = 4;
    private static final String INK = "#808080";

    private final StringBuilder svg = new StringBuilder();
    private final int smallest;
    private final int largest;

    private HitRateChart(int smallest, int largest) {
        this.smallest = smallest;
        this.largest = largest;
    }

    /** The drawing; the reaches are marked by upright lines, in pages. */
    static String of(List<HitRate.Point> points, int iotlbReach, int directoryReach) {
        HitRateChart chart = new HitRateChart(
                points.get(0).pages(), points.get(points.size() - 1).pages());
        chart.frame(points);
        chart.reach(iotlbReach, "IOTLB reach");
        chart.reach(directoryReach, "directory reach");
        chart.curve(points, HitRate.Point::iotlbSequential, "#d1495b", "", 0, "IOTLB, sequential");
        chart.curve(points, HitRate.Point::iotlbRandom, "#d1495b", "6 4", 1, "IOTLB, random");
        chart.curve(points, HitRate.Point::directorySequential, "#2f8fbf", "", 2, "level-1 directories, sequential");
        chart.curve(points, HitRate.Point::directoryRandom, "#2f8fbf", "6 4", 3, "level-1 directories, random");
        return chart.svg.append("</svg>\n").toString();
    }

    private void frame(List<HitRate.Point> points) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\"",
                WIDTH, HEIGHT);
        add(" font-size=\"12\" fill=\"%s\">%n", INK);
        add("<title>Hit rate over the working set, caches of the spec profile</title>%n");
        for (int line = 0; line <= GRID; line++) {
            int y = TOP + PLOT_HEIGHT * line / GRID;
            add("<path d=\"M%d %dh%d\" stroke=\"%s\" stroke-opacity=\"0.35\"/>", LEFT, y, PLOT_WIDTH, INK);
            add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d %%</text>%n", LEFT - 6, y + 4, 100 - 100 * line / GRID);
        }
        for (int i = 0; i < points.size(); i += 2) {
            int pages = points.get(i).pages();
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", x(pages), TOP + PLOT_HEIGHT + 18);
            add("%,d</text>%n", pages);
        }
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", LEFT + PLOT_WIDTH / 2, TOP + PLOT_HEIGHT + 38);
        add("working set, pages of 4 KiB</text>%n");
    }

    private void reach(int pages, String name) {
        add("<path d=\"M%.1f %dv%d\" stroke=\"%s\" stroke-dasharray=\"2 3\"/>", x(pages), TOP, PLOT_HEIGHT, INK);
        add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n", x(pages), TOP - 8, name);
    }

    private void curve(
            List<HitRate.Point> points,
            ToDoubleFunction<HitRate.Point> rate,
            String colour,
            String dashes,
            int row,
            String name) {
        StringBuilder path = new StringBuilder();
        for (HitRate.Point point : points) {
            double value = rate.applyAsDouble(point);
            if (!Double.isNaN(value)) {
                double y = TOP + PLOT_HEIGHT * (1 - value);
                path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x(point.pages()), y));
            }
        }
        String style = String.format(
                Locale.ROOT, "fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"", colour, dashes);
        add("<path d=\"%s\" %s/>%n", path, style);
        int legendX = LEFT + row / 2 * PLOT_WIDTH / 2;
        int legendY = TOP + PLOT_HEIGHT + 62 + row % 2 * 20;
        add("<path d=\"M%d %dh28\" %s/>", legendX, legendY - 4, style);
        add("<text x=\"%d\" y=\"%d\">%s</text>%n", legendX + 36, legendY, name);
    }

    private double x(int pages) {
        double whole = Math.log((double) largest / smallest);
        return LEFT + PLOT_WIDTH * Math.log((double) pages / smallest) / whole;
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
    }
}
