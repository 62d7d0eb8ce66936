package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.FrameDescriptor;

/**
 * One page of an archive's index.
 *
 * @param firstChunk number of its first chunk
 * @param chunks in the order of their sequence numbers
 * @param checkpoints in the order of their sequence numbers
 * @param follows for each checkpoint the chunk of this page behind which it lies
 */
record IndexPage(long firstChunk, List<ChunkEntry> chunks, List<CheckpointEntry> checkpoints, List<Integer> follows) {
    IndexPage {
        chunks = List.copyOf(chunks);
        checkpoints = List.copyOf(checkpoints);
        follows = List.copyOf(follows);
    }

    ByteBuffer encode(long sessionHigh, long sessionLow) {
        long length =
                ArchiveDescriptor.PAGE_FIXED_LENGTH + (long) checkpoints.size() * ArchiveDescriptor.CHECKPOINT_LENGTH;
        for (ChunkEntry chunk : chunks) {
            length += ArchiveDescriptor.CHUNK_LENGTH + (long) chunk.kinds().size() * ChunkDescriptor.KIND_LENGTH;
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(length)).order(LITTLE_ENDIAN);
        out.putInt(ArchiveDescriptor.PAGE_MAGIC).putInt((int) length);
        out.putLong(sessionHigh).putLong(sessionLow);
        out.putInt(chunks.size()).putInt(checkpoints.size()).putLong(firstChunk);
        for (ChunkEntry chunk : chunks) {
            out.putLong(chunk.offset()).putLong(chunk.firstSequence());
            out.putLong(chunk.leastTimeNs()).putLong(chunk.greatestTimeNs());
            out.putInt(chunk.count()).putInt(chunk.payloadLength());
            out.putInt(chunk.storedLength()).putInt(chunk.checksum());
            out.putLong(chunk.kinds().size());
            IndexBytes.putCounts(out, chunk.kinds());
        }
        for (int i = 0; i < checkpoints.size(); i++) {
            CheckpointEntry checkpoint = checkpoints.get(i);
            out.putLong(checkpoint.offset()).putLong(checkpoint.sequence()).putLong(checkpoint.optionsHash());
            out.putInt(checkpoint.modelVersion()).putInt(checkpoint.payloadLength());
            out.putInt(checkpoint.storedLength()).putInt(checkpoint.checksum());
            out.putLong(follows.get(i));
        }
        return out.flip();
    }

    /**
     * Reads a page whose checksum has been verified.
     *
     * @param in the page
     * @param index that names it
     * @param number of the page
     * @param file for messages
     * @throws CorruptTraceException if it does not describe the file from the page before to this one, or contradicts the
     *     index
     */
    static IndexPage decode(ByteBuffer in, ArchiveIndex index, int number, String file) {
        PageEntry entry = index.pages().get(number);
        IndexBytes bytes = new IndexBytes(in, file, "index page " + number + " at offset " + entry.offset());
        bytes.requireMagic(ArchiveDescriptor.PAGE_MAGIC, "IORP", ArchiveDescriptor.PAGE_FIXED_LENGTH);
        bytes.requireSession(
                in.getLong(ArchiveDescriptor.PAGE_SESSION_HIGH_OFFSET),
                in.getLong(ArchiveDescriptor.PAGE_SESSION_LOW_OFFSET),
                index.sessionHigh(),
                index.sessionLow());
        int chunkCount = in.getInt(ArchiveDescriptor.PAGE_CHUNKS_OFFSET);
        int checkpointCount = in.getInt(ArchiveDescriptor.PAGE_CHECKPOINTS_OFFSET);
        long firstChunk = in.getLong(ArchiveDescriptor.PAGE_FIRST_CHUNK_OFFSET);
        boolean same = chunkCount == entry.chunks()
                && checkpointCount == entry.checkpoints()
                && firstChunk == index.firstChunk(number)
                && in.getInt(ArchiveDescriptor.PAGE_LENGTH_OFFSET) == entry.length();
        bytes.require(same, "the page that the index describes", "another one, of chunk " + firstChunk);
        in.position(ArchiveDescriptor.PAGE_FIXED_LENGTH);
        bytes.requireBytes((long) chunkCount * ArchiveDescriptor.CHUNK_LENGTH, "chunks");
        List<ChunkEntry> chunks = new ArrayList<>(chunkCount);
        for (int i = 0; i < chunkCount; i++) {
            chunks.add(chunk(bytes, firstChunk + i));
        }
        bytes.requireBytes((long) checkpointCount * ArchiveDescriptor.CHECKPOINT_LENGTH, "checkpoints");
        List<CheckpointEntry> checkpoints = new ArrayList<>(checkpointCount);
        List<Integer> follows = new ArrayList<>(checkpointCount);
        for (int i = 0; i < checkpointCount; i++) {
            checkpoints.add(checkpoint(bytes));
            follows.add(in.getInt());
            in.getInt();
        }
        bytes.require(!in.hasRemaining(), "the end of the page", in.remaining() + " bytes more");
        IndexPage page = new IndexPage(firstChunk, chunks, checkpoints, follows);
        page.checkPlaces(bytes, index.startOffset(number), entry);
        return page;
    }

    private static ChunkEntry chunk(IndexBytes bytes, long number) {
        ByteBuffer in = bytes.bytes();
        bytes.requireBytes(ArchiveDescriptor.CHUNK_LENGTH, "chunk " + number);
        int at = in.position();
        int kinds = in.getShort(at + ArchiveDescriptor.CHUNK_KINDS_OFFSET) & 0xFFFF;
        in.position(at + ArchiveDescriptor.CHUNK_LENGTH);
        ChunkEntry chunk = new ChunkEntry(
                in.getLong(at + ArchiveDescriptor.CHUNK_OFFSET_OFFSET),
                in.getInt(at + ArchiveDescriptor.CHUNK_STORED_LENGTH_OFFSET),
                in.getInt(at + ArchiveDescriptor.CHUNK_PAYLOAD_LENGTH_OFFSET),
                in.getLong(at + ArchiveDescriptor.CHUNK_FIRST_SEQUENCE_OFFSET),
                in.getInt(at + ArchiveDescriptor.CHUNK_COUNT_OFFSET),
                in.getLong(at + ArchiveDescriptor.CHUNK_LEAST_TIME_OFFSET),
                in.getLong(at + ArchiveDescriptor.CHUNK_GREATEST_TIME_OFFSET),
                in.getInt(at + ArchiveDescriptor.CHUNK_CHECKSUM_OFFSET),
                bytes.counts(kinds, "counts of chunk " + number));
        int payload = chunk.payloadLength();
        bytes.require(
                payload >= FrameDescriptor.MIN_FRAME_LENGTH && payload <= ChunkDescriptor.MAX_PAYLOAD_LENGTH,
                "chunk " + number + " of 24 to 8388608 bytes of frames",
                Integer.toUnsignedString(payload));
        int most = payload / FrameDescriptor.MIN_FRAME_LENGTH;
        bytes.require(
                chunk.count() >= 1 && chunk.count() <= most,
                "chunk " + number + " of 1 to " + most + " events",
                Integer.toUnsignedString(chunk.count()));
        bytes.require(
                chunk.kinds().total() == chunk.count(),
                "chunk " + number + " with counts of " + chunk.count() + " events in all",
                "counts of " + chunk.kinds().total());
        // Columns that do not compress take no more room than the frames; the directory comes on top.
        long longest = (long) payload + ColumnDescriptor.MAX_DIRECTORY_LENGTH;
        bytes.require(
                chunk.storedLength() > 0 && chunk.storedLength() <= longest,
                "chunk " + number + " of at most " + longest + " stored bytes",
                Integer.toUnsignedString(chunk.storedLength()));
        return chunk;
    }

    private static CheckpointEntry checkpoint(IndexBytes bytes) {
        ByteBuffer in = bytes.bytes();
        CheckpointEntry checkpoint = new CheckpointEntry(
                in.getLong(), in.getLong(), in.getLong(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
        int payload = checkpoint.payloadLength();
        bytes.require(
                payload >= 0 && payload <= CheckpointDescriptor.MAX_PAYLOAD_LENGTH,
                "a checkpoint of at most " + CheckpointDescriptor.MAX_PAYLOAD_LENGTH + " bytes",
                Integer.toUnsignedString(payload));
        int stored = checkpoint.storedLength();
        bytes.require(
                stored >= 0 && stored <= payload,
                "a checkpoint of at most " + payload + " stored bytes",
                Integer.toUnsignedString(stored));
        return checkpoint;
    }

    /** Chunks and checkpoints follow each other without gap or overlap, in the file and in their numbers. */
    private void checkPlaces(IndexBytes bytes, long startOffset, PageEntry entry) {
        KindCounts.Counter counter = new KindCounts.Counter();
        long offset = startOffset;
        long sequence = entry.firstSequence();
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        int next = 0;
        for (int i = 0; i < chunks.size(); i++) {
            ChunkEntry chunk = chunks.get(i);
            bytes.require(
                    chunk.offset() == offset && chunk.firstSequence() == sequence,
                    "chunk " + (firstChunk + i) + " at offset " + offset + " with event " + sequence,
                    "offset " + chunk.offset() + " with event " + chunk.firstSequence());
            offset = chunk.endOffset();
            sequence = chunk.endSequence();
            least = Math.min(least, chunk.leastTimeNs());
            greatest = Math.max(greatest, chunk.greatestTimeNs());
            counter.addAll(chunk.kinds());
            for (; next < checkpoints.size() && follows.get(next) == i; next++) {
                CheckpointEntry checkpoint = checkpoints.get(next);
                bytes.require(
                        checkpoint.offset() == offset && checkpoint.sequence() == sequence,
                        "a checkpoint at offset " + offset + " before event " + sequence,
                        "offset " + checkpoint.offset() + " before event " + checkpoint.sequence());
                offset = checkpoint.endOffset();
            }
        }
        bytes.require(next == checkpoints.size(), "checkpoints behind their chunks", "one elsewhere");
        bytes.require(offset == entry.offset(), "chunks up to offset " + entry.offset(), "up to " + offset);
        boolean sums = counter.toCounts().equals(entry.kinds())
                && least == entry.leastTimeNs()
                && greatest == entry.greatestTimeNs()
                && chunks.get(chunks.size() - 1).checksum() == entry.lastChecksum();
        bytes.require(sums, "the counts and times of its chunks in the index", "others");
    }
}
