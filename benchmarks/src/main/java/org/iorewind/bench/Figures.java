package org.iorewind.bench;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Prints figures, one tab-separated line each: {@code name value unit [peer peerValue ratio]}. Names given on the command
 * line choose; without names all are measured. The name {@code hitrate} alone writes the chart of hit rates instead.
 */
public final class Figures {
    private static final int ITERATIONS = 5;
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final String HIT_RATE = "hitrate";
    /** Seconds; a replay is more code than the compiler is done with in three. */
    private static final int WARM_UP = 8;

    private static final int DMA_EVENTS = 200_000;
    /** What Chronicle puts before each block. */
    private static final int EXCERPT_HEADER_LENGTH = 4;

    private static final int EXCERPT_LENGTH_MASK = 0x3FFF_FFFF;
    private static final int EXCERPT_NOT_A_BLOCK = 0x4000_0000;

    private interface Figure {
        String line(String name) throws RunnerException, IOException;
    }

    private static final Map<String, Figure> ALL = new LinkedHashMap<>();

    static {
        ALL.put("translate.hit", name -> translations(name, "hit", "peerWalk4"));
        ALL.put("translate.walk4", name -> translations(name, "walk4", "peerWalk4"));
        ALL.put("translate.nested", name -> translations(name, "nested", "peerNested"));
        ALL.put("translate.nested.cold", name -> translations(name, "nestedCold", "peerNested"));
        ALL.put("translate.nested.viommu", Figures::nestedVirtual);
        ALL.put("viommu.command", name -> guestCommands(name, "guest", "host"));
        ALL.put("viommu.command.batch", name -> guestCommands(name, "guestBatch", "hostBatch"));
        ALL.put("viommu.guests", Figures::guests);
        ALL.put("append.block", Figures::append);
        ALL.put("append.alloc", Figures::appendAllocation);
        ALL.put("append.single.p999", Figures::appendLatency);
        ALL.put("tail.latency", Figures::tailLatency);
        ALL.put("scan.journal", name -> rate(name, ScanBenchmark.class, "journal", "events/s", events()));
        ALL.put("scan.archive", name -> rate(name, ScanBenchmark.class, "archive", "events/s", events()));
        ALL.put("scan.archive.parallel", Figures::parallel);
        ALL.put("open.archive", name -> line(name, ArchiveFigures.openMs(), "ms"));
        ALL.put("replay.mixed", Figures::replay);
        ALL.put("analyze.all", Figures::analysis);
        for (String name : List.of("index.build", "seek.random", "seek.back", "bisect.monotone", "replay.parallel")) {
            ALL.put(name, TravelFigures::lines);
        }
        ALL.put("size.live", Figures::sizeLive);
        ALL.put("size.live.dma", Figures::sizeLiveDma);
        ALL.put("size.sealed", Figures::sizeSealed);
        ALL.put("size.sealed.all", name -> share(name, ArchiveFigures.all(), "bytes/event", "qemu-text-log-zstd-19"));
        ALL.put("size.sealed.dma", name -> share(name, ArchiveFigures.dma(), "bytes/dma", "request-alone"));
    }

    private Figures() {}

    /** Measures; exit code 2 for an unknown name. */
    public static void main(String[] names) throws RunnerException, IOException {
        if (names.length == 1 && names[0].equals(HIT_RATE)) {
            HitRate.write(Path.of(System.getProperty("iorewind.docs", "docs")));
            return;
        }
        List<String> unknown =
                Arrays.stream(names).filter(name -> !ALL.containsKey(name)).toList();
        if (!unknown.isEmpty()) {
            System.err.println("expected names of " + String.join(", ", ALL.keySet()) + "; found " + unknown);
            System.exit(2);
        }
        for (Map.Entry<String, Figure> figure : ALL.entrySet()) {
            if (names.length == 0 || List.of(names).contains(figure.getKey())) {
                System.out.println(figure.getValue().line(figure.getKey()));
            }
        }
    }

    /** Two lines: the rate, next to that of the naive walker over the same tables, and what a translation allocates. */
    private static String translations(String name, String method, String peerMethod) throws RunnerException {
        RunResult ours = run(TranslateBenchmark.class, method);
        double peer = measure(TranslateBenchmark.class, peerMethod);
        return beside(name, ours, "translation", "naive-walk", peer);
    }

    /** Two lines: the rate of a device of a guest, next to that of the same device without hardware vIOMMU; allocation. */
    private static String nestedVirtual(String name) throws RunnerException {
        RunResult ours = run(TranslateBenchmark.class, "nestedVirtual");
        double peer = measure(TranslateBenchmark.class, "nested");
        return beside(name, ours, "translation", "without-viommu", peer);
    }

    /** Two lines: the rate of a guest's commands, next to that of the same commands of the host; allocation. */
    private static String guestCommands(String name, String method, String peerMethod) throws RunnerException {
        RunResult ours = run(GuestCommandBenchmark.class, method);
        double peer = measure(GuestCommandBenchmark.class, peerMethod);
        return beside(name, ours, "command", "host-commands", peer);
    }

    private static String beside(String name, RunResult ours, String unit, String peerName, double peer) {
        double rate = ours.getPrimaryResult().getScore();
        return line(name, rate, unit + "s/s") + "\t" + peerName + "\t" + number(peer) + "\t" + number(rate / peer)
                + "\n" + line(name + ".alloc", allocated(ours), "bytes/" + unit);
    }

    private static double allocated(RunResult result) {
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATION);
        if (allocated == null) {
            throw new IllegalStateException("expected the profiler's result " + ALLOCATION + ", found "
                    + result.getSecondaryResults().keySet());
        }
        return allocated.getScore();
    }

    /** Seven lines, of {@link GuestPopulation}. */
    private static String guests(String name) {
        GuestPopulation guests = GuestPopulation.measure();
        return String.join(
                "\n",
                line(name + ".idle", guests.idleMs(), "ms/" + GuestPopulation.IDLE),
                line(name + ".idle.heap", guests.idleBytes(), "bytes/guest"),
                line(name + ".plug", guests.plugMs(), "ms/" + GuestPopulation.ACTIVE),
                line(name + ".boot", guests.bootMs(), "ms/" + GuestPopulation.ACTIVE),
                line(name + ".work", guests.workMs(), "ms/" + GuestPopulation.ACTIVE),
                line(name + ".active.heap", guests.activeMb(), "MB/" + GuestPopulation.ACTIVE),
                line(name + ".heap", guests.totalMb(), "MB"));
    }

    private static String rate(String name, Class<?> benchmark, String method, String unit, long perOperation)
            throws RunnerException {
        return line(name, measure(benchmark, method) * perOperation, unit);
    }

    /** Two lines: beside the peer with CRC-32C, and with the check that single events have in the journal. */
    private static String append(String name) throws RunnerException {
        double ours = measure(AppendBenchmark.class, "block");
        double peer = measure(AppendBenchmark.class, "peer");
        double cheaper = measure(AppendBenchmark.class, "peerMultiplies");
        return line(name, ours, "events/s") + "\tchronicle-excerpt-per-event\t" + number(peer) + "\t"
                + number(ours / peer) + "\n"
                + line(name + ".cheap", ours, "events/s") + "\tthe-same-with-the-journal-s-check\t" + number(cheaper)
                + "\t" + number(ours / cheaper);
    }

    /** Two lines: a capture again and again, and the largest one. */
    private static String replay(String name) throws RunnerException {
        double repeated = measure(ReplayBenchmark.class, "mixed") * ArchiveFigures.longEvents();
        double largest = measure(AnalyzeBenchmark.class, "bare") * largestEvents();
        return line(name, repeated, "events/s") + "\n" + line(name + ".largest", largest, "events/s");
    }

    private static long largestEvents() {
        try (Workload workload = new Workload();
                TraceReader trace = Traces.open(workload.archive(AnalyzeBenchmark.CAPTURE))) {
            return trace.check().events();
        }
    }

    /** Two lines: how often a bare replay is done while all analyzers look at the same trace once, by one thread and by two. */
    private static String analysis(String name) throws RunnerException {
        double all = measure(AnalyzeBenchmark.class, "all");
        double two = measure(AnalyzeBenchmark.class, "parallel");
        double bare = measure(AnalyzeBenchmark.class, "bare");
        String peer = "\tbare-replay\t" + number(bare) + "\t";
        return line(name, all, "traces/s") + peer + number(bare / all) + "\n"
                + line(name + ".parallel", two, "traces/s") + peer + number(bare / two);
    }

    private static String parallel(String name) throws RunnerException {
        long events = ArchiveFigures.longEvents();
        double ours = measure(ArchiveBenchmark.class, "parallel") * events;
        double single = measure(ArchiveBenchmark.class, "single") * events;
        return line(name, ours, "events/s") + "\tone-thread\t" + number(single) + "\t" + number(ours / single);
    }

    private static String share(String name, ArchiveFigures.Share share, String unit, String peer) {
        return line(name, share.ours(), unit) + "\t" + peer + "\t" + number(share.peer()) + "\t"
                + number(share.ours() / share.peer());
    }

    /** Heap taken per event, the journal's own threads included. */
    private static String appendAllocation(String name) throws RunnerException {
        return line(name, allocated(run(AppendBenchmark.class, "block")), "bytes/event");
    }

    /** Three lines: 999 of 1,000 appends, 9,999 of 10,000, and all of them take at most so long. */
    private static String appendLatency(String name) throws IOException {
        AppendLatency latency = AppendLatency.measure();
        return line(name, latency.p999Us(), "us") + "\n" + line("append.single.p9999", latency.p9999Us(), "us") + "\n"
                + line("append.single.max", latency.maxUs(), "us");
    }

    /** Three lines: half of the events, 99 of 100, and all of them are at most so old when a reader has them. */
    private static String tailLatency(String name) throws IOException {
        TailLatency latency = TailLatency.measure();
        return line(name + ".p50", latency.p50Ms(), "ms") + "\n" + line(name + ".p99", latency.p99Ms(), "ms") + "\n"
                + line(name + ".max", latency.maxMs(), "ms");
    }

    private static double measure(Class<?> benchmark, String method) throws RunnerException {
        return run(benchmark, method).getPrimaryResult().getScore();
    }

    private static RunResult run(Class<?> benchmark, String method) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(benchmark.getName() + "\\." + method + "$")
                .forks(1)
                .warmupIterations(WARM_UP)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
        List<RunResult> results = new ArrayList<>(new Runner(options.build()).run());
        return results.get(0);
    }

    private static long events() {
        try (Workload workload = new Workload();
                TraceReader trace = Traces.open(workload.archive())) {
            return trace.check().events();
        }
    }

    /** Bytes of blocks, their headers and Chronicle's per event; preallocated space is not counted. */
    private static String sizeLive(String name) throws IOException {
        try (Workload workload = new Workload()) {
            return line(name, liveBytes(workload.journal()), "bytes/event");
        }
    }

    /** Walks over the queue's one file as {@code docs/format.md} describes it. */
    private static double liveBytes(Path journal) throws IOException {
        long bytes = 0;
        ByteBuffer queue = ByteBuffer.wrap(
                        Files.readAllBytes(journal.resolve("blocks").resolve("19700101F.cq4")))
                .order(LITTLE_ENDIAN);
        int at = 0;
        for (int excerpt = queue.getInt(at); excerpt != 0; excerpt = queue.getInt(at)) {
            int length = EXCERPT_HEADER_LENGTH + (excerpt & EXCERPT_LENGTH_MASK);
            bytes += (excerpt & EXCERPT_NOT_A_BLOCK) == 0 ? length : 0;
            at += (length + Integer.BYTES - 1) / Integer.BYTES * Integer.BYTES;
        }
        try (TraceReader trace = Traces.open(journal)) {
            return (double) bytes / trace.check().events();
        }
    }

    /** As above for a session of DMA requests only. */
    private static String sizeLiveDma(String name) throws IOException {
        Path folder = Files.createTempDirectory("iorewind-size");
        try (JournalWriter journal = JournalWriter.create(folder.resolve("journal"))) {
            EventWriter writer = new EventWriter(journal);
            writer.sessionStart(new SessionInfo(
                    1, 2, Fidelity.FULL, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "benchmark", "", ""));
            for (long i = 1; i < DMA_EVENTS; i++) {
                writer.at(i).dmaRequest(DmaAccess.READ, 0x30, i * 4096, 64, EventWriter.NO_PASID);
            }
        }
        try {
            return line(name, liveBytes(folder.resolve("journal")), "bytes/event");
        } finally {
            Scratch.delete(folder);
        }
    }

    /** Bytes of the archive per event; the peer is QEMU's text log under zstd -19, per the same events. */
    private static String sizeSealed(String name) throws IOException {
        try (Workload workload = new Workload()) {
            double ours = Files.size(workload.archive());
            double peer = Files.size(workload.log());
            long events = events();
            return line(name, ours / events, "bytes/event") + "\tqemu-text-log-zstd-19\t" + number(peer / events) + "\t"
                    + number(ours / peer);
        }
    }

    private static String line(String name, double value, String unit) {
        return name + "\t" + number(value) + "\t" + unit;
    }

    static String number(double value) {
        return value >= 1000 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.3f", value);
    }
}
