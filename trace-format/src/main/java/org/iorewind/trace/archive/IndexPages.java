package org.iorewind.trace.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.iorewind.trace.CorruptTraceException;
import org.jspecify.annotations.Nullable;

/** The pages of an archive's index, read as they are needed; the last few stay in memory. Thread-safe. */
final class IndexPages implements ChunkTable {
    private static final String NEXT_STEP = "get the archive again, or save what can be read with 'iorewind repair'";
    private static final int KEPT = 8;

    private final ArchiveChannel archive;
    private final ArchiveIndex index;
    private final Map<Integer, IndexPage> kept = new LinkedHashMap<>(2 * KEPT, 0.75f, true);

    IndexPages(ArchiveChannel archive, ArchiveIndex index) {
        this.archive = archive;
        this.index = index;
    }

    @Override
    public long sessionHigh() {
        return index.sessionHigh();
    }

    @Override
    public long sessionLow() {
        return index.sessionLow();
    }

    @Override
    public ChunkEntry chunk(long chunk) {
        requireBelow(chunk, index.chunks());
        int page = index.pageOfChunk(chunk);
        return page(page).chunks().get((int) (chunk - index.firstChunk(page)));
    }

    CheckpointEntry checkpoint(long checkpoint) {
        requireBelow(checkpoint, index.checkpoints());
        int page = index.pageOfCheckpoint(checkpoint);
        return page(page).checkpoints().get((int) (checkpoint - index.firstCheckpoint(page)));
    }

    private static void requireBelow(long number, long count) {
        if (number < 0 || number >= count) {
            throw new IndexOutOfBoundsException("number=" + number + " count=" + count);
        }
    }

    /**
     * Sequence number of a chunk's first event; needs no page for the first chunk of one. Of a chunk in a damaged page
     * only a number that lies in the page's range, ascending, so that a search finds its way past the page.
     */
    @Override
    public long firstSequence(long chunk) {
        int page = index.pageOfChunk(chunk);
        long inPage = chunk - index.firstChunk(page);
        if (inPage > 0) {
            try {
                return chunk(chunk).firstSequence();
            } catch (CorruptTraceException e) {
                return index.pages().get(page).firstSequence() + inPage;
            }
        }
        return index.pages().get(page).firstSequence();
    }

    /** Checksum of the chunk before; 0 for the first. */
    @Override
    public int checksumBefore(long chunk) {
        if (chunk == 0) {
            return 0;
        }
        int page = index.pageOfChunk(chunk);
        return chunk == index.firstChunk(page)
                ? index.pages().get(page - 1).lastChecksum()
                : chunk(chunk - 1).checksum();
    }

    /**
     * A page.
     *
     * @throws CorruptTraceException if it is damaged
     */
    synchronized IndexPage page(int number) {
        @Nullable IndexPage page = kept.get(number);
        if (page == null) {
            page = read(number);
            if (kept.size() == KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
            kept.put(number, page);
        }
        return page;
    }

    private IndexPage read(int number) {
        PageEntry entry = index.pages().get(number);
        String file = archive.path().toString();
        String place = "index page " + number + " at offset " + entry.offset() + " (events " + entry.firstSequence()
                + " to " + (entry.endSequence() - 1) + ")";
        ByteBuffer bytes = ByteBuffer.allocate(entry.length());
        try {
            archive.read(bytes, entry.offset());
        } catch (IOException e) {
            throw new CorruptTraceException(file, place, "a readable page", e.toString(), NEXT_STEP, e);
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, entry.length());
        if ((int) crc.getValue() != entry.checksum()) {
            throw new CorruptTraceException(file, place, "a matching checksum", "another one", NEXT_STEP);
        }
        return IndexPage.decode(bytes.flip(), index, number, file);
    }
}
