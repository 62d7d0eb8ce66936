package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.block.BlockBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Writes a live journal. When {@link #append} has returned, the event survives the death of the process.
 *
 * <p>Allocates nothing per event. One writer, one thread; readers may look on from other threads and processes.
 */
public final class JournalWriter implements EventAppender {
    /** Least free space to begin with, in bytes: what Chronicle itself allocates, and the first blocks. */
    private static final long FREE_SPACE_TO_BEGIN = 16L << 20;

    private final Path directory;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final FrameEventView view = new FrameEventView();
    private @Nullable Session session;
    private long queuePosition;
    private boolean open = true;
    private boolean queueBroken;

    private JournalWriter(Path directory, SingleChronicleQueue queue, ExcerptAppender appender) {
        this.directory = directory;
        this.queue = queue;
        this.appender = appender;
    }

    /** What exists from the first event on. */
    private record Session(BlockBuilder builder, OpenBlockWriter openBlock, ReservedSpace space) {}

    /**
     * Starts a journal. The first event must be a {@code SessionStart}.
     *
     * @param directory the journal to make; must not exist, or be an empty directory
     * @throws TraceStoreException if it exists, cannot be written, has too little free space, or if the JVM was started
     *     without the flags that Chronicle Queue needs
     */
    @SuppressWarnings("resource") // the queue belongs to the writer
    public static JournalWriter create(Path directory) {
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
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < FREE_SPACE_TO_BEGIN) {
                throw diskFull(directory, free + " bytes free", null);
            }
            claim(directory);
        } catch (IOException e) {
            throw failure(directory, e);
        }
        SingleChronicleQueue queue = BlockQueue.open(blocks, false);
        try {
            // Without some JVM flags Chronicle quietly opens the queue read-only; creating the appender brings it up.
            return new JournalWriter(directory, queue, queue.createAppender());
        } catch (IllegalStateException e) {
            queue.close();
            throw BlockQueue.cannotAppend(blocks, e);
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
        if (!open) {
            throw new TraceStoreException(
                    directory.toString(),
                    "",
                    "an open journal writer",
                    "a closed one",
                    "events after the end are lost");
        }
        @Nullable String problem = view.tryWrap(buffer, offset, offset + lengthBytes, 0);
        if (problem != null || view.frameLength() != lengthBytes) {
            throw new IllegalArgumentException("not an event frame: length=" + lengthBytes + " problem=" + problem);
        }
        Session current = session;
        if (current == null) {
            current = start();
            session = current;
        } else if (current.builder.isFullFor(lengthBytes)) {
            publishOrMakeDo(current, lengthBytes);
        }
        long sequence = current.builder.nextSequence();
        current.builder.add(buffer, offset, lengthBytes);
        current.openBlock.append(buffer, offset, lengthBytes);
        return sequence;
    }

    /** When the disk is full the last word must still be said: it goes into the open block, which has room for it. */
    private void publishOrMakeDo(Session current, int lengthBytes) {
        try {
            publish(current);
        } catch (TraceStoreException e) {
            boolean fits = current.builder.hasRoomFor(lengthBytes) && current.openBlock.hasRoomFor(lengthBytes);
            if (view.kind() != EventKind.SESSION_END || !fits) {
                throw e;
            }
        }
    }

    private Session start() {
        if (view.kind() != EventKind.SESSION_START) {
            throw new IllegalArgumentException("not a SessionStart: templateId=" + view.templateId());
        }
        SessionInfo info = SessionInfo.of(view);
        try {
            ReservedSpace space = new ReservedSpace(directory);
            OpenBlockWriter openBlock = OpenBlockWriter.create(
                    directory.resolve(JournalDescriptor.OPEN_BLOCK_NAME), info.idHigh(), info.idLow());
            writeMarker(info);
            return new Session(new BlockBuilder(info.idHigh(), info.idLow()), openBlock, space);
        } catch (IOException e) {
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

    /** Moves the open block into the queue. Nothing is lost if this fails: the events stay in the open block. */
    private void publish(Session current) {
        if (queueBroken) {
            throw diskFull(directory, "a queue that failed before", null);
        }
        int length = current.builder.seal();
        try {
            current.space.reserve(appender.currentFile(), queuePosition, length);
        } catch (IOException e) {
            throw diskFull(directory, PlainReason.of(e), e);
        }
        try (DocumentContext document = appender.writingDocument()) {
            try {
                Bytes<?> bytes = document.wire().bytes();
                bytes.write(current.builder.bytes(), 0, length);
                queuePosition = bytes.writePosition();
            } catch (RuntimeException | InternalError e) {
                document.rollbackOnClose();
                throw e;
            }
        } catch (RuntimeException | InternalError e) {
            // An excerpt begun and not ended: whatever the queue holds behind it could not be found again.
            queueBroken = true;
            throw failure(directory, e);
        }
        current.builder.next();
        current.openBlock.reset(
                current.builder.nextSequence(), current.builder.previousChecksum(), JournalDescriptor.STATE_OPEN);
    }

    /**
     * {@inheritDoc}
     *
     * @throws TraceStoreException if the last block cannot be written; its events can be read all the same
     */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        Session current = session;
        try {
            if (current != null) {
                finish(current);
            }
        } finally {
            appender.close();
            queue.close();
        }
    }

    private void finish(Session current) {
        try (current.openBlock;
                current.space) {
            if (!current.builder.isEmpty()) {
                publish(current);
            }
            long end = current.builder.nextSequence();
            current.openBlock.reset(end, current.builder.previousChecksum(), JournalDescriptor.STATE_CLOSED);
            current.openBlock.force();
            syncAll();
        } catch (IOException e) {
            throw failure(directory, e);
        }
    }

    /** A closed journal must survive a power loss, its names included. */
    private void syncAll() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }

    private static TraceStoreException diskFull(Path directory, String found, @Nullable Throwable cause) {
        String nextStep = "free some space; all events acknowledged so far are kept";
        return new TraceStoreException(directory.toString(), "", "room for the next block", found, nextStep, cause);
    }

    private static TraceStoreException failure(Path directory, Throwable cause) {
        String nextStep = "check free space and permissions";
        return new TraceStoreException(directory.toString(), "", "to write", PlainReason.of(cause), nextStep, cause);
    }
}
