package org.iorewind.cli.bisect;

import java.util.List;
import org.iorewind.analyze.cost.CostComparison;
import org.iorewind.analyze.cost.CostComparison.Column;
import org.iorewind.analyze.cost.CostDifference;
import org.iorewind.analyze.cost.CostWatcher;
import org.iorewind.analyze.cost.SourceCounter;
import org.iorewind.analyze.cost.SourceDifference;
import org.iorewind.analyze.cost.UnitCostsReader;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.bisect.OptionComparison;
import org.iorewind.replay.bisect.OptionComparison.Difference;
import org.iorewind.replay.bisect.OptionComparison.Side;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * How one trace behaves under two sets of options.
 *
 * @param options the first set, in words
 * @param against the second set
 * @param outcome where the model first does something else, or null
 * @param outcomeEvent that event, or null
 * @param cost where it first costs something else, or null
 * @param costEvent that event, or null
 * @param sources what costs are made by, where it differs
 * @param costs operations that differ in cost
 */
public record OptionResult(
        String options,
        String against,
        @Nullable Difference outcome,
        @Nullable FoundEvent outcomeEvent,
        @Nullable Difference cost,
        @Nullable FoundEvent costEvent,
        List<SourceDifference> sources,
        List<CostDifference> costs) {
    /** Copies the lists. */
    public OptionResult {
        sources = List.copyOf(sources);
        costs = List.copyOf(costs);
    }

    /** Replays a trace under both. */
    public static OptionResult compare(
            TraceReader trace, String name, ReplayOptions a, ReplayOptions b, String options, String against) {
        CostWatcher costsA = new CostWatcher();
        CostWatcher costsB = new CostWatcher();
        SourceCounter sourcesA = new SourceCounter();
        SourceCounter sourcesB = new SourceCounter();
        OptionComparison.Result found = OptionComparison.compare(
                trace, new Side(a, List.of(costsA, sourcesA)), new Side(b, List.of(costsB, sourcesB)));
        CostComparison comparison = new CostComparison(
                List.of(new Column(name, costsA.table(), 0, 0), new Column(name, costsB.table(), 0, 0)),
                UnitCostsReader.builtIn());
        return new OptionResult(
                options,
                against,
                found.outcome(),
                event(trace, found.outcome()),
                found.cost(),
                event(trace, found.cost()),
                SourceDifference.of(sourcesA.totals(), sourcesB.totals()),
                CostDifference.of(comparison));
    }

    private static @Nullable FoundEvent event(TraceReader trace, @Nullable Difference difference) {
        return difference == null ? null : FoundEvent.read(trace, difference.sequence());
    }

    /** Whether both behave alike, to the last read of a table. */
    public boolean isSame() {
        return outcome == null && cost == null;
    }
}
