package org.iorewind.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Appends DMA events of 40 bytes: the journal against {@link ExcerptPerEvent}. Both get the same events from the same writer,
 * on one thread, and write to a fresh folder each iteration.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class AppendBenchmark {
    private static final int EVENTS = 10_000;
    private static final int PAGE = 4096;

    /** A fresh journal and a fresh queue in a folder of their own. */
    private static final class Stores implements AutoCloseable {
        private final Path folder;
        private final JournalWriter journal;
        private final EventWriter writer;
        private final ExcerptPerEvent excerpts;
        private final EventWriter excerptWriter;
        private final ExcerptPerEvent multiplied;
        private final EventWriter multipliedWriter;

        Stores() {
            try {
                folder = Files.createTempDirectory("iorewind-append");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            SessionInfo session = new SessionInfo(
                    1, 2, Fidelity.FULL, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "benchmark", "", "");
            journal = JournalWriter.create(folder.resolve("journal"));
            writer = new EventWriter(journal);
            writer.sessionStart(session);
            excerpts = new ExcerptPerEvent(folder.resolve("queue"), false);
            excerptWriter = new EventWriter(excerpts);
            excerptWriter.sessionStart(session);
            multiplied = new ExcerptPerEvent(folder.resolve("multiplied"), true);
            multipliedWriter = new EventWriter(multiplied);
            multipliedWriter.sessionStart(session);
        }

        @Override
        public void close() {
            journal.close();
            excerpts.close();
            multiplied.close();
            Scratch.delete(folder);
        }
    }

    private Stores stores = new Stores();
    private long address;

    /** Starts each iteration afresh. */
    @Setup(Level.Iteration)
    public void renew() {
        stores.close();
        stores = new Stores();
    }

    /** Removes both. */
    @TearDown
    public void remove() {
        stores.close();
    }

    /** The journal: encoding, check, staging, and each block with its CRC-32C into the queue. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long block() {
        return append(stores.writer);
    }

    /** The peer. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long peer() {
        return append(stores.excerptWriter);
    }

    /** The peer with the journal's check of single events in place of CRC-32C. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long peerMultiplies() {
        return append(stores.multipliedWriter);
    }

    private long append(EventWriter writer) {
        long sequence = 0;
        long next = address;
        for (int i = 0; i < EVENTS; i++) {
            next += PAGE;
            sequence = writer.at(next).dmaRequest(DmaAccess.READ, 0x30, next, 64, EventWriter.NO_PASID);
        }
        address = next;
        return sequence;
    }
}
