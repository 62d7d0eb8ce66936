package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.SessionInfo;

/**
 * The index at the end of an archive.
 *
 * @param sessionHigh high half of the session id
 * @param sessionLow low half of the session id
 * @param totals how many events of each kind there are in all
 * @param chunks in the order of their sequence numbers
 */
record ArchiveIndex(long sessionHigh, long sessionLow, KindCounts totals, List<ChunkEntry> chunks) {
    private static final String NEXT_STEP = "get the archive again, or seal it again from the journal";

    ArchiveIndex {
        chunks = List.copyOf(chunks);
    }

    ByteBuffer encode() {
        long length = ArchiveDescriptor.INDEX_FIXED_LENGTH + (long) totals.size() * ArchiveDescriptor.TOTAL_LENGTH;
        for (ChunkEntry chunk : chunks) {
            length += ArchiveDescriptor.ENTRY_LENGTH + (long) chunk.kinds().size() * ChunkDescriptor.KIND_LENGTH;
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(length)).order(LITTLE_ENDIAN);
        out.putInt(ArchiveDescriptor.INDEX_MAGIC).putInt(chunks.size());
        out.putLong(sessionHigh).putLong(sessionLow).putLong(totals.total());
        out.putLong(totals.size());
        for (int i = 0; i < totals.size(); i++) {
            out.putLong(totals.templateId(i)).putLong(totals.count(i));
        }
        for (ChunkEntry chunk : chunks) {
            out.putLong(chunk.offset()).putLong(chunk.firstSequence());
            out.putLong(chunk.firstTimeNs()).putLong(chunk.lastTimeNs());
            out.putInt(chunk.count()).putInt(chunk.payloadLength());
            out.putInt(chunk.storedLength()).putInt(chunk.checksum());
            out.putLong(chunk.kinds().size() | (long) chunk.encoding() << Short.SIZE);
            putKinds(out, chunk.kinds());
        }
        return out.flip();
    }

    static void putKinds(ByteBuffer out, KindCounts kinds) {
        for (int i = 0; i < kinds.size(); i++) {
            out.putInt(kinds.templateId(i)).putInt((int) kinds.count(i));
        }
    }

    /**
     * Reads an index whose checksum has been verified. Nothing in it is believed without a bound all the same.
     *
     * @param in the index
     * @param indexOffset its offset in the file
     * @param file for messages
     * @throws CorruptTraceException if it does not describe the file from its header to the index, or its numbers
     *     contradict each other
     */
    static ArchiveIndex decode(ByteBuffer in, long indexOffset, String file) {
        if (in.remaining() < ArchiveDescriptor.INDEX_FIXED_LENGTH) {
            throw corrupt(file, "an index of at least 40 bytes", in.remaining() + " bytes");
        }
        if (in.getInt(0) != ArchiveDescriptor.INDEX_MAGIC) {
            throw corrupt(file, "magic \"IORX\"", "0x" + Integer.toHexString(in.getInt(0)));
        }
        int chunkCount = in.getInt(ArchiveDescriptor.CHUNKS_OFFSET);
        long sessionHigh = in.getLong(ArchiveDescriptor.INDEX_SESSION_HIGH_OFFSET);
        long sessionLow = in.getLong(ArchiveDescriptor.INDEX_SESSION_LOW_OFFSET);
        long events = in.getLong(ArchiveDescriptor.EVENTS_OFFSET);
        int totalKinds = in.getShort(ArchiveDescriptor.TOTAL_KINDS_OFFSET) & 0xFFFF;
        in.position(ArchiveDescriptor.INDEX_FIXED_LENGTH);
        requireBytes(in, (long) totalKinds * ArchiveDescriptor.TOTAL_LENGTH, "totals", file);
        int[] templateIds = new int[totalKinds];
        long[] counts = new long[totalKinds];
        for (int i = 0; i < totalKinds; i++) {
            templateIds[i] = (int) (in.getLong() & 0xFFFF);
            counts[i] = in.getLong();
        }
        requireBytes(in, (chunkCount & 0xFFFF_FFFFL) * ArchiveDescriptor.ENTRY_LENGTH, "chunks", file);
        List<ChunkEntry> chunks = new ArrayList<>(chunkCount);
        KindCounts.Counter counter = new KindCounts.Counter();
        long offset = ArchiveDescriptor.HEADER_LENGTH;
        long sequence = 0;
        for (int i = 0; i < chunkCount; i++) {
            ChunkEntry chunk = entry(in, i, file);
            if (chunk.offset() != offset || chunk.firstSequence() != sequence) {
                String expected = "chunk " + i + " at offset " + offset + " with event " + sequence;
                throw corrupt(file, expected, "offset " + chunk.offset() + " with event " + chunk.firstSequence());
            }
            offset = chunk.endOffset();
            sequence = chunk.endSequence();
            counter.addAll(chunk.kinds());
            chunks.add(chunk);
        }
        KindCounts totals = new KindCounts(templateIds, counts);
        if (chunkCount == 0 || in.hasRemaining() || offset != indexOffset) {
            String found = chunkCount + " chunks up to offset " + offset + " and " + in.remaining() + " bytes more";
            throw corrupt(file, "chunks up to offset " + indexOffset, found);
        }
        if (events != sequence || !totals.equals(counter.toCounts())) {
            throw corrupt(file, sequence + " events as the chunks have them", events + ", or other totals of kinds");
        }
        return new ArchiveIndex(sessionHigh, sessionLow, totals, chunks);
    }

    private static ChunkEntry entry(ByteBuffer in, int number, String file) {
        requireBytes(in, ArchiveDescriptor.ENTRY_LENGTH, "chunk " + number, file);
        int at = in.position();
        int kinds = in.getShort(at + ArchiveDescriptor.ENTRY_KINDS_OFFSET) & 0xFFFF;
        in.position(at + ArchiveDescriptor.ENTRY_LENGTH);
        requireBytes(in, (long) kinds * ChunkDescriptor.KIND_LENGTH, "kinds of chunk " + number, file);
        ChunkEntry chunk = new ChunkEntry(
                in.getLong(at + ArchiveDescriptor.ENTRY_OFFSET_OFFSET),
                in.getInt(at + ArchiveDescriptor.ENTRY_STORED_LENGTH_OFFSET),
                in.getInt(at + ArchiveDescriptor.ENTRY_PAYLOAD_LENGTH_OFFSET),
                in.get(at + ArchiveDescriptor.ENTRY_ENCODING_OFFSET) & 0xFF,
                in.getLong(at + ArchiveDescriptor.ENTRY_FIRST_SEQUENCE_OFFSET),
                in.getInt(at + ArchiveDescriptor.ENTRY_COUNT_OFFSET),
                in.getLong(at + ArchiveDescriptor.ENTRY_FIRST_TIME_OFFSET),
                in.getLong(at + ArchiveDescriptor.ENTRY_LAST_TIME_OFFSET),
                in.getInt(at + ArchiveDescriptor.ENTRY_CHECKSUM_OFFSET),
                kinds(in, kinds));
        int payload = chunk.payloadLength();
        if (payload < FrameDescriptor.MIN_FRAME_LENGTH || payload > ChunkDescriptor.MAX_PAYLOAD_LENGTH) {
            throw corrupt(
                    file, "chunk " + number + " of 24 to 8388608 bytes of frames", Integer.toUnsignedString(payload));
        }
        if (chunk.count() < 1 || chunk.count() > payload / FrameDescriptor.MIN_FRAME_LENGTH) {
            String found = Integer.toUnsignedString(chunk.count());
            throw corrupt(
                    file,
                    "chunk " + number + " of 1 to " + payload / FrameDescriptor.MIN_FRAME_LENGTH + " events",
                    found);
        }
        if (chunk.kinds().total() != chunk.count()) {
            String found = "counts of " + chunk.kinds().total();
            throw corrupt(file, "chunk " + number + " with counts of " + chunk.count() + " events in all", found);
        }
        boolean fits = switch (chunk.encoding()) {
            case ChunkDescriptor.ENCODING_RAW -> chunk.storedLength() == payload;
            case ChunkDescriptor.ENCODING_ZSTD ->
                chunk.storedLength() > 0
                        && chunk.storedLength() < payload
                        && payload / chunk.storedLength() <= ChunkDescriptor.MAX_RATIO;
            default -> false;
        };
        if (!fits) {
            String found = "encoding " + chunk.encoding() + " with " + Integer.toUnsignedString(chunk.storedLength())
                    + " bytes";
            throw corrupt(file, "chunk " + number + " to hold " + payload + " bytes, raw or zstd", found);
        }
        return chunk;
    }

    static KindCounts kinds(ByteBuffer in, int kinds) {
        int[] templateIds = new int[kinds];
        long[] counts = new long[kinds];
        for (int i = 0; i < kinds; i++) {
            templateIds[i] = in.getInt() & 0xFFFF;
            counts[i] = Integer.toUnsignedLong(in.getInt());
        }
        return new KindCounts(templateIds, counts);
    }

    private static void requireBytes(ByteBuffer in, long bytes, String what, String file) {
        if (bytes > in.remaining()) {
            throw corrupt(file, bytes + " bytes for the " + what, in.remaining() + " bytes");
        }
    }

    private static CorruptTraceException corrupt(String file, String expected, String found) {
        return new CorruptTraceException(file, "index", expected, found, NEXT_STEP);
    }

    String sessionId() {
        return SessionInfo.sessionId(sessionHigh, sessionLow);
    }
}
