package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.block.BlockSource;

/**
 * The chunks of an archive for one cursor: reads, checks and decodes each into a fixed buffer. A checksum only tells
 * that nothing changed since the archive was written; so what index and head claim is compared with the frames as well.
 */
final class ChunkSource implements BlockSource {
    private static final String NEXT_STEP =
            "'iorewind check' lists all damage; get the archive again, or read the events before and behind";

    private final ArchiveReader archive;
    private final ArchiveIndex index;
    private final byte[] stored;
    private final byte[] payload;
    private final UnsafeBuffer frames = new UnsafeBuffer(0, 0);
    private final CRC32C crc = new CRC32C();
    private final KindCounts.Counter kinds = new KindCounts.Counter();
    private int payloadLength;

    ChunkSource(ArchiveReader archive, ArchiveIndex index) {
        this.archive = archive;
        this.index = index;
        // The index has bounded these lengths.
        int storedLength = 0;
        int longest = 0;
        for (ChunkEntry chunk : index.chunks()) {
            storedLength = Math.max(storedLength, chunk.storedLength());
            longest = Math.max(longest, chunk.payloadLength());
        }
        stored = new byte[storedLength];
        payload = new byte[longest];
    }

    static int checksum(CRC32C crc, byte[] head, int headLength, byte[] stored, int storedLength) {
        crc.reset();
        crc.update(head, 0, ChunkDescriptor.CHECKSUM_OFFSET);
        crc.update(head, ChunkDescriptor.HEADER_LENGTH, headLength - ChunkDescriptor.HEADER_LENGTH);
        crc.update(stored, 0, storedLength);
        return (int) crc.getValue();
    }

    @Override
    public String file() {
        return archive.path().toString();
    }

    @Override
    public int blocks() {
        return index.chunks().size();
    }

    @Override
    public long firstSequence(int block) {
        return index.chunks().get(block).firstSequence();
    }

    @Override
    public int count(int block) {
        return index.chunks().get(block).count();
    }

    @Override
    public String place(int block) {
        ChunkEntry chunk = index.chunks().get(block);
        String events = "events " + chunk.firstSequence() + " to " + (chunk.endSequence() - 1);
        return "chunk " + block + " at offset " + chunk.offset() + " (" + events + ")";
    }

    @Override
    public DirectBuffer load(int block) {
        payloadLength = 0;
        ChunkEntry chunk = index.chunks().get(block);
        ByteBuffer head = ByteBuffer.allocate(chunk.headLength()).order(LITTLE_ENDIAN);
        try {
            archive.read(head, chunk.offset());
            archive.read(ByteBuffer.wrap(stored, 0, chunk.storedLength()), chunk.offset() + chunk.headLength());
        } catch (IOException e) {
            throw new CorruptTraceException(file(), place(block), "a readable chunk", e.toString(), NEXT_STEP, e);
        }
        int actual = checksum(crc, head.array(), chunk.headLength(), stored, chunk.storedLength());
        if (actual != head.getInt(ChunkDescriptor.CHECKSUM_OFFSET)) {
            String expected = "checksum 0x" + Integer.toHexString(head.getInt(ChunkDescriptor.CHECKSUM_OFFSET));
            throw corrupt(block, expected, "0x" + Integer.toHexString(actual));
        }
        checkHead(head, block);
        if (chunk.encoding() == ChunkDescriptor.ENCODING_RAW) {
            frames.wrap(stored, 0, chunk.payloadLength());
        } else {
            decompress(chunk, block);
            frames.wrap(payload, 0, chunk.payloadLength());
        }
        checkClaims(chunk, block);
        payloadLength = chunk.payloadLength();
        return frames;
    }

    /** Counts and times that are not those of the frames would be believed by whoever reads the index only. */
    private void checkClaims(ChunkEntry chunk, int block) {
        kinds.clear();
        int end = chunk.payloadLength();
        int count = 0;
        int last = 0;
        for (int at = 0; at < end; count++) {
            int left = end - at;
            int length = left < FrameDescriptor.MIN_FRAME_LENGTH ? 0 : FrameEventView.frameLength(frames, at);
            if (length < FrameDescriptor.MIN_FRAME_LENGTH || length > left) {
                throw corrupt(block, "a frame at byte " + at, "a length of " + length + " where " + left + " remain");
            }
            kinds.add(frames.getShort(at + FrameDescriptor.TEMPLATE_ID_OFFSET, LITTLE_ENDIAN) & 0xFFFF, 1);
            last = at;
            at += length;
        }
        if (count != chunk.count() || !kinds.toCounts().equals(chunk.kinds())) {
            throw corrupt(block, "the counts of its " + count + " frames", "others, of " + chunk.count());
        }
        long first = frames.getLong(FrameDescriptor.TIME_OFFSET, LITTLE_ENDIAN);
        long latest = frames.getLong(last + FrameDescriptor.TIME_OFFSET, LITTLE_ENDIAN);
        if (first != chunk.firstTimeNs() || latest != chunk.lastTimeNs()) {
            String found = chunk.firstTimeNs() + " to " + chunk.lastTimeNs() + " ns";
            throw corrupt(block, "its frames' times, " + first + " to " + latest + " ns", found);
        }
    }

    /** A whole chunk with a right checksum can still be the chunk of another place or of another session. */
    private void checkHead(ByteBuffer head, int block) {
        ChunkEntry chunk = index.chunks().get(block);
        if (head.getInt(0) != ChunkDescriptor.MAGIC) {
            throw corrupt(block, "magic \"IORC\"", "0x" + Integer.toHexString(head.getInt(0)));
        }
        long high = head.getLong(ChunkDescriptor.SESSION_HIGH_OFFSET);
        long low = head.getLong(ChunkDescriptor.SESSION_LOW_OFFSET);
        if (high != index.sessionHigh() || low != index.sessionLow()) {
            throw corrupt(block, "session " + index.sessionId(), "session " + SessionInfo.sessionId(high, low));
        }
        int previous = block == 0 ? 0 : index.chunks().get(block - 1).checksum();
        boolean same = head.get(ChunkDescriptor.ENCODING_OFFSET) == chunk.encoding()
                && head.getShort(ChunkDescriptor.KINDS_OFFSET) == chunk.kinds().size()
                && head.getLong(ChunkDescriptor.FIRST_SEQUENCE_OFFSET) == chunk.firstSequence()
                && head.getLong(ChunkDescriptor.FIRST_TIME_OFFSET) == chunk.firstTimeNs()
                && head.getLong(ChunkDescriptor.LAST_TIME_OFFSET) == chunk.lastTimeNs()
                && head.getInt(ChunkDescriptor.COUNT_OFFSET) == chunk.count()
                && head.getInt(ChunkDescriptor.PAYLOAD_LENGTH_OFFSET) == chunk.payloadLength()
                && head.getInt(ChunkDescriptor.STORED_LENGTH_OFFSET) == chunk.storedLength()
                && head.getInt(ChunkDescriptor.PREVIOUS_CHECKSUM_OFFSET) == previous
                && head.getInt(ChunkDescriptor.CHECKSUM_OFFSET) == chunk.checksum()
                && ArchiveIndex.kinds(
                                head.position(ChunkDescriptor.HEADER_LENGTH),
                                chunk.kinds().size())
                        .equals(chunk.kinds());
        if (!same) {
            long found = head.getLong(ChunkDescriptor.FIRST_SEQUENCE_OFFSET);
            throw corrupt(block, "the chunk that the index describes", "another one, with event " + found);
        }
    }

    private void decompress(ChunkEntry chunk, int block) {
        long length = Zstd.decompressByteArray(payload, 0, chunk.payloadLength(), stored, 0, chunk.storedLength());
        if (Zstd.isError(length)) {
            throw corrupt(block, "zstd data", Zstd.getErrorName(length));
        }
        if (length != chunk.payloadLength()) {
            throw corrupt(block, chunk.payloadLength() + " bytes of frames", length + " bytes");
        }
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
    }

    private CorruptTraceException corrupt(int block, String expected, String found) {
        return new CorruptTraceException(file(), place(block), expected, found, NEXT_STEP);
    }
}
