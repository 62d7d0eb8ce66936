package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.TruncatedTraceException;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.block.BlockCheck;
import org.iorewind.trace.block.BlockCursor;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive. Opening reads header, trailer and index, and nothing else; every count and length is bounded before
 * memory is taken for it.
 */
public final class ArchiveReader implements TraceReader {
    private static final String NEXT_STEP = "get the archive again, or seal it again from the journal";
    private static final String STORE_KIND = "archive";

    private final Path path;
    private final FileChannel channel;
    private final ArchiveIndex index;
    private volatile @Nullable SessionInfo session;

    private ArchiveReader(Path path, FileChannel channel, ArchiveIndex index) {
        this.path = path;
        this.channel = channel;
        this.index = index;
    }

    /**
     * Opens an archive.
     *
     * @throws TruncatedTraceException if the file is empty or cut
     * @throws CorruptTraceException if header, trailer or index is damaged
     * @throws UnsupportedTraceException if it is something else, or of another major version
     * @throws TraceStoreException if it cannot be read
     */
    @SuppressWarnings("resource") // the channel belongs to the reader
    public static ArchiveReader open(Path path) {
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        try {
            return new ArchiveReader(path, channel, readIndex(path, channel));
        } catch (IOException e) {
            throw closing(channel, unreadable(path, e));
        } catch (RuntimeException e) {
            throw closing(channel, e);
        }
    }

    private static RuntimeException closing(FileChannel channel, RuntimeException failure) {
        try {
            channel.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /** Whether a file that starts with these bytes is meant to be an archive. */
    public static boolean isArchive(ByteBuffer start) {
        return start.remaining() >= Long.BYTES
                && start.order(LITTLE_ENDIAN).getLong(start.position()) == ArchiveDescriptor.HEADER_MAGIC;
    }

    /** Whether a file of less than a magic number's length may be what is left of an archive. */
    public static boolean mayBeCutArchive(byte[] whole) {
        for (int i = 0; i < whole.length; i++) {
            if (i >= Long.BYTES || whole[i] != (byte) (ArchiveDescriptor.HEADER_MAGIC >>> 8 * i)) {
                return false;
            }
        }
        return true;
    }

    private static ArchiveIndex readIndex(Path path, FileChannel channel) throws IOException {
        String file = path.toString();
        long size = channel.size();
        int least = ArchiveDescriptor.HEADER_LENGTH
                + ArchiveDescriptor.INDEX_FIXED_LENGTH
                + ArchiveDescriptor.TRAILER_LENGTH;
        ByteBuffer header = ByteBuffer.allocate((int) Math.min(size, ArchiveDescriptor.HEADER_LENGTH));
        read(channel, header.order(LITTLE_ENDIAN), 0);
        header.flip();
        if (header.remaining() >= Long.BYTES && !isArchive(header)) {
            String found = "0x" + Long.toHexString(header.getLong(0));
            throw new UnsupportedTraceException(file, "offset 0", "the start of an archive", found, "check the path");
        }
        if (size < least) {
            throw new TruncatedTraceException(file, "", "at least " + least + " bytes", size + " bytes", NEXT_STEP);
        }
        checkHeader(header, file);
        ByteBuffer trailer =
                ByteBuffer.allocate(ArchiveDescriptor.TRAILER_LENGTH).order(LITTLE_ENDIAN);
        long trailerOffset = size - ArchiveDescriptor.TRAILER_LENGTH;
        read(channel, trailer, trailerOffset);
        String place = "trailer at offset " + trailerOffset;
        if (trailer.getLong(ArchiveDescriptor.TRAILER_MAGIC_OFFSET) != ArchiveDescriptor.TRAILER_MAGIC) {
            String found = "other bytes: the file was cut, or its end is damaged";
            throw new TruncatedTraceException(file, place, "the end of an archive", found, NEXT_STEP);
        }
        if (trailer.getInt(ArchiveDescriptor.TRAILER_CHECKSUM_OFFSET) != trailerChecksum(trailer)) {
            throw new CorruptTraceException(file, place, "a matching checksum", "another one", NEXT_STEP);
        }
        long offset = trailer.getLong(ArchiveDescriptor.INDEX_OFFSET_OFFSET);
        long length = trailer.getLong(ArchiveDescriptor.INDEX_LENGTH_OFFSET);
        boolean inside = offset >= ArchiveDescriptor.HEADER_LENGTH && length >= 0 && offset <= trailerOffset;
        if (!inside || length != trailerOffset - offset || length > Integer.MAX_VALUE - Long.BYTES) {
            String found = "an index of " + length + " bytes at offset " + offset;
            throw new CorruptTraceException(file, place, "an index that ends at the trailer", found, NEXT_STEP);
        }
        ByteBuffer encoded = ByteBuffer.allocate((int) length).order(LITTLE_ENDIAN);
        read(channel, encoded, offset);
        CRC32C crc = new CRC32C();
        crc.update(encoded.array(), 0, (int) length);
        if ((int) crc.getValue() != trailer.getInt(ArchiveDescriptor.INDEX_CHECKSUM_OFFSET)) {
            String indexPlace = "index at offset " + offset;
            throw new CorruptTraceException(file, indexPlace, "a matching checksum", "another one", NEXT_STEP);
        }
        ArchiveIndex index = ArchiveIndex.decode(encoded.flip(), offset, file);
        long high = header.getLong(ArchiveDescriptor.HEADER_SESSION_HIGH_OFFSET);
        long low = header.getLong(ArchiveDescriptor.HEADER_SESSION_LOW_OFFSET);
        if (high != index.sessionHigh() || low != index.sessionLow()) {
            String expected = "session " + SessionInfo.sessionId(high, low) + " as in the header";
            throw new CorruptTraceException(file, "index", expected, "session " + index.sessionId(), NEXT_STEP);
        }
        return index;
    }

    private static void checkHeader(ByteBuffer header, String file) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, ArchiveDescriptor.HEADER_CHECKSUM_OFFSET));
        if ((int) crc.getValue() != header.getInt(ArchiveDescriptor.HEADER_CHECKSUM_OFFSET)) {
            throw new CorruptTraceException(file, "header", "a matching checksum", "another one", NEXT_STEP);
        }
        int major = header.get(ArchiveDescriptor.MAJOR_OFFSET) & 0xFF;
        if (major != ArchiveDescriptor.MAJOR) {
            String expected = "archive format " + ArchiveDescriptor.MAJOR;
            String nextStep = "read it with a version of iorewind that knows this format";
            throw new UnsupportedTraceException(file, "header", expected, "archive format " + major, nextStep);
        }
    }

    static int trailerChecksum(ByteBuffer trailer) {
        CRC32C crc = new CRC32C();
        crc.update(trailer.slice(0, ArchiveDescriptor.TRAILER_CHECKSUM_OFFSET));
        crc.update(trailer.slice(ArchiveDescriptor.TRAILER_MAGIC_OFFSET, Long.BYTES));
        return (int) crc.getValue();
    }

    void read(ByteBuffer into, long offset) throws IOException {
        read(channel, into, offset);
    }

    private static void read(FileChannel channel, ByteBuffer into, long offset) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException("file ends at offset " + at);
            }
            at += read;
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public String storeKind() {
        return STORE_KIND;
    }

    /**
     * {@inheritDoc}
     *
     * @throws CorruptTraceException if the first chunk is damaged, or belongs to another session
     */
    @Override
    public SessionInfo session() {
        SessionInfo known = session;
        if (known == null) {
            try (EventCursor cursor = cursor()) {
                known = BlockCheck.sessionOf(cursor, path, index.sessionHigh(), index.sessionLow());
            }
            session = known;
        }
        return known;
    }

    /** What the index says about each chunk, in the order of their sequence numbers. */
    public List<ChunkEntry> chunks() {
        return index.chunks();
    }

    /** How many events of each kind there are, from the index. */
    public KindCounts totals() {
        return index.totals();
    }

    /** Number of events, from the index. */
    public long eventCount() {
        return index.totals().total();
    }

    @Override
    public EventCursor cursor() {
        return new BlockCursor(new ChunkSource(this, index));
    }

    @Override
    public IntegrityReport check() {
        return BlockCheck.check(new ChunkSource(this, index), path, STORE_KIND, List.of(), false);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static TraceStoreException unreadable(Path path, IOException cause) {
        String nextStep = "check the path and its permissions";
        return new TraceStoreException(path.toString(), "", "a readable file", PlainReason.of(cause), nextStep, cause);
    }
}
