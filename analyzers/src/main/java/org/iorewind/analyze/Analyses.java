package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.cost.CostWatcher;
import org.iorewind.analyze.performance.Distribution;
import org.iorewind.analyze.performance.Performance;
import org.iorewind.analyze.performance.PerformanceWatcher;
import org.iorewind.analyze.protocol.ProtocolAnalyzer;
import org.iorewind.analyze.protocol.Windows;
import org.iorewind.analyze.rule.Analyzer;
import org.iorewind.analyze.rule.Analyzers;
import org.iorewind.analyze.rule.Fidelity;
import org.iorewind.analyze.rule.RulePass;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.replay.Playback;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.TraceReader;

/** Replays a trace and explains what it shows. */
public final class Analyses {
    private Analyses() {}

    /**
     * Analyses a trace: faults, rules, traffic, costs of operations, and in a second replay the histories of refused addresses.
     *
     * @param trace to analyse; stays open
     * @param options of the replays
     * @param threads at most so many at once, from 1; the result does not depend on it
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     * @throws org.iorewind.analyze.rule.AnalyzerException if an analyzer on the class path cannot be used
     */
    public static Analysis analyze(TraceReader trace, ReplayOptions options, int threads) {
        return analyze(trace, options, threads, Analyzers.load(), true);
    }

    /** The same by one thread. */
    public static Analysis analyze(TraceReader trace, ReplayOptions options) {
        return analyze(trace, options, 1);
    }

    /** The same in one pass over the trace: faults are counted, and not explained. */
    public static Analysis inOnePass(TraceReader trace, ReplayOptions options, int threads) {
        return analyze(trace, options, threads, Analyzers.load(), false);
    }

    /** The same without rules and costs, for who only wants to know what was refused. */
    public static Analysis faults(TraceReader trace, ReplayOptions options) {
        return analyze(trace, options, 1, List.of(), true);
    }

    private static Analysis analyze(
            TraceReader trace,
            ReplayOptions options,
            int threads,
            List<Analyzer> analyzers,
            boolean areFaultsExplained) {
        FaultGroups groups = new FaultGroups();
        EventMixer mixer = new EventMixer();
        GapWatcher gaps = new GapWatcher();
        RulePass pass = new RulePass(analyzers);
        PerformanceWatcher performance = new PerformanceWatcher();
        CostWatcher costs = new CostWatcher();
        List<List<ReplayListener>> followers = analyzers.isEmpty()
                ? List.of(List.of(groups, mixer, gaps))
                : List.of(
                        List.of(new TrafficListener(groups, mixer, gaps, performance, costs)),
                        List.of(pass.listeners()));
        Playback played = new GroupedReplay(trace, options).run(threads, followers);
        ReplayResult result = played.result();
        HistoryWatcher histories = new HistoryWatcher(groups.list());
        if (areFaultsExplained && !groups.list().isEmpty()) {
            Replay.run(trace, options, histories);
        }
        return new Analysis(
                trace.path().toString(),
                result,
                areFaultsExplained ? explain(trace, result, groups.list(), histories) : List.of(),
                pass.finish(Fidelity.of(result.fidelity()), played.machine()),
                performance.result(maps(analyzers), windows(analyzers)),
                costs.table(),
                mixer.result(),
                gaps.result());
    }

    /** A result that is known already, without explanations of its faults and without the mix of events over time. */
    public static Analysis unexplained(TraceReader trace, ReplayResult result) {
        return new Analysis(
                trace.path().toString(),
                result,
                List.of(),
                RuleReport.none(),
                new PerformanceWatcher().result(List.of(), List.of()),
                new CostWatcher().table(),
                new EventMixer().result(),
                List.of());
    }

    private static List<Performance.Operation> maps(List<Analyzer> analyzers) {
        List<Performance.Operation> maps = new ArrayList<>();
        for (Analyzer analyzer : analyzers) {
            if (analyzer instanceof ProtocolAnalyzer protocol) {
                Windows its = protocol.windows();
                maps.add(new Performance.Operation(
                        "page table entry mapped", its.mappedEntries(), its.mappedBytes(), "counts.mappedEntries > 0"));
                maps.add(new Performance.Operation(
                        "page table entry unmapped",
                        its.unmappedEntries(),
                        its.unmappedBytes(),
                        "counts.unmappedEntries > 0"));
            }
        }
        return maps;
    }

    private static List<Performance.Window> windows(List<Analyzer> analyzers) {
        List<Performance.Window> windows = new ArrayList<>();
        for (Analyzer analyzer : analyzers) {
            if (analyzer instanceof ProtocolAnalyzer protocol) {
                Windows its = protocol.windows();
                windows.add(new Performance.Window(
                        "unmap-to-flush",
                        "change of a table to its invalidation",
                        Distribution.of(its.untilTold(), its.longestToldFrom())));
                windows.add(new Performance.Window(
                        "unmap-to-wait",
                        "change of a table to the end of the wait",
                        Distribution.of(its.untilWaited(), its.longestFrom())));
                windows.add(new Performance.Window(
                        "wait-to-reuse",
                        "end of the wait to the next mapping of the address",
                        Distribution.of(its.untilGiven(), its.longestGivenAt())));
            }
        }
        return windows;
    }

    private static List<FaultExplanation> explain(
            TraceReader trace, ReplayResult result, List<FaultGroup> groups, HistoryWatcher histories) {
        FaultExplainer explainer =
                new FaultExplainer(trace.session(), result, trace.path().toString());
        List<FaultExplanation> explanations = new ArrayList<>();
        for (FaultGroup group : groups) {
            explanations.add(explainer.explain(group, histories.of(group)));
        }
        return explanations;
    }
}
