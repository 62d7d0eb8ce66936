package org.iorewind.analyze.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A source that counts otherwise on two sides.
 *
 * @param source what
 * @param count on the first side
 * @param otherCount on the second side
 */
public record SourceDifference(CostSource source, long count, long otherCount) {
    /** Sources that differ, by what they are, the largest difference first. */
    public static List<SourceDifference> of(Map<CostSource, Long> counts, Map<CostSource, Long> otherCounts) {
        SortedSet<CostSource> sources = new TreeSet<>(counts.keySet());
        sources.addAll(otherCounts.keySet());
        List<SourceDifference> all = new ArrayList<>();
        for (CostSource source : sources) {
            SourceDifference difference =
                    new SourceDifference(source, counts.getOrDefault(source, 0L), otherCounts.getOrDefault(source, 0L));
            if (difference.count != difference.otherCount) {
                all.add(difference);
            }
        }
        all.sort(Comparator.comparing((SourceDifference one) -> one.source().part())
                .thenComparing(Comparator.comparingLong(SourceDifference::size).reversed())
                .thenComparing(SourceDifference::source));
        return all;
    }

    /** The difference, without its sign. */
    public long size() {
        return Math.abs(count - otherCount);
    }
}
