package org.iorewind.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;

/**
 * How long single appends take, one behind the other without a pause; the look at the clock is part of each. Every append is
 * timed: to take each 2<sup>k</sup>-th, as JMH's sampling does, sees the ends of blocks far too often or never, since they come at
 * regular distances too.
 *
 * @param p999Us 999 of 1,000 take at most so long, in microseconds
 * @param p9999Us 9,999 of 10,000 do
 * @param maxUs all do
 */
record AppendLatency(double p999Us, double p9999Us, double maxUs) {
    private static final int EVENTS = 10_000_000;
    private static final int WARM_UP = 5_000_000;
    private static final int PAGE = 4096;
    private static final double NS_PER_US = 1e3;
    private static final double P999 = 0.999;
    private static final double P9999 = 0.9999;

    static AppendLatency measure() throws IOException {
        Path folder = Files.createTempDirectory("iorewind-latency");
        try (JournalWriter journal = JournalWriter.create(folder.resolve("journal"))) {
            EventWriter writer = new EventWriter(journal);
            writer.sessionStart(new SessionInfo(
                    1, 2, Fidelity.FULL, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "benchmark", "", ""));
            int[] times = new int[EVENTS];
            append(writer, times, WARM_UP);
            append(writer, times, EVENTS);
            Arrays.sort(times);
            return new AppendLatency(at(times, P999), at(times, P9999), at(times, 1));
        } finally {
            Scratch.delete(folder);
        }
    }

    private static void append(EventWriter writer, int[] times, int count) {
        long before = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long address = (long) i * PAGE;
            writer.at(before).dmaRequest(DmaAccess.READ, 0x30, address, 64, EventWriter.NO_PASID);
            long after = System.nanoTime();
            times[i] = (int) Math.min(after - before, Integer.MAX_VALUE);
            before = after;
        }
    }

    private static double at(int[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1] / NS_PER_US;
    }
}
