package org.iorewind.trace.archive;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.trace.EventKind;

/** How many events of each kind there are, by ascending template id; kinds that do not occur are left out. Immutable. */
public final class KindCounts {
    private final int[] templateIds;
    private final long[] counts;

    KindCounts(int[] templateIds, long[] counts) {
        this.templateIds = templateIds;
        this.counts = counts;
    }

    /** Number of different kinds. */
    public int size() {
        return templateIds.length;
    }

    /** Template id of the i-th kind. */
    public int templateId(int i) {
        return templateIds[i];
    }

    /** Number of events of the i-th kind. */
    public long count(int i) {
        return counts[i];
    }

    /** Number of events with this template id. */
    public long countOf(int templateId) {
        int i = Arrays.binarySearch(templateIds, templateId);
        return i < 0 ? 0 : counts[i];
    }

    /** Number of events of this kind. */
    public long countOf(EventKind kind) {
        return countOf(kind.templateId());
    }

    /** Number of events of all kinds. */
    public long total() {
        return Arrays.stream(counts).sum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KindCounts that
                && Arrays.equals(templateIds, that.templateIds)
                && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(templateIds) + Arrays.hashCode(counts);
    }

    /** Counts events. Not thread-safe. */
    static final class Counter {
        private final long[] known = new long[128];
        private final Map<Integer, Long> others = new TreeMap<>();

        void add(int templateId, long count) {
            if (templateId < known.length) {
                known[templateId] += count;
            } else {
                others.merge(templateId, count, Long::sum);
            }
        }

        void addAll(KindCounts counts) {
            for (int i = 0; i < counts.size(); i++) {
                add(counts.templateId(i), counts.count(i));
            }
        }

        KindCounts toCounts() {
            int size = (int) Arrays.stream(known).filter(count -> count > 0).count() + others.size();
            int[] templateIds = new int[size];
            long[] counts = new long[size];
            int i = 0;
            for (int templateId = 0; templateId < known.length; templateId++) {
                if (known[templateId] > 0) {
                    templateIds[i] = templateId;
                    counts[i++] = known[templateId];
                }
            }
            for (Map.Entry<Integer, Long> other : others.entrySet()) {
                templateIds[i] = other.getKey();
                counts[i++] = other.getValue();
            }
            return new KindCounts(templateIds, counts);
        }

        void clear() {
            Arrays.fill(known, 0);
            others.clear();
        }
    }
}
