package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the whole chunks of an archive without its index: in a file that is cut, whose end is damaged, or that was never
 * sealed. Each chunk proves itself: magic, session, checksum, and that its frames are what its head claims. Where it stands in
 * the file says nothing: a chunk that was copied over another one must not hide those between the two. Memory is that of one
 * chunk, and an entry for each. Not thread-safe.
 */
public final class ArchiveSalvage implements AutoCloseable {
    private static final int WINDOW = 1 << 16;

    private final ArchiveChannel channel;
    private final long size;
    private final ByteBuffer window =
            ByteBuffer.allocate(WINDOW).order(LITTLE_ENDIAN).limit(0);
    private long windowStart;
    private final CRC32C crc = new CRC32C();
    private final FoundChunk found = new FoundChunk();
    private final ChunkSource source;
    private final UnsafeBuffer frames = new UnsafeBuffer(0, 0);
    private final Map<Long, Integer> checksumsBefore = new HashMap<>();
    private byte[] bytes = new byte[0];
    private long at = ArchiveDescriptor.HEADER_LENGTH;

    private ArchiveSalvage(ArchiveChannel channel, long size) {
        this.channel = channel;
        this.size = size;
        this.source = new ChunkSource(channel, found, 0, 1);
    }

    /** The one chunk in hand, described by its own head. */
    private static final class FoundChunk implements ChunkTable {
        private long sessionHigh;
        private long sessionLow;
        private int checksumBefore;
        private @Nullable ChunkEntry entry;

        @Override
        public long sessionHigh() {
            return sessionHigh;
        }

        @Override
        public long sessionLow() {
            return sessionLow;
        }

        @Override
        public ChunkEntry chunk(long chunk) {
            ChunkEntry known = entry;
            if (known == null) {
                throw new IllegalStateException("no chunk found yet: chunk=" + chunk);
            }
            return known;
        }

        @Override
        public long firstSequence(long chunk) {
            return chunk(chunk).firstSequence();
        }

        @Override
        public int checksumBefore(long chunk) {
            return checksumBefore;
        }
    }

    /**
     * Opens what may be left of an archive.
     *
     * @throws TraceFormatException if it has no header of an archive: then nobody knows what the rest is
     * @throws TraceStoreException if it cannot be read
     */
    public static ArchiveSalvage open(Path path) {
        ArchiveChannel channel = ArchiveChannel.open(path);
        try {
            long size = channel.size();
            ByteBuffer header =
                    ByteBuffer.allocate(ArchiveDescriptor.HEADER_LENGTH).order(LITTLE_ENDIAN);
            if (size >= ArchiveDescriptor.HEADER_LENGTH) {
                channel.read(header, 0);
            }
            if (!ArchiveReader.isArchive(header.flip())) {
                String nextStep = "nothing can be saved: get the archive again";
                throw new CorruptTraceException(path.toString(), "header", "that of an archive", "none", nextStep);
            }
            ArchiveIndexReader.checkHeader(header, path.toString());
            ArchiveSalvage salvage = new ArchiveSalvage(channel, size);
            salvage.found.sessionHigh = header.getLong(ArchiveDescriptor.HEADER_SESSION_HIGH_OFFSET);
            salvage.found.sessionLow = header.getLong(ArchiveDescriptor.HEADER_SESSION_LOW_OFFSET);
            return salvage;
        } catch (IOException e) {
            throw channel.closing(channel.unreadable(e));
        } catch (RuntimeException e) {
            throw channel.closing(e);
        }
    }

    /** A whole chunk, and what its head says about the one before. */
    private record Found(ChunkEntry entry, int checksumBefore) {}

    /**
     * Finds all whole chunks. Decodes none.
     *
     * @return their entries, ascending by sequence number, each event in one of them only
     * @throws TraceStoreException if the file cannot be read
     */
    public List<ChunkEntry> find() {
        List<Found> all = new ArrayList<>();
        try {
            while (seekMagic()) {
                @Nullable ChunkEntry entry = head();
                if (entry != null && isWhole(entry)) {
                    all.add(new Found(entry, found.checksumBefore));
                    at = entry.endOffset();
                } else {
                    at++;
                }
            }
        } catch (IOException e) {
            throw channel.unreadable(e);
        }
        all.sort(Comparator.comparingLong(each -> each.entry().firstSequence()));
        List<ChunkEntry> entries = new ArrayList<>();
        long end = 0;
        for (Found each : all) {
            if (each.entry().firstSequence() >= end) {
                entries.add(each.entry());
                checksumsBefore.put(each.entry().offset(), each.checksumBefore());
                end = each.entry().endSequence();
            }
        }
        return entries;
    }

    /**
     * Decodes a chunk.
     *
     * @param chunk one of those found
     * @throws IllegalArgumentException if it is another one
     * @throws CorruptTraceException if its checksum is right, but it contradicts itself: not one that iorewind has written
     */
    public void load(ChunkEntry chunk) {
        @Nullable Integer checksumBefore = checksumsBefore.get(chunk.offset());
        if (checksumBefore == null) {
            throw new IllegalArgumentException("not found before: offset=" + chunk.offset());
        }
        found.entry = chunk;
        found.checksumBefore = checksumBefore;
        frames.wrap(source.load(0));
    }

    /** The frames of the chunk loaded last, from offset 0 on; valid until the next call. */
    public DirectBuffer frames() {
        return frames;
    }

    /** Length of these frames in bytes. */
    public int payloadLength() {
        return source.payloadLength();
    }

    /** Moves to the next place where a chunk may start. */
    private boolean seekMagic() throws IOException {
        while (size - at >= ChunkDescriptor.HEADER_LENGTH) {
            if (at < windowStart || at + Integer.BYTES > windowStart + window.limit()) {
                window.clear().limit((int) Math.min(WINDOW, size - at));
                channel.read(window, at);
                windowStart = at;
            }
            int last = window.limit() - Integer.BYTES;
            for (int i = (int) (at - windowStart); i <= last; i++) {
                if (window.getInt(i) == ChunkDescriptor.MAGIC) {
                    at = windowStart + i;
                    return size - at >= ChunkDescriptor.HEADER_LENGTH;
                }
            }
            at = windowStart + last + 1;
        }
        return false;
    }

    private @Nullable ChunkEntry head() throws IOException {
        ByteBuffer head = ByteBuffer.allocate(ChunkDescriptor.HEADER_LENGTH).order(LITTLE_ENDIAN);
        channel.read(head, at);
        int kinds = head.getShort(ChunkDescriptor.KINDS_OFFSET) & 0xFFFF;
        int count = head.getInt(ChunkDescriptor.COUNT_OFFSET);
        int payload = head.getInt(ChunkDescriptor.PAYLOAD_LENGTH_OFFSET);
        int stored = head.getInt(ChunkDescriptor.STORED_LENGTH_OFFSET);
        long first = head.getLong(ChunkDescriptor.FIRST_SEQUENCE_OFFSET);
        long counts = (long) kinds * ChunkDescriptor.KIND_LENGTH;
        boolean possible = head.getLong(ChunkDescriptor.SESSION_HIGH_OFFSET) == found.sessionHigh
                && head.getLong(ChunkDescriptor.SESSION_LOW_OFFSET) == found.sessionLow
                && payload >= FrameDescriptor.MIN_FRAME_LENGTH
                && payload <= ChunkDescriptor.MAX_PAYLOAD_LENGTH
                && count >= 1
                && count <= payload / FrameDescriptor.MIN_FRAME_LENGTH
                && kinds <= count
                && first >= 0
                && first < 1L << 62
                && stored > 0
                && stored <= payload + ColumnDescriptor.MAX_DIRECTORY_LENGTH
                && ChunkDescriptor.HEADER_LENGTH + counts + stored <= size - at;
        if (!possible) {
            return null;
        }
        ByteBuffer behind = ByteBuffer.allocate((int) counts).order(LITTLE_ENDIAN);
        channel.read(behind, at + ChunkDescriptor.HEADER_LENGTH);
        KindCounts countsOfKinds;
        try {
            countsOfKinds = new IndexBytes(behind.flip(), channel.path().toString(), "chunk").counts(kinds, "counts");
        } catch (CorruptTraceException e) {
            return null;
        }
        found.checksumBefore = head.getInt(ChunkDescriptor.PREVIOUS_CHECKSUM_OFFSET);
        return new ChunkEntry(
                at,
                stored,
                payload,
                first,
                count,
                head.getLong(ChunkDescriptor.LEAST_TIME_OFFSET),
                head.getLong(ChunkDescriptor.GREATEST_TIME_OFFSET),
                head.getInt(ChunkDescriptor.CHECKSUM_OFFSET),
                countsOfKinds);
    }

    private boolean isWhole(ChunkEntry entry) throws IOException {
        int length = entry.headLength() + entry.storedLength();
        if (bytes.length < length) {
            bytes = new byte[length];
        }
        channel.read(ByteBuffer.wrap(bytes, 0, length), entry.offset());
        return ArchiveFile.chunkChecksum(crc, bytes, length) == entry.checksum();
    }

    @Override
    public void close() {
        source.close();
        channel.close();
    }
}
