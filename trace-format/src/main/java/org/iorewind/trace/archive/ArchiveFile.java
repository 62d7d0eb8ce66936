package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.iorewind.trace.SessionInfo;

/**
 * Writes the parts of an archive behind each other into a channel and keeps what the index will say about them: one page
 * of chunks, and an entry for each page before. Not thread-safe.
 */
final class ArchiveFile {
    private final FileChannel channel;
    private final SessionInfo session;
    private final CRC32C crc = new CRC32C();
    private final KindCounts.Counter totals = new KindCounts.Counter();
    private final List<PageEntry> pages = new ArrayList<>();
    private final List<ChunkEntry> chunks = new ArrayList<>();
    private final List<CheckpointEntry> checkpoints = new ArrayList<>();
    private final List<Integer> follows = new ArrayList<>();
    private long offset;
    private long chunksBefore;
    private int previousChecksum;

    ArchiveFile(FileChannel channel, SessionInfo session) {
        this.channel = channel;
        this.session = session;
    }

    void writeHeader() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(ArchiveDescriptor.HEADER_LENGTH).order(LITTLE_ENDIAN);
        header.putLong(0, ArchiveDescriptor.HEADER_MAGIC);
        header.put(ArchiveDescriptor.MAJOR_OFFSET, (byte) ArchiveDescriptor.MAJOR);
        header.put(ArchiveDescriptor.MINOR_OFFSET, (byte) ArchiveDescriptor.MINOR);
        header.putShort(ArchiveDescriptor.HEADER_LENGTH_OFFSET, (short) ArchiveDescriptor.HEADER_LENGTH);
        header.putLong(ArchiveDescriptor.HEADER_SESSION_HIGH_OFFSET, session.idHigh());
        header.putLong(ArchiveDescriptor.HEADER_SESSION_LOW_OFFSET, session.idLow());
        crc.reset();
        crc.update(header.array(), 0, ArchiveDescriptor.HEADER_CHECKSUM_OFFSET);
        header.putInt(ArchiveDescriptor.HEADER_CHECKSUM_OFFSET, (int) crc.getValue());
        write(header);
    }

    /** Writes a chunk. */
    void writeChunk(
            ChunkEncoder.Encoded encoded,
            KindCounts kinds,
            long firstSequence,
            long leastTimeNs,
            long greatestTimeNs,
            int count,
            int payloadLength)
            throws IOException {
        if (chunks.size() == ArchiveDescriptor.PAGE_CHUNKS) {
            writePage();
        }
        int storedLength = encoded.storedDirectory().length + encoded.streams().length;
        int headLength = ChunkDescriptor.HEADER_LENGTH + kinds.size() * ChunkDescriptor.KIND_LENGTH;
        ByteBuffer chunk = ByteBuffer.allocate(headLength + storedLength).order(LITTLE_ENDIAN);
        chunk.putInt(ChunkDescriptor.MAGIC).putInt(ChunkDescriptor.ENCODING_COLUMNS | kinds.size() << Short.SIZE);
        chunk.putLong(session.idHigh()).putLong(session.idLow()).putLong(firstSequence);
        chunk.putLong(leastTimeNs).putLong(greatestTimeNs);
        chunk.putInt(count).putInt(payloadLength).putInt(storedLength).putInt(previousChecksum);
        chunk.putInt(encoded.directory().length).putInt(encoded.storedDirectory().length);
        chunk.position(ChunkDescriptor.HEADER_LENGTH);
        IndexBytes.putCounts(chunk, kinds);
        chunk.put(encoded.storedDirectory()).put(encoded.streams());
        int checksum = chunkChecksum(crc, chunk.array(), chunk.capacity());
        chunk.putInt(ChunkDescriptor.CHECKSUM_OFFSET, checksum);
        chunks.add(new ChunkEntry(
                offset,
                storedLength,
                payloadLength,
                firstSequence,
                count,
                leastTimeNs,
                greatestTimeNs,
                checksum,
                kinds));
        previousChecksum = checksum;
        write(chunk.flip());
    }

    /** The checksum of a whole chunk. */
    static int chunkChecksum(CRC32C crc, byte[] chunk, int length) {
        crc.reset();
        crc.update(chunk, 0, ChunkDescriptor.CHECKSUM_OFFSET);
        crc.update(chunk, ChunkDescriptor.HEADER_LENGTH, length - ChunkDescriptor.HEADER_LENGTH);
        return (int) crc.getValue();
    }

    /** Writes a checkpoint behind the chunk written last. */
    void writeCheckpoint(long sequence, int modelVersion, long optionsHash, byte[] payload) throws IOException {
        byte[] compressed = Zstd.compress(payload, ChunkDescriptor.ZSTD_LEVEL);
        boolean pays = compressed.length < payload.length;
        byte[] stored = pays ? compressed : payload;
        ByteBuffer head =
                ByteBuffer.allocate(CheckpointDescriptor.HEADER_LENGTH).order(LITTLE_ENDIAN);
        head.putInt(CheckpointDescriptor.MAGIC);
        head.putInt(pays ? CheckpointDescriptor.ENCODING_ZSTD : CheckpointDescriptor.ENCODING_PLAIN);
        head.putLong(session.idHigh())
                .putLong(session.idLow())
                .putLong(sequence)
                .putLong(optionsHash);
        head.putInt(modelVersion).putInt(payload.length).putInt(stored.length);
        int checksum = checkpointChecksum(crc, head.array(), stored);
        head.putInt(checksum);
        checkpoints.add(new CheckpointEntry(
                offset, sequence, optionsHash, modelVersion, payload.length, stored.length, checksum));
        follows.add(chunks.size() - 1);
        write(head.flip());
        write(ByteBuffer.wrap(stored));
    }

    /** The checksum of a whole checkpoint. */
    static int checkpointChecksum(CRC32C crc, byte[] head, byte[] stored) {
        crc.reset();
        crc.update(head, 0, CheckpointDescriptor.CHECKSUM_OFFSET);
        crc.update(stored, 0, stored.length);
        return (int) crc.getValue();
    }

    private void writePage() throws IOException {
        IndexPage page = new IndexPage(chunksBefore, chunks, checkpoints, follows);
        ByteBuffer encoded = page.encode(session.idHigh(), session.idLow());
        crc.reset();
        crc.update(encoded.duplicate());
        KindCounts.Counter kinds = new KindCounts.Counter();
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (ChunkEntry chunk : chunks) {
            kinds.addAll(chunk.kinds());
            least = Math.min(least, chunk.leastTimeNs());
            greatest = Math.max(greatest, chunk.greatestTimeNs());
        }
        KindCounts counts = kinds.toCounts();
        totals.addAll(counts);
        pages.add(new PageEntry(
                offset,
                chunks.get(0).firstSequence(),
                least,
                greatest,
                encoded.limit(),
                (int) crc.getValue(),
                chunks.size(),
                checkpoints.size(),
                previousChecksum,
                counts));
        chunksBefore += chunks.size();
        chunks.clear();
        checkpoints.clear();
        follows.clear();
        write(encoded);
    }

    /** Writes the last page, the index and the trailer; there must be a chunk. */
    void writeEnd() throws IOException {
        writePage();
        ArchiveIndex index = new ArchiveIndex(session.idHigh(), session.idLow(), totals.toCounts(), pages);
        ByteBuffer encoded = index.encode();
        crc.reset();
        crc.update(encoded.duplicate());
        ByteBuffer trailer =
                ByteBuffer.allocate(ArchiveDescriptor.TRAILER_LENGTH).order(LITTLE_ENDIAN);
        trailer.putLong(ArchiveDescriptor.INDEX_OFFSET_OFFSET, offset);
        trailer.putLong(ArchiveDescriptor.INDEX_LENGTH_OFFSET, encoded.limit());
        trailer.putInt(ArchiveDescriptor.INDEX_CHECKSUM_OFFSET, (int) crc.getValue());
        trailer.putLong(ArchiveDescriptor.TRAILER_MAGIC_OFFSET, ArchiveDescriptor.TRAILER_MAGIC);
        trailer.putInt(ArchiveDescriptor.TRAILER_CHECKSUM_OFFSET, trailerChecksum(trailer));
        write(encoded);
        write(trailer);
    }

    static int trailerChecksum(ByteBuffer trailer) {
        CRC32C crc = new CRC32C();
        crc.update(trailer.slice(0, ArchiveDescriptor.TRAILER_CHECKSUM_OFFSET));
        crc.update(trailer.slice(ArchiveDescriptor.TRAILER_MAGIC_OFFSET, Long.BYTES));
        return (int) crc.getValue();
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            offset += channel.write(bytes);
        }
    }
}
