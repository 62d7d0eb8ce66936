package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.TruncatedTraceException;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.block.BlockCheck;
import org.iorewind.trace.block.BlockCursor;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive. Opening reads header, trailer and index, and nothing else, whatever the size
 * of the archive; pages of the index are read as they are needed. Every count and length is bounded before
 * memory is taken for it.
 */
public final class ArchiveReader implements TraceReader {
    private static final String STORE_KIND = "archive";

    private final Path path;
    private final ArchiveChannel channel;
    private final ArchiveIndex index;
    private final IndexPages pages;
    private volatile @Nullable SessionInfo session;

    private ArchiveReader(ArchiveChannel channel, ArchiveIndex index) {
        this.path = channel.path();
        this.channel = channel;
        this.index = index;
        this.pages = new IndexPages(channel, index);
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
        ArchiveChannel channel = ArchiveChannel.open(path);
        try {
            return new ArchiveReader(channel, ArchiveIndexReader.read(channel));
        } catch (RuntimeException e) {
            throw channel.closing(e);
        }
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

    /**
     * What the index says about each chunk, in the order of their sequence numbers. Reads the pages of the index as they
     * are asked for.
     *
     * @throws CorruptTraceException from its methods, if a page is damaged
     */
    public List<ChunkEntry> chunks() {
        return new AbstractList<>() {
            @Override
            public ChunkEntry get(int chunk) {
                return pages.chunk(chunk);
            }

            @Override
            public int size() {
                return (int) index.chunks();
            }
        };
    }

    /**
     * What the index says about each checkpoint, in the order of their sequence numbers; the rest as {@link #chunks()}.
     */
    public List<CheckpointEntry> checkpoints() {
        return new AbstractList<>() {
            @Override
            public CheckpointEntry get(int checkpoint) {
                return pages.checkpoint(checkpoint);
            }

            @Override
            public int size() {
                return (int) index.checkpoints();
            }
        };
    }

    /**
     * Reads a checkpoint.
     *
     * @return the state as it was stored
     * @throws CorruptTraceException if a byte of it is not what was written
     */
    public byte[] read(CheckpointEntry checkpoint) {
        return CheckpointReader.read(channel, checkpoint, index.sessionHigh(), index.sessionLow());
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
        return new BlockCursor(new ChunkSource(channel, pages, 0, (int) index.chunks()));
    }

    /**
     * Cursors over consecutive parts of the archive, which together are the whole: each may be used in a thread of its
     * own. The parts have as many chunks, give or take one. {@link EventCursor#seek} does not lead out of a part.
     *
     * @param parts how many; at least 1
     * @return at most so many cursors, at least one, to be closed by the caller
     */
    public List<EventCursor> cursors(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("parts=" + parts);
        }
        int chunks = (int) index.chunks();
        int used = Math.min(parts, chunks);
        List<EventCursor> cursors = new ArrayList<>(used);
        for (int i = 0; i < used; i++) {
            int first = (int) ((long) chunks * i / used);
            int end = (int) ((long) chunks * (i + 1) / used);
            BlockCursor cursor = new BlockCursor(new ChunkSource(channel, pages, first, end));
            cursor.seek(pages.chunk(first).firstSequence());
            cursors.add(cursor);
        }
        return cursors;
    }

    /**
     * Tells where the bytes of all chunks are. Reads every chunk, decodes none.
     *
     * @throws CorruptTraceException at the first byte that cannot be trusted
     */
    public void visitStored(StoredBytes visitor) {
        int chunks = (int) index.chunks();
        try (ChunkSource source = new ChunkSource(channel, pages, 0, chunks)) {
            for (int i = 0; i < chunks; i++) {
                source.directory(i).visit(pages.chunk(i), visitor);
            }
        }
    }

    @Override
    public IntegrityReport check() {
        return ArchiveCheck.check(this, index, pages);
    }

    ArchiveChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.close();
    }
}
