package org.iorewind.analyze.cost;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.TraceReader;

/**
 * Counts of several traces side by side.
 *
 * @param columns one for each trace, in the order that they were named
 * @param costs what one of each thing costs
 */
public record CostComparison(List<Column> columns, UnitCosts costs) {
    /**
     * A trace.
     *
     * @param name of it
     * @param table what was counted
     * @param divergences of its replay: what the counts then say is not what happened
     * @param faults of its replay
     */
    public record Column(String name, CostTable table, long divergences, long faults) {
        /** Replays a trace and counts. */
        public static Column of(TraceReader trace, String name, ReplayOptions options) {
            CostWatcher watcher = new CostWatcher();
            ReplayResult result = Replay.run(trace, options, watcher);
            return new Column(name, watcher.table(), result.observations().divergences(), result.faultCount());
        }
    }

    /** Copies the columns. */
    public CostComparison {
        columns = List.copyOf(columns);
    }

    /** Counts of all traces. */
    public List<CostTable> tables() {
        List<CostTable> tables = new ArrayList<>();
        columns.forEach(column -> tables.add(column.table()));
        return tables;
    }
}
