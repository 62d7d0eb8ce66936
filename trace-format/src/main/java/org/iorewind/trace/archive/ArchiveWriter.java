package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Writes an archive: to a partial file of its own beside it while events arrive, renamed to {@code FILE} by {@link #close()} once all
 * of it is on the disk. If anything fails no file is left. Memory is bounded by the size of a chunk and about 100 bytes
 * of index per chunk.
 *
 * <p>Not thread-safe.
 */
public final class ArchiveWriter implements EventAppender {
    private final Path file;
    private final Path partial;
    private final FileChannel channel;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final FrameEventView view = new FrameEventView();
    private final byte[] payload = new byte[ChunkDescriptor.BUFFER_LENGTH];
    private final byte[] compressed = new byte[(int) Zstd.compressBound(ChunkDescriptor.BUFFER_LENGTH)];
    private final CRC32C crc = new CRC32C();
    private final KindCounts.Counter chunkKinds = new KindCounts.Counter();
    private final KindCounts.Counter allKinds = new KindCounts.Counter();
    private final List<ChunkEntry> chunks = new ArrayList<>();
    private @Nullable SessionInfo session;
    private boolean open = true;
    private long offset;
    private long firstSequence;
    private int count;
    private int payloadLength;
    private long firstTimeNs;
    private long lastTimeNs;
    private int previousChecksum;

    private ArchiveWriter(Path file, Path partial, FileChannel channel) {
        this.file = file;
        this.partial = partial;
        this.channel = channel;
        // All of this is part of the format: the same events must give the same bytes.
        zstd.setLevel(ChunkDescriptor.ZSTD_LEVEL)
                .setChecksum(false)
                .setContentSize(true)
                .setDictID(false);
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
            if (session == null) {
                start();
            } else if (count > 0 && payloadLength + lengthBytes > ChunkDescriptor.TARGET_PAYLOAD_LENGTH) {
                writeChunk(session);
            }
        } catch (IOException e) {
            abort();
            throw storeFailure(file, e);
        }
        buffer.getBytes(frameOffset, payload, payloadLength, lengthBytes);
        payloadLength += lengthBytes;
        if (count == 0) {
            firstTimeNs = view.timeNs();
        }
        lastTimeNs = view.timeNs();
        count++;
        chunkKinds.add(view.templateId(), 1);
        return sequence;
    }

    private void start() throws IOException {
        if (view.kind() != EventKind.SESSION_START) {
            throw new IllegalArgumentException("not a SessionStart: templateId=" + view.templateId());
        }
        SessionInfo info = SessionInfo.of(view);
        session = info;
        ByteBuffer header = ByteBuffer.allocate(ArchiveDescriptor.HEADER_LENGTH).order(LITTLE_ENDIAN);
        header.putLong(0, ArchiveDescriptor.HEADER_MAGIC);
        header.put(ArchiveDescriptor.MAJOR_OFFSET, (byte) ArchiveDescriptor.MAJOR);
        header.put(ArchiveDescriptor.MINOR_OFFSET, (byte) ArchiveDescriptor.MINOR);
        header.putShort(ArchiveDescriptor.HEADER_LENGTH_OFFSET, (short) ArchiveDescriptor.HEADER_LENGTH);
        header.putLong(ArchiveDescriptor.HEADER_SESSION_HIGH_OFFSET, info.idHigh());
        header.putLong(ArchiveDescriptor.HEADER_SESSION_LOW_OFFSET, info.idLow());
        crc.reset();
        crc.update(header.array(), 0, ArchiveDescriptor.HEADER_CHECKSUM_OFFSET);
        header.putInt(ArchiveDescriptor.HEADER_CHECKSUM_OFFSET, (int) crc.getValue());
        write(header);
    }

    private void writeChunk(SessionInfo info) throws IOException {
        int stored = zstd.compressByteArray(compressed, 0, compressed.length, payload, 0, payloadLength);
        boolean zstdPays = stored < payloadLength && payloadLength / stored <= ChunkDescriptor.MAX_RATIO;
        byte[] bytes = zstdPays ? compressed : payload;
        int storedLength = zstdPays ? stored : payloadLength;
        KindCounts kinds = chunkKinds.toCounts();
        int headLength = ChunkDescriptor.HEADER_LENGTH + kinds.size() * ChunkDescriptor.KIND_LENGTH;
        ByteBuffer head = ByteBuffer.allocate(headLength).order(LITTLE_ENDIAN);
        int encoding = zstdPays ? ChunkDescriptor.ENCODING_ZSTD : ChunkDescriptor.ENCODING_RAW;
        head.putInt(ChunkDescriptor.MAGIC).putInt(encoding | kinds.size() << Short.SIZE);
        head.putLong(info.idHigh()).putLong(info.idLow()).putLong(firstSequence);
        head.putLong(firstTimeNs).putLong(lastTimeNs);
        head.putInt(count).putInt(payloadLength).putInt(storedLength).putInt(previousChecksum);
        head.position(ChunkDescriptor.HEADER_LENGTH);
        ArchiveIndex.putKinds(head, kinds);
        int checksum = ChunkSource.checksum(crc, head.array(), headLength, bytes, storedLength);
        head.putInt(ChunkDescriptor.CHECKSUM_OFFSET, checksum);
        chunks.add(new ChunkEntry(
                offset,
                storedLength,
                payloadLength,
                encoding,
                firstSequence,
                count,
                firstTimeNs,
                lastTimeNs,
                checksum,
                kinds));
        write(head.flip());
        write(ByteBuffer.wrap(bytes, 0, storedLength));
        allKinds.addAll(kinds);
        chunkKinds.clear();
        previousChecksum = checksum;
        firstSequence += count;
        count = 0;
        payloadLength = 0;
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
        SessionInfo info = session;
        if (info == null) {
            abort();
            return;
        }
        try {
            if (count > 0) {
                writeChunk(info);
            }
            writeIndex(info);
            channel.force(true);
            release();
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory();
        } catch (IOException e) {
            abort();
            throw storeFailure(file, e);
        }
    }

    private void writeIndex(SessionInfo info) throws IOException {
        ArchiveIndex index = new ArchiveIndex(info.idHigh(), info.idLow(), allKinds.toCounts(), chunks);
        ByteBuffer encoded = index.encode();
        crc.reset();
        crc.update(encoded.slice(0, encoded.limit()));
        ByteBuffer trailer =
                ByteBuffer.allocate(ArchiveDescriptor.TRAILER_LENGTH).order(LITTLE_ENDIAN);
        trailer.putLong(ArchiveDescriptor.INDEX_OFFSET_OFFSET, offset);
        trailer.putLong(ArchiveDescriptor.INDEX_LENGTH_OFFSET, encoded.limit());
        trailer.putInt(ArchiveDescriptor.INDEX_CHECKSUM_OFFSET, (int) crc.getValue());
        trailer.putLong(ArchiveDescriptor.TRAILER_MAGIC_OFFSET, ArchiveDescriptor.TRAILER_MAGIC);
        trailer.putInt(ArchiveDescriptor.TRAILER_CHECKSUM_OFFSET, ArchiveReader.trailerChecksum(trailer));
        write(encoded);
        write(trailer);
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
            zstd.close();
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

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            offset += channel.write(bytes);
        }
    }

    private void requireOpen() {
        if (!open) {
            throw new TraceStoreException(
                    file.toString(), "", "an open archive writer", "a closed one", "events after the end are lost");
        }
    }

    private static TraceStoreException storeFailure(Path path, IOException cause) {
        String nextStep = "check free space and permissions, then seal again";
        return new TraceStoreException(
                path.toString(), "", "to write the file", PlainReason.of(cause), nextStep, cause);
    }
}
