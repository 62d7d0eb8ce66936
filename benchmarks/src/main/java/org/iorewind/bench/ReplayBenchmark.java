package org.iorewind.bench;

import java.util.concurrent.TimeUnit;
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

/** Replays a real capture again and again, one time behind the other, and compares every observation. One operation is the whole trace. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ReplayBenchmark {
    private final Workload workload = new Workload();
    private final TraceReader trace = Traces.open(workload.longArchive());

    /** Removes the trace. */
    @TearDown
    public void remove() {
        trace.close();
        workload.close();
    }

    /** With verification. */
    @Benchmark
    public ReplayResult mixed() {
        return Replay.run(trace, ReplayOptions.defaults());
    }
}
