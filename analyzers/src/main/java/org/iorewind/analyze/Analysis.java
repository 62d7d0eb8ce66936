package org.iorewind.analyze;

import java.util.List;
import org.iorewind.analyze.cost.CostTable;
import org.iorewind.analyze.performance.Performance;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.replay.ReplayResult;

/**
 * Everything a report shows of one trace.
 *
 * @param tracePath as given by the user
 * @param replay the replay's result
 * @param faults the faults, grouped and explained
 * @param rules what the rules found
 * @param performance its traffic
 * @param costs of its operations; empty where they were not counted
 * @param mix events over time
 * @param gaps the first places at which events are missing; {@code replay} counts all of them
 */
public record Analysis(
        String tracePath,
        ReplayResult replay,
        List<FaultExplanation> faults,
        RuleReport rules,
        Performance performance,
        CostTable costs,
        EventMix mix,
        List<RecordedGap> gaps) {}
