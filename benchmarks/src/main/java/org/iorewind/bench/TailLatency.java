package org.iorewind.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.journal.JournalTail;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteDecoder;
import org.iorewind.trace.sbe.StartState;

/**
 * How old an event is when a reader that follows the journal has it: from before its append until behind {@code next}, on two
 * threads that share a clock. Events come at moments by chance, some hundreds a second, so that the reader has to wait for most
 * of them.
 *
 * @param p50Ms half of the events are at most so old, in milliseconds
 * @param p99Ms 99 of 100 are
 * @param maxMs all are
 */
record TailLatency(double p50Ms, double p99Ms, double maxMs) {
    private static final int EVENTS = 10_000;
    private static final int WARM_UP = 1_000;
    private static final int LONGEST_GAP_NS = 4_000_000;
    private static final double NS_PER_MS = 1e6;
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;

    static TailLatency measure() throws IOException {
        Path folder = Files.createTempDirectory("iorewind-tail");
        Path path = folder.resolve("journal");
        try (JournalWriter journal = JournalWriter.create(path)) {
            EventWriter events = new EventWriter(journal);
            events.sessionStart(new SessionInfo(
                    1, 2, Fidelity.FULL, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "benchmark", "", ""));
            Thread writer = new Thread(() -> append(events), "writer");
            writer.start();
            long[] ages = new long[EVENTS];
            MmioWriteDecoder write = new MmioWriteDecoder();
            try (JournalTail tail = JournalTail.open(path, 1)) {
                for (int i = 0; i < EVENTS; i++) {
                    if (!tail.await(1, TimeUnit.MINUTES) || !tail.next()) {
                        throw new IllegalStateException("no event " + (i + 1) + " within a minute");
                    }
                    long now = System.nanoTime();
                    write.wrap(
                            tail.event().buffer(),
                            tail.event().bodyOffset(),
                            tail.event().blockLength(),
                            tail.event().version());
                    ages[i] = now - write.value();
                }
            }
            long[] sorted = Arrays.copyOfRange(ages, WARM_UP, EVENTS);
            Arrays.sort(sorted);
            return new TailLatency(at(sorted, P50), at(sorted, P99), at(sorted, 1));
        } finally {
            Scratch.delete(folder);
        }
    }

    private static void append(EventWriter events) {
        Random random = new Random(1);
        for (int i = 0; i < EVENTS; i++) {
            LockSupport.parkNanos(random.nextInt(LONGEST_GAP_NS));
            events.at(i).mmioWrite(MmioSpace.HOST, 8, 0, System.nanoTime());
        }
    }

    private static double at(long[] sorted, double share) {
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[index] / NS_PER_MS;
    }
}
