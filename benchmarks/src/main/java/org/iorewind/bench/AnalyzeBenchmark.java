package org.iorewind.bench;

import java.util.concurrent.TimeUnit;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The largest real capture, with its tables in memory, through all analyzers in one pass, and replayed without any. One
 * operation is the whole trace.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class AnalyzeBenchmark {
    static final String CAPTURE = "q11-linux612-lazy-memory";

    private final Workload workload = new Workload();
    private final TraceReader trace = Traces.open(workload.archive(CAPTURE));

    /** Removes the trace. */
    @TearDown
    public void remove() {
        trace.close();
        workload.close();
    }

    /** Every built-in rule, faults, traffic, events over time. */
    @Benchmark
    public Analysis all() {
        return Analyses.inOnePass(trace, ReplayOptions.defaults(), 1);
    }

    /** The same by two threads. */
    @Benchmark
    public Analysis parallel() {
        return Analyses.inOnePass(trace, ReplayOptions.defaults(), 2);
    }

    /** Replayed and compared only. */
    @Benchmark
    public ReplayResult bare() {
        return Replay.run(trace, ReplayOptions.defaults());
    }
}
