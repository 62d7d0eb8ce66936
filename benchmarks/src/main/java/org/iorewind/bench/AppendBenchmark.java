package org.iorewind.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import org.agrona.concurrent.UnsafeBuffer;
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
 * Appends DMA events of 40 bytes: the journal against one Chronicle excerpt per event with the same checksum. Both write
 * to a fresh folder each iteration.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class AppendBenchmark {
    private static final int EVENTS = 10_000;
    private static final int FRAME_BYTES = 40;

    /** A fresh journal and a fresh queue in a folder of their own. */
    private static final class Stores implements AutoCloseable {
        private final Path folder;
        private final JournalWriter journal;
        private final EventWriter writer;
        private final ChronicleQueue queue;
        private final ExcerptAppender excerpts;

        Stores() {
            try {
                folder = Files.createTempDirectory("iorewind-append");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            journal = JournalWriter.create(folder.resolve("journal"));
            writer = new EventWriter(journal);
            writer.sessionStart(new SessionInfo(
                    1, 2, Fidelity.FULL, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "benchmark", "", ""));
            queue = ChronicleQueue.single(folder.resolve("queue").toString());
            excerpts = queue.createAppender();
        }

        @Override
        public void close() {
            journal.close();
            excerpts.close();
            queue.close();
            Scratch.delete(folder);
        }
    }

    private Stores stores = new Stores();
    private final byte[] frame = new byte[FRAME_BYTES];
    private final UnsafeBuffer frameBuffer = new UnsafeBuffer(frame);
    private final Bytes<ByteBuffer> bytes = Bytes.elasticByteBuffer(64);
    private final CRC32C crc = new CRC32C();
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

    /** The journal: encoding, block, checksum. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long block() {
        long sequence = 0;
        for (int i = 0; i < EVENTS; i++) {
            address += 4096;
            sequence = stores.writer.at(address).dmaRequest(DmaAccess.READ, 0x30, address, 64, -1);
        }
        return sequence;
    }

    /** The peer: one excerpt per event, the same number of bytes, its own checksum. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long peer() {
        for (int i = 0; i < EVENTS; i++) {
            address += 4096;
            frameBuffer.putLong(24, address);
            crc.reset();
            crc.update(frame, 0, FRAME_BYTES);
            bytes.clear();
            bytes.write(frame);
            bytes.writeInt((int) crc.getValue());
            stores.excerpts.writeBytes(bytes);
        }
        return address;
    }
}
