package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.rule.Fidelity;
import org.iorewind.analyze.rule.RulePass;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.TraceReader;

/** Replays a trace and explains what it shows. */
public final class Analyses {
    private Analyses() {}

    /**
     * Analyses a trace. A second replay is made only when there are faults to explain.
     *
     * @param trace to analyse; stays open
     * @param options of the replays
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static Analysis analyze(TraceReader trace, ReplayOptions options) {
        FaultGroups groups = new FaultGroups();
        EventMixer mixer = new EventMixer();
        RulePass pass = new RulePass();
        List<ReplayListener> listeners = new ArrayList<>(List.of(groups, mixer));
        listeners.addAll(List.of(pass.listeners()));
        ReplayResult result = Replay.run(trace, options, listeners.toArray(new ReplayListener[0]));
        return new Analysis(
                trace.path().toString(),
                result,
                explain(trace, options, result, groups.list()),
                pass.finish(Fidelity.of(result.fidelity())),
                mixer.result());
    }

    /** A result that is known already, without explanations of its faults and without the mix of events over time. */
    public static Analysis unexplained(TraceReader trace, ReplayResult result) {
        return new Analysis(
                trace.path().toString(), result, List.of(), RuleReport.none(), new EventMixer().result());
    }

    private static List<FaultExplanation> explain(
            TraceReader trace, ReplayOptions options, ReplayResult result, List<FaultGroup> groups) {
        if (groups.isEmpty()) {
            return List.of();
        }
        HistoryWatcher watcher = new HistoryWatcher(groups);
        Replay.run(trace, options, watcher);
        FaultExplainer explainer = new FaultExplainer(
                trace.session(), result.profile(), result.gaps(), trace.path().toString());
        List<FaultExplanation> explanations = new ArrayList<>();
        for (FaultGroup group : groups) {
            explanations.add(explainer.explain(group, watcher.of(group)));
        }
        return explanations;
    }
}
