package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.block.BlockSource;

/**
 * The chunks of an archive for one cursor: reads, checks and decodes each into a fixed buffer. A checksum only tells
 * that nothing changed since the archive was written; so what index and head claim is compared with the frames as well.
 */
final class ChunkSource implements BlockSource {
    private static final String NEXT_STEP =
            "'iorewind check' lists all damage; get the archive again, or read the events before and behind";

    private final ArchiveChannel archive;
    private final ChunkTable chunks;
    private final int first;
    private final int end;
    private final UnsafeBuffer frames = new UnsafeBuffer(0, 0);
    private final CRC32C crc = new CRC32C();
    private final ChunkDecoder decoder = new ChunkDecoder();
    private byte[] stored = new byte[0];
    private int payloadLength;

    /**
     * The chunks from {@code first} up to but without {@code end}.
     */
    ChunkSource(ArchiveChannel archive, ChunkTable chunks, int first, int end) {
        this.archive = archive;
        this.chunks = chunks;
        this.first = first;
        this.end = end;
    }

    @Override
    public String file() {
        return archive.path().toString();
    }

    @Override
    public int blocks() {
        return end - first;
    }

    private ChunkEntry entry(int block) {
        return chunks.chunk((long) first + block);
    }

    @Override
    public long firstSequence(int block) {
        return chunks.firstSequence((long) first + block);
    }

    @Override
    public int count(int block) {
        return entry(block).count();
    }

    @Override
    public String place(int block) {
        ChunkEntry chunk = entry(block);
        String events = "events " + chunk.firstSequence() + " to " + (chunk.endSequence() - 1);
        return "chunk " + ((long) first + block) + " at offset " + chunk.offset() + " (" + events + ")";
    }

    @Override
    public DirectBuffer load(int block) {
        payloadLength = 0;
        ChunkEntry chunk = entry(block);
        read(chunk, block);
        try {
            decoder.decode(
                    stored,
                    chunk.headLength(),
                    chunk,
                    (int) LittleEndian.get(stored, ChunkDescriptor.DIRECTORY_LENGTH_OFFSET, Integer.BYTES),
                    (int) LittleEndian.get(stored, ChunkDescriptor.STORED_DIRECTORY_LENGTH_OFFSET, Integer.BYTES));
        } catch (BadChunkException e) {
            throw corrupt(block, e.expected(), e.found());
        }
        checkClaims(chunk, block);
        payloadLength = chunk.payloadLength();
        frames.wrap(decoder.frames(), 0, payloadLength);
        return frames;
    }

    /** How the columns of a chunk are stored. */
    ChunkDirectory directory(int block) {
        ChunkEntry chunk = entry(block);
        read(chunk, block);
        try {
            return decoder.directory(
                    stored,
                    chunk.headLength(),
                    chunk,
                    (int) LittleEndian.get(stored, ChunkDescriptor.DIRECTORY_LENGTH_OFFSET, Integer.BYTES),
                    (int) LittleEndian.get(stored, ChunkDescriptor.STORED_DIRECTORY_LENGTH_OFFSET, Integer.BYTES));
        } catch (BadChunkException e) {
            throw corrupt(block, e.expected(), e.found());
        }
    }

    private void read(ChunkEntry chunk, int block) {
        int length = chunk.headLength() + chunk.storedLength();
        if (stored.length < length) {
            stored = new byte[length];
        }
        try {
            archive.read(ByteBuffer.wrap(stored, 0, length), chunk.offset());
        } catch (IOException e) {
            throw new CorruptTraceException(file(), place(block), "a readable chunk", e.toString(), NEXT_STEP, e);
        }
        int actual = ArchiveFile.chunkChecksum(crc, stored, length);
        int claimed = (int) LittleEndian.get(stored, ChunkDescriptor.CHECKSUM_OFFSET, Integer.BYTES);
        if (actual != claimed) {
            String expected = "checksum 0x" + Integer.toHexString(claimed);
            throw corrupt(block, expected, "0x" + Integer.toHexString(actual));
        }
        checkHead(ByteBuffer.wrap(stored, 0, chunk.headLength()).order(LITTLE_ENDIAN), block, chunk);
    }

    /** Counts and times that are not those of the frames would be believed by whoever reads the index only. */
    private void checkClaims(ChunkEntry chunk, int block) {
        if (!decoder.kinds().equals(chunk.kinds())) {
            throw corrupt(block, "the counts of its " + chunk.count() + " frames", "others");
        }
        long least = decoder.leastTimeNs();
        long greatest = decoder.greatestTimeNs();
        if (least != chunk.leastTimeNs() || greatest != chunk.greatestTimeNs()) {
            String found = chunk.leastTimeNs() + " to " + chunk.greatestTimeNs() + " ns";
            throw corrupt(block, "its frames' times, " + least + " to " + greatest + " ns", found);
        }
    }

    /** A whole chunk with a right checksum can still be the chunk of another place or of another session. */
    private void checkHead(ByteBuffer head, int block, ChunkEntry chunk) {
        if (head.getInt(0) != ChunkDescriptor.MAGIC) {
            throw corrupt(block, "magic \"IORC\"", "0x" + Integer.toHexString(head.getInt(0)));
        }
        long high = head.getLong(ChunkDescriptor.SESSION_HIGH_OFFSET);
        long low = head.getLong(ChunkDescriptor.SESSION_LOW_OFFSET);
        if (high != chunks.sessionHigh() || low != chunks.sessionLow()) {
            String expected = "session " + SessionInfo.sessionId(chunks.sessionHigh(), chunks.sessionLow());
            throw corrupt(block, expected, "session " + SessionInfo.sessionId(high, low));
        }
        boolean same = head.getShort(ChunkDescriptor.KINDS_OFFSET)
                        == chunk.kinds().size()
                && head.getLong(ChunkDescriptor.FIRST_SEQUENCE_OFFSET) == chunk.firstSequence()
                && head.getLong(ChunkDescriptor.LEAST_TIME_OFFSET) == chunk.leastTimeNs()
                && head.getLong(ChunkDescriptor.GREATEST_TIME_OFFSET) == chunk.greatestTimeNs()
                && head.getInt(ChunkDescriptor.COUNT_OFFSET) == chunk.count()
                && head.getInt(ChunkDescriptor.PAYLOAD_LENGTH_OFFSET) == chunk.payloadLength()
                && head.getInt(ChunkDescriptor.STORED_LENGTH_OFFSET) == chunk.storedLength()
                && head.getInt(ChunkDescriptor.PREVIOUS_CHECKSUM_OFFSET) == chunks.checksumBefore((long) first + block)
                && head.getInt(ChunkDescriptor.CHECKSUM_OFFSET) == chunk.checksum()
                && new IndexBytes(head.position(ChunkDescriptor.HEADER_LENGTH), file(), place(block))
                        .counts(chunk.kinds().size(), "counts")
                        .equals(chunk.kinds());
        if (!same) {
            long found = head.getLong(ChunkDescriptor.FIRST_SEQUENCE_OFFSET);
            throw corrupt(block, "the chunk that the index describes", "another one, with event " + found);
        }
        int encoding = head.get(ChunkDescriptor.ENCODING_OFFSET);
        if (encoding != ChunkDescriptor.ENCODING_COLUMNS) {
            String nextStep = "read it with a version of iorewind that knows this encoding";
            String expected = "chunk encoding " + ChunkDescriptor.ENCODING_COLUMNS;
            throw new UnsupportedTraceException(
                    file(), place(block), expected, "chunk encoding " + (encoding & 0xFF), nextStep);
        }
    }

    @Override
    public boolean areFramesSound() {
        return decoder.areFramesSound();
    }

    @Override
    public int payloadLength() {
        return payloadLength;
    }

    @Override
    public void checkEnd() {
        // The index has named every chunk: behind the last one there is nothing to miss.
    }

    @Override
    public void close() {
        // The file belongs to the reader.
        decoder.close();
    }

    private CorruptTraceException corrupt(int block, String expected, String found) {
        return new CorruptTraceException(file(), place(block), expected, found, NEXT_STEP);
    }
}
