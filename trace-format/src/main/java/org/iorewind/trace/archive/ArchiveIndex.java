package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.CorruptTraceException;

/**
 * The index at the end of an archive: it names the pages, which name the chunks. So opening costs the same whatever the
 * size: about 250 bytes for 16 million events.
 */
final class ArchiveIndex {
    private final long sessionHigh;
    private final long sessionLow;
    private final KindCounts totals;
    private final List<PageEntry> pages;
    private final long[] firstChunks;
    private final long[] firstCheckpoints;

    ArchiveIndex(long sessionHigh, long sessionLow, KindCounts totals, List<PageEntry> pages) {
        this.sessionHigh = sessionHigh;
        this.sessionLow = sessionLow;
        this.totals = totals;
        this.pages = List.copyOf(pages);
        firstChunks = new long[pages.size() + 1];
        firstCheckpoints = new long[pages.size() + 1];
        for (int i = 0; i < pages.size(); i++) {
            firstChunks[i + 1] = firstChunks[i] + pages.get(i).chunks();
            firstCheckpoints[i + 1] = firstCheckpoints[i] + pages.get(i).checkpoints();
        }
    }

    long sessionHigh() {
        return sessionHigh;
    }

    long sessionLow() {
        return sessionLow;
    }

    /** How many events of each kind there are in all. */
    KindCounts totals() {
        return totals;
    }

    List<PageEntry> pages() {
        return pages;
    }

    long chunks() {
        return firstChunks[pages.size()];
    }

    long checkpoints() {
        return firstCheckpoints[pages.size()];
    }

    /** Number of the first chunk of a page. */
    long firstChunk(int page) {
        return firstChunks[page];
    }

    /** Number of the first checkpoint of a page. */
    long firstCheckpoint(int page) {
        return firstCheckpoints[page];
    }

    /** The page of a chunk. */
    int pageOfChunk(long chunk) {
        return lastFrom(firstChunks, chunk);
    }

    /** The page of a checkpoint. */
    int pageOfCheckpoint(long checkpoint) {
        return lastFrom(firstCheckpoints, checkpoint);
    }

    private int lastFrom(long[] firsts, long number) {
        int low = 0;
        int high = pages.size() - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (firsts[middle] <= number) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Where the first chunk of a page lies. */
    long startOffset(int page) {
        return page == 0 ? ArchiveDescriptor.HEADER_LENGTH : pages.get(page - 1).endOffset();
    }

    ByteBuffer encode() {
        long length = ArchiveDescriptor.INDEX_FIXED_LENGTH + (long) totals.size() * ArchiveDescriptor.TOTAL_LENGTH;
        for (PageEntry page : pages) {
            length += ArchiveDescriptor.PAGE_ENTRY_LENGTH + (long) page.kinds().size() * ArchiveDescriptor.TOTAL_LENGTH;
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(length)).order(LITTLE_ENDIAN);
        out.putInt(ArchiveDescriptor.INDEX_MAGIC).putInt(pages.size());
        out.putLong(sessionHigh).putLong(sessionLow).putLong(totals.total()).putLong(chunks());
        out.putInt(totals.size()).putInt((int) checkpoints());
        IndexBytes.putTotals(out, totals);
        for (PageEntry page : pages) {
            out.putLong(page.offset()).putLong(page.firstSequence());
            out.putLong(page.leastTimeNs()).putLong(page.greatestTimeNs());
            out.putInt(page.length()).putInt(page.checksum());
            out.putInt(page.chunks()).putInt(page.checkpoints());
            out.putInt(page.lastChecksum()).putInt(page.kinds().size());
            IndexBytes.putTotals(out, page.kinds());
        }
        return out.flip();
    }

    /**
     * Reads an index whose checksum has been verified.
     *
     * @param in the index
     * @param indexOffset its offset in the file
     * @param file for messages
     * @throws CorruptTraceException if it does not describe the file from its header to the index, or its numbers
     *     contradict each other
     */
    static ArchiveIndex decode(ByteBuffer in, long indexOffset, String file) {
        IndexBytes bytes = new IndexBytes(in, file, "index");
        bytes.requireMagic(ArchiveDescriptor.INDEX_MAGIC, "IORX", ArchiveDescriptor.INDEX_FIXED_LENGTH);
        int pageCount = in.getInt(ArchiveDescriptor.INDEX_PAGES_OFFSET);
        long sessionHigh = in.getLong(ArchiveDescriptor.INDEX_SESSION_HIGH_OFFSET);
        long sessionLow = in.getLong(ArchiveDescriptor.INDEX_SESSION_LOW_OFFSET);
        long events = in.getLong(ArchiveDescriptor.EVENTS_OFFSET);
        long chunks = in.getLong(ArchiveDescriptor.CHUNKS_OFFSET);
        int totalKinds = in.getShort(ArchiveDescriptor.TOTAL_KINDS_OFFSET) & 0xFFFF;
        int checkpoints = in.getInt(ArchiveDescriptor.CHECKPOINTS_OFFSET);
        in.position(ArchiveDescriptor.INDEX_FIXED_LENGTH);
        KindCounts totals = bytes.totals(totalKinds, "totals");
        bytes.requireBytes((pageCount & 0xFFFF_FFFFL) * ArchiveDescriptor.PAGE_ENTRY_LENGTH, "pages");
        bytes.require(pageCount > 0, "at least one page", "none");
        List<PageEntry> pages = new ArrayList<>(pageCount);
        KindCounts.Counter counter = new KindCounts.Counter();
        long offset = ArchiveDescriptor.HEADER_LENGTH;
        long sequence = 0;
        for (int i = 0; i < pageCount; i++) {
            PageEntry page = page(bytes, i);
            bytes.require(
                    page.offset() > offset && page.offset() <= indexOffset && page.firstSequence() == sequence,
                    "page " + i + " behind offset " + offset + " from event " + sequence,
                    "offset " + page.offset() + " from event " + page.firstSequence());
            offset = page.endOffset();
            sequence = page.endSequence();
            bytes.require(sequence > page.firstSequence() && sequence < 1L << 62, "events in page " + i, "none");
            counter.addAll(page.kinds());
            pages.add(page);
        }
        bytes.require(
                !in.hasRemaining() && offset == indexOffset,
                "pages up to offset " + indexOffset,
                "up to offset " + offset + " and " + in.remaining() + " bytes more");
        ArchiveIndex index = new ArchiveIndex(sessionHigh, sessionLow, totals, pages);
        boolean sums = events == sequence
                && chunks == index.chunks()
                && checkpoints == index.checkpoints()
                && totals.equals(counter.toCounts());
        bytes.require(sums, sequence + " events as the pages have them", events + ", or other totals");
        bytes.require(chunks < Integer.MAX_VALUE, "fewer than 2147483647 chunks", Long.toString(chunks));
        return index;
    }

    private static PageEntry page(IndexBytes bytes, int number) {
        ByteBuffer in = bytes.bytes();
        bytes.requireBytes(ArchiveDescriptor.PAGE_ENTRY_LENGTH, "page " + number);
        int kinds = in.getShort(in.position() + ArchiveDescriptor.PAGE_ENTRY_KINDS_OFFSET) & 0xFFFF;
        PageEntry page = new PageEntry(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                bytes.totals(kindsBehind(in, kinds), "totals of page " + number));
        long shortest = ArchiveDescriptor.PAGE_FIXED_LENGTH
                + page.chunks() * (long) ArchiveDescriptor.CHUNK_LENGTH
                + page.checkpoints() * (long) ArchiveDescriptor.CHECKPOINT_LENGTH;
        bytes.require(
                page.chunks() > 0
                        && page.checkpoints() >= 0
                        && page.length() >= shortest
                        && page.length() <= ArchiveDescriptor.MAX_PAGE_LENGTH,
                "page " + number + " of " + shortest + " to 67108864 bytes",
                Integer.toUnsignedString(page.length()));
        return page;
    }

    /** Steps over the number of kinds, which has been read ahead. */
    private static int kindsBehind(ByteBuffer in, int kinds) {
        in.getInt();
        return kinds;
    }
}
