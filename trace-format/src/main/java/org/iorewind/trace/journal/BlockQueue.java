package org.iorewind.trace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.iorewind.trace.TraceStoreException;

/**
 * How this format uses Chronicle Queue: raw bytes, one block per excerpt, one file that never rolls. For writing only:
 * readers walk over the file themselves (see {@link QueueFile}).
 *
 * <p>Chronicle makes the file with its index and appends the first blocks. The others are written behind them in its form,
 * which its own readers read as well; what it has not appended itself they find by walking, not in the index.
 */
final class BlockQueue implements AutoCloseable {
    /**
     * How long Chronicle waits for another writer to end what it has begun. There is none; but a file of zeros looks to it as
     * if somebody were about to write the header, and so every new journal waits for as long as this.
     */
    private static final long TIMEOUT_MS = 10;

    /** So many blocks are appended by Chronicle: with the first one it makes its index, behind the block or before. */
    private static final int BLOCKS_BY_CHRONICLE = 2;

    /** More than two pages of the index. */
    private static final int INDEX_ALLOWANCE = 256 * 1024;

    /** Most blocks that are appended at once. */
    static final int MOST_AT_ONCE = 4;

    private static final String JVM_FLAGS =
            "--add-opens java.base/java.lang.reflect=ALL-UNNAMED --add-exports java.base/sun.nio.ch=ALL-UNNAMED";

    static {
        // Chronicle can send usage statistics: its jar for that is banned from the build, and this says no once more.
        System.setProperty("chronicle.analytics.disable", "true");
        // The watch on free disk space is a thread; space is reserved here before each block.
        System.setProperty("chronicle.disk.monitor.disable", "true");
    }

    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final ReservedSpace space;
    private final int[] lengths = new int[MOST_AT_ONCE];
    private long position;
    private long blocks;

    private BlockQueue(SingleChronicleQueue queue, ExcerptAppender appender, ReservedSpace space) {
        this.space = space;
        this.queue = queue;
        this.appender = appender;
    }

    /**
     * Opens the queue of a new journal.
     *
     * @param blocks the directory, with a data file of zeros in it
     * @param space of that data file
     * @throws TraceStoreException if the JVM was started without the flags that Chronicle Queue needs
     */
    @SuppressWarnings("resource") // the queue belongs to the returned object
    static BlockQueue open(Path blocks, ReservedSpace space) {
        SingleChronicleQueue queue;
        try {
            queue = SingleChronicleQueueBuilder.binary(blocks)
                    .rollCycle(JournalDescriptor.ROLL_CYCLE)
                    .timeProvider(() -> JournalDescriptor.QUEUE_TIME_MS)
                    .blockSize(JournalDescriptor.QUEUE_PIECE_LENGTH)
                    .timeoutMS(TIMEOUT_MS)
                    .build();
        } catch (AssertionError | ExceptionInInitializerError | NoClassDefFoundError e) {
            // What Chronicle throws when the JVM does not let it map files.
            throw cannotAppend(blocks, e);
        }
        try {
            // Without some JVM flags Chronicle quietly opens the queue read-only; creating the appender brings it up.
            ExcerptAppender appender = queue.createAppender();
            // It is made on the writer's thread and used on the publisher's as well.
            appender.singleThreadedCheckDisabled(true);
            return new BlockQueue(queue, appender, space);
        } catch (IllegalStateException e) {
            queue.close();
            throw cannotAppend(blocks, e);
        }
    }

    /**
     * Appends blocks. Their bytes are written first, all at once, then the words in front of them that make them excerpts, by plain
     * writes: to append by Chronicle's means costs twice as much as to write the block.
     *
     * @param from the blocks, each from 0 to its limit; some bytes behind it are used, see {@link ReservedSpace#write}
     * @param count of them, at most {@value #MOST_AT_ONCE}
     * @throws IOException if there is no room; those that were appended can be read
     * @throws RuntimeException if Chronicle fails: an excerpt may then be begun and not ended, and nothing may follow it
     * @throws InternalError if a page of its file could not be mapped
     */
    void append(ByteBuffer[] from, int count) throws IOException {
        int next = 0;
        while (blocks < BLOCKS_BY_CHRONICLE && next < count) {
            appendByChronicle(from, next);
            blocks++;
            next++;
        }
        if (next < count) {
            appendBehind(from, next, count);
        }
    }

    private void appendBehind(ByteBuffer[] from, int first, int end) throws IOException {
        for (int i = first; i < end; i++) {
            lengths[i] = from[i].limit();
        }
        long start = QueueFile.aligned(position);
        space.write(start + QueueFile.EXCERPT_HEADER_LENGTH, from, first, end);
        for (int i = first; i < end; i++) {
            space.writeWord(start, lengths[i]);
            start += QueueFile.EXCERPT_HEADER_LENGTH + lengths[i];
        }
        position = start;
        blocks += end - first;
    }

    /** Chronicle makes its index, finds the place behind all that, and writes the excerpt's length. */
    private void appendByChronicle(ByteBuffer[] from, int index) throws IOException {
        int length = from[index].limit();
        space.reserve(position, length + INDEX_ALLOWANCE);
        try (DocumentContext document = appender.writingDocument()) {
            try {
                Bytes<?> bytes = document.wire().bytes();
                space.write(bytes.writePosition(), from, index, index + 1);
                bytes.writeSkip(length);
                position = bytes.writePosition();
            } catch (IOException | RuntimeException | InternalError e) {
                document.rollbackOnClose();
                throw e;
            }
        }
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
    }

    private static TraceStoreException cannotAppend(Path directory, Throwable cause) {
        return new TraceStoreException(
                directory.toString(),
                "",
                "a queue that can be appended to",
                cause.toString(),
                "start the JVM with " + JVM_FLAGS + ", or use the iorewind launcher, which does",
                cause);
    }
}
