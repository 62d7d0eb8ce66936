package org.iorewind.analyze.report;

import java.util.List;
import java.util.function.LongFunction;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.SvgCanvas;
import org.iorewind.analyze.performance.Distribution;
import org.iorewind.analyze.performance.Distribution.Bucket;
import org.iorewind.analyze.text.Notation;

/**
 * How often values lie where, drawn: a column for each range from 1, 2, 5, 10, 20, 50 and so on, as high as it has values.
 *
 * <pre>
 *         ┌─┐  612
 *      ┌──┘ │
 *      │    ├─┐      ┌┐
 *      10us 20us 50us 100us
 *      median 20us, nine in ten at most 50us, ...
 * </pre>
 */
final class DistributionChart {
    private static final int LEFT = 12;
    private static final int WIDTH = 860;
    private static final int TOP = 22;
    private static final int HEIGHT = 110;
    private static final int BOTTOM = 50;
    private static final int GAP = 2;
    private static final int WIDEST = 90;
    private static final int LABEL = 24;
    private static final int SUMMARY = 160;

    private DistributionChart() {}

    /** Draws it; nothing if no value was measured. */
    static void addTo(
            List<Block> blocks, String name, String title, Distribution values, LongFunction<String> notation) {
        List<Bucket> buckets = values.buckets();
        if (buckets.isEmpty()) {
            return;
        }
        long most = buckets.stream().mapToLong(Bucket::count).max().orElse(1);
        int width = Math.min(WIDEST, WIDTH / buckets.size());
        int every = (LABEL * 2 + width - 1) / width;
        int base = TOP + HEIGHT;
        SvgCanvas svg = new SvgCanvas();
        svg.path("base", "M" + LEFT + " " + base + "h" + width * buckets.size());
        for (int i = 0; i < buckets.size(); i++) {
            Bucket bucket = buckets.get(i);
            int x = LEFT + i * width;
            int height = (int) (bucket.count() * HEIGHT / most);
            if (bucket.count() > 0) {
                svg.rect("bar", x + GAP / 2, base - Math.max(1, height), width - GAP, Math.max(1, height));
                svg.text("total", x + width / 2, base - height - 4, "middle", Notation.count(bucket.count()), LABEL);
            }
            if (i % every == 0) {
                svg.text("tick", x, base + 16, "start", notation.apply(bucket.from()), LABEL);
            }
        }
        String summary = "median " + notation.apply(values.median()) + ", nine in ten at most "
                + notation.apply(values.p90()) + ", 99 in a hundred at most " + notation.apply(values.p99())
                + ", largest " + notation.apply(values.largest());
        svg.text("name", LEFT, base + 38, "start", summary, SUMMARY);
        blocks.add(svg.picture(
                name,
                title,
                Notation.count(values.count(), "value") + ": " + summary + "; a table has the numbers",
                LEFT + WIDTH,
                TOP + HEIGHT + BOTTOM));
    }
}
