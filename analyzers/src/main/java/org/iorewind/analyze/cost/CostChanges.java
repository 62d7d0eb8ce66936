package org.iorewind.analyze.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Where in a trace operations begin to cost more, or less, and because of what.
 *
 * <pre>
 *   first replay    operations ─▶ a series for each kind ─▶ ChangePoints ─▶ regimes
 *   second replay   operations ─▶ sources in each regime ─▶ what differs
 * </pre>
 *
 * @param operations that were looked at
 * @param kinds of them
 * @param changes found, by their first event
 */
public record CostChanges(long operations, int kinds, List<CostChange> changes) {
    private static final int SCALE = 2;
    private static final BigDecimal PS_PER_NS = BigDecimal.valueOf(1000);

    /** Copies the list. */
    public CostChanges {
        changes = List.copyOf(changes);
    }

    /**
     * Looks for changes.
     *
     * @param trace to replay, twice if there are changes; stays open
     * @param metric counter to look at; null for the weighted cost
     * @param costs what one of each thing costs
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static CostChanges find(
            TraceReader trace, ReplayOptions options, @Nullable CostCounter metric, UnitCosts costs) {
        SeriesRecorder recorder = new SeriesRecorder();
        Replay.run(trace, options, recorder, new CostWatcher(recorder));
        long operations = 0;
        Map<String, List<CostChange>> found = new HashMap<>();
        List<CostChange> all = new ArrayList<>();
        for (OperationSeries series : recorder.series().values()) {
            operations += series.operations();
            List<CostChange> changes = new Regimes(series, metric, costs).changes();
            if (!changes.isEmpty()) {
                found.put(series.name(), changes);
            }
        }
        if (!found.isEmpty()) {
            Attribution attribution = new Attribution(found);
            Replay.run(
                    trace,
                    options,
                    attribution.recorder,
                    attribution.sources,
                    new CostWatcher(attribution.recorder),
                    attribution);
            found.values().forEach(changes -> all.addAll(attribution.attributed(changes)));
            all.sort(Comparator.comparingLong(CostChange::sequence).thenComparing(CostChange::operation));
        }
        return new CostChanges(operations, recorder.series().size(), all);
    }

    /** The regimes of one kind of operation. */
    private static final class Regimes {
        private final OperationSeries series;
        private final @Nullable CostCounter metric;
        private final UnitCosts costs;
        private final long[] values;

        Regimes(OperationSeries series, @Nullable CostCounter metric, UnitCosts costs) {
            this.series = series;
            this.metric = metric;
            this.costs = costs;
            this.values = metric == null ? series.costs(costs) : series.counts(metric);
        }

        List<CostChange> changes() {
            List<Integer> places = new ArrayList<>(ChangePoints.of(values));
            List<CostCounter> counters = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                int from = i == 0 ? 0 : places.get(i - 1);
                int to = i + 1 < places.size() ? places.get(i + 1) : values.length;
                CostCounter counter = metric == null ? most(from, places.get(i), to) : metric;
                // Other costs blur the place; the counter that makes the difference knows it best.
                int exact = ChangePoints.best(series.counts(counter), from, to);
                places.set(i, exact < 0 ? places.get(i) : exact);
                counters.add(counter);
            }
            List<CostChange> changes = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                int from = i == 0 ? 0 : places.get(i - 1);
                int to = i + 1 < places.size() ? places.get(i + 1) : values.length;
                changes.add(change(from, places.get(i), to, counters.get(i)));
            }
            return changes;
        }

        /** The counter of which the difference costs most. */
        private CostCounter most(int from, int place, int to) {
            CostCounter most = CostCounter.values()[0];
            BigDecimal mostCost = BigDecimal.valueOf(-1);
            for (CostCounter counter : CostCounter.values()) {
                long[] counts = series.counts(counter);
                BigDecimal cost = mean(counts, place, to)
                        .subtract(mean(counts, from, place))
                        .abs()
                        .multiply(costs.of(counter).ns());
                if (cost.compareTo(mostCost) > 0) {
                    most = counter;
                    mostCost = cost;
                }
            }
            return most;
        }

        private CostChange change(int from, int place, int to, CostCounter counter) {
            long[] counts = series.counts(counter);
            long perItem = series.perItem();
            long end = to == series.items() ? series.operations() : to * perItem;
            return new CostChange(
                    series.name(),
                    series.first(place),
                    place * perItem + 1,
                    series.perItem(),
                    (place - from) * perItem,
                    end - place * perItem,
                    value(from, place),
                    value(place, to),
                    counter,
                    mean(counts, from, place),
                    mean(counts, place, to),
                    List.of());
        }

        private BigDecimal value(int from, int to) {
            BigDecimal mean = mean(values, from, to);
            return metric == null ? mean.divide(PS_PER_NS, SCALE, RoundingMode.HALF_UP) : mean;
        }

        /** For one operation. */
        private BigDecimal mean(long[] numbers, int from, int to) {
            long sum = Arrays.stream(numbers, from, to).sum();
            long number = (long) series.perItem() * (to - from);
            long last = to == series.items() ? series.operations() - (long) series.perItem() * from : number;
            return BigDecimal.valueOf(sum).divide(BigDecimal.valueOf(last), SCALE, RoundingMode.HALF_UP);
        }
    }

    /** Counts sources in each regime. */
    private static final class Attribution implements ReplayListener {
        private final SeriesRecorder recorder = new SeriesRecorder();
        private final SourceCounter sources = new SourceCounter();
        private final Map<String, long[]> starts = new HashMap<>();
        private final Map<String, List<Map<CostSource, Long>>> regimes = new HashMap<>();

        Attribution(Map<String, List<CostChange>> found) {
            found.forEach((name, changes) -> {
                long[] ordinals = new long[changes.size() + 1];
                List<Map<CostSource, Long>> counts = new ArrayList<>();
                for (int i = 0; i < ordinals.length; i++) {
                    ordinals[i] = i == 0 ? 1 : changes.get(i - 1).ordinal();
                    counts.add(new HashMap<>());
                }
                starts.put(name, ordinals);
                regimes.put(name, counts);
            });
        }

        @Override
        public void after(EventView event, Machine machine) {
            OperationSeries series = recorder.counted();
            long[] ordinals = series == null ? null : starts.get(series.name());
            if (series == null || ordinals == null) {
                return;
            }
            int found = Arrays.binarySearch(ordinals, series.operations());
            int regime = found >= 0 ? found : Math.max(0, -found - 2);
            Map<CostSource, Long> counts = of(series.name()).get(regime);
            sources.tell((source, times) -> counts.merge(source, times, Long::sum));
        }

        private List<Map<CostSource, Long>> of(String name) {
            return Objects.requireNonNull(regimes.get(name));
        }

        List<CostChange> attributed(List<CostChange> changes) {
            List<CostChange> all = new ArrayList<>();
            for (int i = 0; i < changes.size(); i++) {
                CostChange change = changes.get(i);
                List<Map<CostSource, Long>> counts = of(change.operation());
                List<SourceDifference> differing = new ArrayList<>();
                for (SourceDifference one : SourceDifference.of(counts.get(i), counts.get(i + 1))) {
                    if (isChanged(one, change)) {
                        differing.add(one);
                    }
                }
                all.add(change.with(differing));
            }
            return all;
        }

        /** Whether one operation has a tenth more or less of it, and a hundred operations have at least one. */
        private static boolean isChanged(SourceDifference one, CostChange change) {
            double before = (double) one.count() / change.operations();
            double after = (double) one.otherCount() / change.otherOperations();
            double difference = Math.abs(before - after);
            return difference * 10 >= Math.max(before, after) && difference * 100 >= 1;
        }
    }
}
