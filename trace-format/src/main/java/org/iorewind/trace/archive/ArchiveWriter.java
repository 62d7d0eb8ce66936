package org.iorewind.trace.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Writes an archive: to a partial file of its own beside it while events arrive, renamed to {@code FILE} by
 * {@link #close()} once all of it is on the disk. If anything fails no file is left. Memory is bounded by a few times the
 * size of a chunk, a page of the index, and about 250 bytes for each page before.
 *
 * <p>Not thread-safe.
 */
public final class ArchiveWriter implements EventAppender {
    private final Path file;
    private final Path partial;
    private final FileChannel channel;
    private final ChunkEncoder encoder = new ChunkEncoder();
    private final FrameEventView view = new FrameEventView();
    private final byte[] payload = new byte[ChunkDescriptor.BUFFER_LENGTH];
    private final int[] offsets = new int[ChunkDescriptor.TARGET_COUNT];
    private final KindCounts.Counter kinds = new KindCounts.Counter();
    private @Nullable ArchiveFile parts;
    private boolean open = true;
    private long firstSequence;
    private int count;
    private int payloadLength;
    private long leastTimeNs;
    private long greatestTimeNs;

    private ArchiveWriter(Path file, Path partial, FileChannel channel) {
        this.file = file;
        this.partial = partial;
        this.channel = channel;
    }

    /**
     * Starts an archive. The first event must be a {@code SessionStart}.
     *
     * @param file the archive to make; must not exist
     * @throws TraceStoreException if it exists or cannot be written
     */
    public static ArchiveWriter create(Path file) {
        if (Files.exists(file)) {
            throw new TraceStoreException(
                    file.toString(), "", "no file of that name", "one", "choose another name or remove the file first");
        }
        // A name that no other writer uses: two of them for one archive must not write into each other's file.
        String suffix = "." + UUID.randomUUID().toString().substring(0, 8) + ".partial";
        Path partial = file.resolveSibling(file.getFileName() + suffix);
        try {
            FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new ArchiveWriter(file, partial, channel);
        } catch (IOException e) {
            throw storeFailure(file, e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the frame is not sound, or the first event is not a {@code SessionStart}
     */
    @Override
    public long append(DirectBuffer buffer, int frameOffset, int lengthBytes) {
        requireOpen();
        long sequence = firstSequence + count;
        @Nullable String problem = view.tryWrap(buffer, frameOffset, frameOffset + lengthBytes, sequence);
        if (problem != null || view.frameLength() != lengthBytes) {
            throw new IllegalArgumentException("not an event frame: length=" + lengthBytes + " problem=" + problem);
        }
        try {
            ArchiveFile known = parts == null ? start() : parts;
            boolean full = payloadLength + lengthBytes > ChunkDescriptor.TARGET_PAYLOAD_LENGTH
                    || count == ChunkDescriptor.TARGET_COUNT;
            if (count > 0 && full) {
                writeChunk(known);
            }
        } catch (IOException e) {
            abort();
            throw storeFailure(file, e);
        }
        buffer.getBytes(frameOffset, payload, payloadLength, lengthBytes);
        offsets[count] = payloadLength;
        payloadLength += lengthBytes;
        long timeNs = view.timeNs();
        leastTimeNs = count == 0 ? timeNs : Math.min(leastTimeNs, timeNs);
        greatestTimeNs = count == 0 ? timeNs : Math.max(greatestTimeNs, timeNs);
        count++;
        kinds.add(view.templateId(), 1);
        return sequence;
    }

    private ArchiveFile start() throws IOException {
        if (view.kind() != EventKind.SESSION_START) {
            throw new IllegalArgumentException("not a SessionStart: templateId=" + view.templateId());
        }
        ArchiveFile started = new ArchiveFile(channel, SessionInfo.of(view));
        parts = started;
        started.writeHeader();
        return started;
    }

    private void writeChunk(ArchiveFile known) throws IOException {
        ChunkEncoder.Encoded encoded = encoder.encode(payload, offsets, count);
        known.writeChunk(encoded, kinds.toCounts(), firstSequence, leastTimeNs, greatestTimeNs, count, payloadLength);
        kinds.clear();
        firstSequence += count;
        count = 0;
        payloadLength = 0;
    }

    /**
     * Stores a model's state before the next event. The chunk in hand ends here, so that a reader that starts from the
     * checkpoint decodes nothing in vain; one for every few chunks costs little.
     *
     * @param modelVersion of the model whose state it is
     * @param optionsHash of the options it ran with
     * @param state opaque, at most {@link CheckpointDescriptor#MAX_PAYLOAD_LENGTH} bytes
     * @throws IllegalArgumentException if it is longer
     * @throws IllegalStateException before the first event: there is no state yet
     * @throws TraceStoreException if it cannot be written; no file is left then
     */
    public void checkpoint(int modelVersion, long optionsHash, byte[] state) {
        requireOpen();
        ArchiveFile known = parts;
        if (known == null) {
            throw new IllegalStateException("no event yet: file=" + file);
        }
        if (state.length > CheckpointDescriptor.MAX_PAYLOAD_LENGTH) {
            throw new IllegalArgumentException("too long: length=" + state.length);
        }
        try {
            if (count > 0) {
                writeChunk(known);
            }
            known.writeCheckpoint(firstSequence, modelVersion, optionsHash, state);
        } catch (IOException e) {
            abort();
            throw storeFailure(file, e);
        }
    }

    /**
     * Seals the archive and gives it its name. If no event was appended there is nothing to seal, and no file is left.
     *
     * @throws TraceStoreException if it cannot be written; no file is left then
     */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        ArchiveFile known = parts;
        if (known == null) {
            abort();
            return;
        }
        try {
            if (count > 0) {
                writeChunk(known);
            }
            known.writeEnd();
            channel.force(true);
            release();
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory();
        } catch (IOException e) {
            abort();
            throw storeFailure(file, e);
        }
    }

    /** Gives up: no file is left. Does nothing after {@link #close()}. */
    public void abort() {
        try {
            release();
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            throw storeFailure(file, e);
        }
    }

    private void release() throws IOException {
        if (open) {
            open = false;
            encoder.close();
            channel.close();
        }
    }

    /** The new name itself must survive a power loss. */
    private void syncDirectory() throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }

    private void requireOpen() {
        if (!open) {
            throw new TraceStoreException(
                    file.toString(), "", "an open archive writer", "a closed one", "events after the end are lost");
        }
    }

    private static TraceStoreException storeFailure(Path path, IOException cause) {
        String nextStep = "check free space and permissions, then try again";
        return new TraceStoreException(
                path.toString(), "", "to write the file", PlainReason.of(cause), nextStep, cause);
    }
}
