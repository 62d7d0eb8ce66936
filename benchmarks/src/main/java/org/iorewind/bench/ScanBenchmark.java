package org.iorewind.bench;

import java.util.concurrent.TimeUnit;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads every event of a real capture: checks and decodes headers. One operation is the whole trace. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ScanBenchmark {
    private final Workload workload = new Workload();
    private TraceReader journal = Traces.open(workload.journal());
    private TraceReader archive = Traces.open(workload.archive());

    /** Opens both traces anew. */
    @Setup
    public void open() {
        journal.close();
        archive.close();
        journal = Traces.open(workload.folder().resolve("journal"));
        archive = Traces.open(workload.folder().resolve("trace.iorw"));
    }

    /** Removes them. */
    @TearDown
    public void remove() {
        journal.close();
        archive.close();
        workload.close();
    }

    /** Live journal. */
    @Benchmark
    public long journal() {
        return scan(journal);
    }

    /** Sealed archive. */
    @Benchmark
    public long archive() {
        return scan(archive);
    }

    private static long scan(TraceReader trace) {
        long sum = 0;
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                sum += cursor.event().timeNs();
            }
        }
        return sum;
    }
}
