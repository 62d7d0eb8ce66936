package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.iorewind.trace.CorruptTraceException;

/** Reads checkpoints, and believes nothing about them that it has not checked. */
final class CheckpointReader {
    private static final String NEXT_STEP =
            "replay from an earlier checkpoint or from the start; the events are not touched";

    private CheckpointReader() {}

    static byte[] read(ArchiveChannel archive, CheckpointEntry entry, long sessionHigh, long sessionLow) {
        String file = archive.path().toString();
        String place = place(entry);
        ByteBuffer head =
                ByteBuffer.allocate(CheckpointDescriptor.HEADER_LENGTH).order(LITTLE_ENDIAN);
        byte[] stored = new byte[entry.storedLength()];
        try {
            archive.read(head, entry.offset());
            archive.read(ByteBuffer.wrap(stored), entry.offset() + CheckpointDescriptor.HEADER_LENGTH);
        } catch (IOException e) {
            throw new CorruptTraceException(file, place, "a readable checkpoint", e.toString(), NEXT_STEP, e);
        }
        int checksum = ArchiveFile.checkpointChecksum(new CRC32C(), head.array(), stored);
        boolean same = head.getInt(0) == CheckpointDescriptor.MAGIC
                && checksum == head.getInt(CheckpointDescriptor.CHECKSUM_OFFSET)
                && checksum == entry.checksum()
                && head.getLong(CheckpointDescriptor.SESSION_HIGH_OFFSET) == sessionHigh
                && head.getLong(CheckpointDescriptor.SESSION_LOW_OFFSET) == sessionLow
                && head.getLong(CheckpointDescriptor.SEQUENCE_OFFSET) == entry.sequence()
                && head.getLong(CheckpointDescriptor.OPTIONS_HASH_OFFSET) == entry.optionsHash()
                && head.getInt(CheckpointDescriptor.MODEL_VERSION_OFFSET) == entry.modelVersion()
                && head.getInt(CheckpointDescriptor.PAYLOAD_LENGTH_OFFSET) == entry.payloadLength()
                && head.getInt(CheckpointDescriptor.STORED_LENGTH_OFFSET) == entry.storedLength();
        if (!same) {
            throw new CorruptTraceException(
                    file, place, "the checkpoint that the index describes", "other bytes", NEXT_STEP);
        }
        int encoding = head.get(CheckpointDescriptor.ENCODING_OFFSET);
        if (encoding == CheckpointDescriptor.ENCODING_PLAIN && stored.length == entry.payloadLength()) {
            return stored;
        }
        byte[] payload = new byte[entry.payloadLength()];
        long length = encoding == CheckpointDescriptor.ENCODING_ZSTD ? Zstd.decompress(payload, stored) : -1;
        if (Zstd.isError(length) || length != payload.length) {
            throw new CorruptTraceException(
                    file, place, payload.length + " bytes in one zstd frame", "other content", NEXT_STEP);
        }
        return payload;
    }

    static String place(CheckpointEntry entry) {
        return "checkpoint at offset " + entry.offset() + " (before event " + entry.sequence() + ")";
    }
}
