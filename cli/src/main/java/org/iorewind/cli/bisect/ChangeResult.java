package org.iorewind.cli.bisect;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.cost.CostChange;
import org.iorewind.analyze.cost.CostChanges;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.UnitCostsReader;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Where operations begin to cost something else.
 *
 * @param counter that was looked at, or null for the weighted cost
 * @param found the changes
 * @param events the first event of each change, in their order
 */
public record ChangeResult(@Nullable CostCounter counter, CostChanges found, List<FoundEvent> events) {
    /** Copies the events. */
    public ChangeResult {
        events = List.copyOf(events);
    }

    /** Looks for them. */
    public static ChangeResult find(TraceReader trace, ReplayOptions options, @Nullable CostCounter counter) {
        CostChanges found = CostChanges.find(trace, options, counter, UnitCostsReader.builtIn());
        List<FoundEvent> events = new ArrayList<>();
        for (CostChange change : found.changes()) {
            events.add(FoundEvent.read(trace, change.sequence()));
        }
        return new ChangeResult(counter, found, events);
    }
}
