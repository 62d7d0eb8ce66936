package org.iorewind.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.iorewind.model.iommu.CacheCounts;
import org.iorewind.model.iommu.CacheStatistics;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;

/**
 * Hit rates of the IOTLB and of the level-1 directories over the size of the working set, with the caches of the {@code spec}
 * profile. Deterministic: no time is measured, and the random addresses come from a fixed seed. Writes
 * {@code docs/hit-rate.svg} and the table between the marks in {@code docs/benchmarks.md}.
 */
final class HitRate {
    /** One line of the table: a working set, and rates from 0 to 1. */
    record Point(
            int pages,
            double iotlbSequential,
            double iotlbRandom,
            double directorySequential,
            double directoryRandom) {}

    private static final int SMALLEST_SHIFT = 4;
    private static final int LARGEST_SHIFT = 18;
    private static final int ACCESSES = 1 << 19;
    private static final long SEED = 48882;
    private static final String BEGIN = "<!-- hit-rate: begin -->";
    private static final String END = "<!-- hit-rate: end -->";

    private HitRate() {}

    /** Measures and writes both files below a folder of documents. */
    static void write(Path docs) throws IOException {
        List<Point> points = new ArrayList<>();
        for (int shift = SMALLEST_SHIFT; shift <= LARGEST_SHIFT; shift++) {
            points.add(measure(1 << shift));
        }
        IommuOptions options = IommuOptions.of(Profile.SPEC);
        int iotlbReach = options.tlbSets() * options.tlbWays();
        int directoryReach = options.walkCaches().hostDirectories().entries() * 512;
        Files.writeString(docs.resolve("hit-rate.svg"), HitRateChart.of(points, iotlbReach, directoryReach));
        Path document = docs.resolve("benchmarks.md");
        String text = Files.readString(document, StandardCharsets.UTF_8);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException("expected the marks " + BEGIN + " and " + END + " in " + document);
        }
        String table = table(points);
        Files.writeString(document, text.substring(0, begin + BEGIN.length()) + "\n" + table + text.substring(end));
        System.out.print(table);
    }

    private static Point measure(int pages) {
        double[] sequential = run(pages, false);
        double[] random = run(pages, true);
        return new Point(pages, sequential[0], random[0], sequential[1], random[1]);
    }

    /** Rates of IOTLB and level-1 directories in as many accesses as the warm-up before them has. */
    private static double[] run(int pages, boolean isRandom) {
        TranslationTables tables = new TranslationTables(
                IommuOptions.of(Profile.SPEC), TranslationTables.MOST_PAGES, TranslationTables.Kind.HOST);
        SplittableRandom random = new SplittableRandom(SEED);
        CacheStatistics before = tables.iommu().statistics();
        for (int i = 0; i < 2 * ACCESSES; i++) {
            if (i == ACCESSES) {
                before = tables.iommu().statistics();
            }
            tables.translate(isRandom ? random.nextInt(pages) : i % pages);
        }
        CacheStatistics after = tables.iommu().statistics();
        return new double[] {
            rate(after.hostTlb(), before.hostTlb()),
            rate(after.hostDirectories().get(0), before.hostDirectories().get(0))
        };
    }

    /** Hits per look-up; {@link Double#NaN} without look-ups. */
    private static double rate(CacheCounts after, CacheCounts before) {
        long hits = after.hits() - before.hits();
        long looks = hits + after.misses() - before.misses();
        return looks == 0 ? Double.NaN : (double) hits / looks;
    }

    private static String table(List<Point> points) {
        StringBuilder text = new StringBuilder();
        text.append("| pages | working set | IOTLB, sequential | IOTLB, random | directories, sequential |")
                .append(" directories, random |\n| ---: | ---: | ---: | ---: | ---: | ---: |\n");
        for (Point point : points) {
            text.append("| ")
                    .append(String.format(Locale.ROOT, "%,d", point.pages))
                    .append(" | ")
                    .append(size(point.pages))
                    .append(" | ")
                    .append(percent(point.iotlbSequential))
                    .append(" | ")
                    .append(percent(point.iotlbRandom))
                    .append(" | ")
                    .append(percent(point.directorySequential))
                    .append(" | ")
                    .append(percent(point.directoryRandom))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String size(int pages) {
        int kibibytes = pages * 4;
        return kibibytes < 1024 ? kibibytes + " KiB" : kibibytes / 1024 + " MiB";
    }

    private static String percent(double rate) {
        return Double.isNaN(rate) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * rate);
    }
}
