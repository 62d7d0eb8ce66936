package org.iorewind.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.archive.ArchiveReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reads every event of a long archive, in one thread and in as many as there are cores. One operation is the archive. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ArchiveBenchmark {
    private final Workload workload = new Workload();
    private final Path path = workload.longArchive();
    private final ArchiveReader archive = ArchiveReader.open(path);

    /** Removes it. */
    @TearDown
    public void remove() {
        archive.close();
        workload.close();
    }

    /** One thread. */
    @Benchmark
    public long single() {
        return scan(archive.cursors(1));
    }

    /** One thread for each core. */
    @Benchmark
    public long parallel() {
        return scan(archive.cursors(Runtime.getRuntime().availableProcessors()));
    }

    private static long scan(List<EventCursor> cursors) {
        return cursors.parallelStream().mapToLong(ArchiveBenchmark::scan).sum();
    }

    private static long scan(EventCursor part) {
        long sum = 0;
        try (EventCursor cursor = part) {
            while (cursor.next()) {
                sum += cursor.event().timeNs();
            }
        }
        return sum;
    }
}
