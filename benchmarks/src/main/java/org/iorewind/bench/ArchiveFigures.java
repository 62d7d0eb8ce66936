package org.iorewind.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveReader;
import org.iorewind.trace.stats.TraceSizes;
import org.iorewind.trace.stats.TraceSizesReader;

/** Figures of archives that are counted or taken with a watch. */
final class ArchiveFigures {
    /** As many chunks as 10 GB of archive have at 18,000 bytes each. */
    private static final int MANY_CHUNKS = 555_000;

    private static final int OPENINGS = 31;
    private static final double NS_PER_MS = 1e6;

    private ArchiveFigures() {}

    /** Bytes, and what they are divided by. */
    record Share(double ours, double peer, long events) {}

    /** Columns of all DMA requests of all captures; the peer is the same with the answers, the translations. */
    static Share dma() {
        long requests = 0;
        long translations = 0;
        long events = 0;
        try (Workload workload = new Workload()) {
            for (Path archive : workload.allArchives()) {
                try (TraceReader trace = Traces.open(archive)) {
                    TraceSizes sizes = TraceSizesReader.read(trace, Progress.NONE);
                    requests += sizes.kind("DmaRequest").storedBytes();
                    translations += sizes.kind("Translation").storedBytes();
                    events += sizes.kind("DmaRequest").events();
                }
            }
        }
        return new Share((double) (requests + translations) / events, (double) requests / events, events);
    }

    /** Archives of all captures; the peer is their text logs under zstd -19. */
    static Share all() throws IOException {
        long ours = 0;
        long peer = 0;
        long events = 0;
        try (Workload workload = new Workload()) {
            for (Path archive : workload.allArchives()) {
                ours += Files.size(archive);
                peer += Files.size(archive.resolveSibling(
                        String.valueOf(archive.getFileName()).replace(".iorw", ".log.zst")));
                try (ArchiveReader reader = ArchiveReader.open(archive)) {
                    events += reader.eventCount();
                }
            }
        }
        return new Share((double) ours / events, (double) peer / events, events);
    }

    /** Milliseconds to open an archive of very many chunks: the middle of some openings, the first one left out. */
    static double openMs() {
        try (Workload workload = new Workload()) {
            Path archive = workload.archiveOfChunks(MANY_CHUNKS);
            long[] times = new long[OPENINGS];
            for (int i = -1; i < OPENINGS; i++) {
                long start = System.nanoTime();
                ArchiveReader.open(archive).close();
                times[Math.max(i, 0)] = System.nanoTime() - start;
            }
            Arrays.sort(times);
            return times[OPENINGS / 2] / NS_PER_MS;
        }
    }

    /** Events of the long archive. */
    static long longEvents() {
        try (Workload workload = new Workload();
                ArchiveReader reader = ArchiveReader.open(workload.longArchive())) {
            return reader.eventCount();
        }
    }
}
