package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.WordAppender;
import org.iorewind.trace.block.BlockSealer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a live journal. When {@link #append} has returned, the event survives the death of the process, and readers in
 * every process see it. {@link SyncLevel} says what survives more than that.
 *
 * <p>Allocates nothing per event and takes no lock; it waits only when the disk falls behind by all the slots of {@code
 * open-blocks}. One writer, one thread (many threads: {@code org.iorewind.trace.intake}); readers may look on from other
 * threads and processes. One more thread, a daemon, moves full blocks into the queue while events come slowly; when they come
 * quickly, {@code append} does that itself, some blocks at once. Interrupts have no effect here, and are kept.
 */
public final class JournalWriter implements WordAppender {
    private static final int FIVE_WORDS = 5 * Long.BYTES;
    private static final int WORDS_SHIFT = Byte.SIZE * FrameDescriptor.FRAME_WORDS_OFFSET;
    private static final String ROOM = "room for the next block";

    /** What Chronicle allocates by itself when the queue is made. */
    private static final long TABLE_ALLOWANCE = 256 * 1024;

    private final Path directory;
    private final JournalOptions options;
    private final Consumer<Disk.Part> afterForce;
    private final ReservedSpace space;
    private final BlockQueue queue;
    private final WriterLock lock;
    private final FrameEventView view = new FrameEventView();
    private final UnsafeBuffer words = new UnsafeBuffer(new byte[FIVE_WORDS]);
    private @Nullable Session session;
    /** The session's, while events may be appended. */
    private @Nullable StagingWriter accepting;

    private long block;
    private boolean open = true;

    private JournalWriter(
            Path directory,
            JournalOptions options,
            Consumer<Disk.Part> afterForce,
            ReservedSpace space,
            BlockQueue queue,
            WriterLock lock) {
        this.directory = directory;
        this.options = options;
        this.afterForce = afterForce;
        this.space = space;
        this.queue = queue;
        this.lock = lock;
    }

    /** What exists from the first event on. */
    private record Session(StagingWriter staging, Publisher publisher, Disk disk) {}

    /** Starts a journal with {@link JournalOptions#defaults()}. */
    public static JournalWriter create(Path directory) {
        return create(directory, JournalOptions.defaults());
    }

    /**
     * Starts a journal. The first event must be a {@code SessionStart}.
     *
     * @param directory the journal to make; must not exist, or be an empty directory
     * @param options how to write it
     * @throws TraceStoreException if it exists, cannot be written, has too little free space, or if the JVM was started
     *     without the flags that Chronicle Queue needs
     */
    public static JournalWriter create(Path directory, JournalOptions options) {
        return create(directory, options, part -> {});
    }

    /** As above; the observer is told what was forced to the disk, by the thread that did it. */
    @SuppressWarnings("resource") // the queue belongs to the writer
    static JournalWriter create(Path directory, JournalOptions options, Consumer<Disk.Part> afterForce) {
        Path blocks = directory.resolve(JournalDescriptor.BLOCKS_NAME);
        try {
            Files.createDirectories(directory);
            try (Stream<Path> entries = Files.list(directory)) {
                if (entries.findAny().isPresent()) {
                    String nextStep = "choose another name or remove the directory first";
                    throw new TraceStoreException(
                            directory.toString(), "", "no directory, or an empty one", "one with files", nextStep);
                }
            }
            claim(directory);
            Files.createDirectory(blocks);
        } catch (IOException e) {
            throw failure(directory, e);
        }
        @Nullable WriterLock lock = null;
        try {
            lock = WriterLock.take(directory);
            long more = StagingDescriptor.FILE_LENGTH + TABLE_ALLOWANCE;
            Path dataFile = blocks.resolve(JournalDescriptor.QUEUE_DATA_NAME);
            ReservedSpace space = ReservedSpace.create(dataFile, options.watchLevelBytes(), more);
            return new JournalWriter(directory, options, afterForce, space, openQueue(blocks, space), lock);
        } catch (IOException e) {
            JournalDirectory.abandon(directory, lock);
            throw diskFull(directory, PlainReason.of(e), e);
        } catch (TraceStoreException e) {
            JournalDirectory.abandon(directory, lock);
            throw e;
        }
    }

    private static BlockQueue openQueue(Path blocks, ReservedSpace space) throws IOException {
        try {
            return BlockQueue.open(blocks, space);
        } catch (TraceStoreException e) {
            space.close();
            throw e;
        }
    }

    /** Of two writers that find the same empty directory one goes away. */
    private static void claim(Path directory) throws IOException {
        try {
            Files.createFile(directory.resolve(JournalDescriptor.MARKER_PARTIAL_NAME));
        } catch (FileAlreadyExistsException e) {
            String nextStep = "wait for it, or choose another name";
            throw new TraceStoreException(directory.toString(), "", "no other writer", "another one", nextStep, e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the frame is not sound, or the first event is not a {@code SessionStart}
     */
    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        @Nullable String problem = view.tryWrap(buffer, offset, offset + lengthBytes, 0);
        if (problem != null || view.frameLength() != lengthBytes) {
            throw new IllegalArgumentException("not an event frame: length=" + lengthBytes + " problem=" + problem);
        }
        Session current = session;
        if (current == null || !open) {
            current = start();
        } else if (current.staging.isFullFor(lengthBytes)) {
            nextBlock(current, view.templateId(), lengthBytes);
        }
        return current.staging.append(buffer, offset, lengthBytes);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the frame is not sound, or of another length
     */
    @Override
    public long append(long header, long timeNs, long word2, long word3, long word4) {
        StagingWriter current = accepting;
        if (current != null
                && (int) (header >>> WORDS_SHIFT) == FIVE_WORDS / Long.BYTES
                && view.isKnown(header)
                && current.takesFiveWords()) {
            return current.append(header, timeNs, word2, word3, word4);
        }
        words.putLong(0, header, LITTLE_ENDIAN);
        words.putLong(Long.BYTES, timeNs, LITTLE_ENDIAN);
        words.putLong(2 * Long.BYTES, word2, LITTLE_ENDIAN);
        words.putLong(3 * Long.BYTES, word3, LITTLE_ENDIAN);
        words.putLong(4 * Long.BYTES, word4, LITTLE_ENDIAN);
        return append(words, 0, FIVE_WORDS);
    }

    /** When the disk is full the last word must still be said: it goes into the open block, which has room for it. */
    private void nextBlock(Session current, int templateId, int lengthBytes) {
        current.staging.finishBlock();
        current.publisher.finished(block + 1);
        try {
            current.publisher.awaitSlot(block + 1);
        } catch (TraceStoreException e) {
            boolean isLastWord = templateId == EventKind.SESSION_END.templateId();
            if (isLastWord && current.staging.hasRoomFor(lengthBytes)) {
                return;
            }
            throw e;
        }
        block++;
        current.staging.openSlot(block);
    }

    private Session start() {
        if (!open) {
            String nextStep = "events after the end are lost";
            throw new TraceStoreException(directory.toString(), "", "an open journal writer", "a closed one", nextStep);
        }
        if (view.kind() != EventKind.SESSION_START) {
            throw new IllegalArgumentException("not a SessionStart: templateId=" + view.templateId());
        }
        SessionInfo info = SessionInfo.of(view);
        StagingWriter staging;
        try {
            staging = StagingWriter.create(
                    directory.resolve(StagingDescriptor.NAME), info.idHigh(), info.idLow(), BootIdentity.current());
        } catch (IOException e) {
            throw diskFull(directory, PlainReason.of(e), e);
        }
        try {
            boolean metadata = options.sync() == SyncLevel.DATA_AND_METADATA;
            Disk disk = new Disk(directory, staging, space, metadata, afterForce);
            if (options.sync() != SyncLevel.NONE) {
                disk.makeDurable(0, true);
            }
            writeMarker(info);
            if (metadata) {
                disk.names();
            }
            BlockSealer sealer = new BlockSealer(info.idHigh(), info.idLow());
            Publisher publisher = new Publisher(directory, staging, sealer, queue, disk, options);
            Session started = new Session(staging, publisher, disk);
            session = started;
            accepting = staging;
            publisher.start();
            return started;
        } catch (IOException e) {
            staging.close();
            throw failure(directory, e);
        }
    }

    private void writeMarker(SessionInfo info) throws IOException {
        String text = JournalDescriptor.MARKER_WORD + JournalDescriptor.MAJOR + "." + JournalDescriptor.MINOR + "\n"
                + JournalDescriptor.SESSION_WORD + info.sessionId() + "\n";
        Path marker = directory.resolve(JournalDescriptor.MARKER_NAME);
        Path partial = directory.resolve(JournalDescriptor.MARKER_PARTIAL_NAME);
        try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(partial, marker, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Forces everything appended so far to the disk, whatever the sync level, and moves the durable mark. Before the first
     * event there is nothing to do.
     *
     * @throws TraceStoreException if the disk refuses
     */
    public void sync() {
        Session current = session;
        if (open && current != null) {
            current.publisher.sync(current.staging.nextSequence());
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>A full disk is no reason to fail here: what did not get into the queue stays in {@code open-blocks}, and readers find
     * it there.
     *
     * @throws TraceStoreException if the journal could not be forced to the disk, or the queue is broken; what was appended
     *     can be read all the same
     */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        accepting = null;
        Session current = session;
        try (lock;
                space;
                queue) {
            if (current != null) {
                finish(current);
            }
        } catch (IOException e) {
            throw failure(directory, e);
        }
    }

    private void finish(Session current) throws IOException {
        try (StagingWriter staging = current.staging) {
            if (!staging.isEmpty()) {
                staging.finishBlock();
                current.publisher.finished(block + 1);
            }
            current.publisher.stop();
            long end = staging.nextSequence();
            current.disk.close(end);
            TraceStoreException failure = current.publisher.failure();
            if (failure != null && !isDiskFull(failure)) {
                throw failure;
            }
        }
    }

    static TraceStoreException diskFull(Path directory, String found, @Nullable Throwable cause) {
        String nextStep = "free some space; all events acknowledged so far are kept";
        return new TraceStoreException(directory.toString(), "", ROOM, found, nextStep, cause);
    }

    /** Whether a journal has failed for want of room. */
    public static boolean isDiskFull(TraceStoreException failure) {
        return failure.expected().equals(ROOM);
    }

    static TraceStoreException failure(Path directory, Throwable cause) {
        String nextStep = "check free space and permissions";
        return new TraceStoreException(directory.toString(), "", "to write", PlainReason.of(cause), nextStep, cause);
    }
}
