package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.FrameDescriptor;

/**
 * Writes the file of the open block. Every byte of it is allocated before it is mapped, so that a full disk cannot be met
 * by a store to memory.
 */
final class OpenBlockWriter implements AutoCloseable {
    private static final boolean NATIVE_IS_LITTLE = ByteOrder.nativeOrder() == LITTLE_ENDIAN;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private final byte[] frame = new byte[FrameDescriptor.MAX_FRAME_LENGTH];
    private final CRC32C crc = new CRC32C();
    private final long sessionHigh;
    private final long sessionLow;
    private int end = JournalDescriptor.HEADER_LENGTH;
    private int records;

    private OpenBlockWriter(MappedByteBuffer mapped, long sessionHigh, long sessionLow) {
        this.mapped = mapped;
        this.buffer = new UnsafeBuffer(mapped);
        this.sessionHigh = sessionHigh;
        this.sessionLow = sessionLow;
    }

    static OpenBlockWriter create(Path file, long sessionHigh, long sessionLow) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(JournalDescriptor.OPEN_BLOCK_LENGTH);
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
            MappedByteBuffer mapped =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, JournalDescriptor.OPEN_BLOCK_LENGTH);
            OpenBlockWriter writer = new OpenBlockWriter(mapped, sessionHigh, sessionLow);
            writer.reset(0, 0, JournalDescriptor.STATE_OPEN);
            return writer;
        }
    }

    boolean hasRoomFor(int frameLength) {
        // One more commit length, always 0, ends the records.
        return frameLength <= JournalDescriptor.OPEN_BLOCK_LENGTH - end - 2 * JournalDescriptor.RECORD_HEADER_LENGTH;
    }

    /** When it returns the event survives the death of the process: the mapping belongs to the operating system. */
    void append(DirectBuffer source, int offset, int length) {
        source.getBytes(offset, frame, 0, length);
        crc.reset();
        crc.update(frame, 0, length);
        buffer.putBytes(end + JournalDescriptor.RECORD_HEADER_LENGTH, frame, 0, length);
        buffer.putInt(end + JournalDescriptor.RECORD_CHECKSUM_OFFSET, (int) crc.getValue(), LITTLE_ENDIAN);
        putIntRelease(end + JournalDescriptor.COMMIT_LENGTH_OFFSET, length);
        end += JournalDescriptor.RECORD_HEADER_LENGTH + length;
        records++;
        putIntRelease(JournalDescriptor.RECORDS_OFFSET, records);
    }

    /** Forgets the records, which are in the queue now, and opens the next block. */
    void reset(long firstSequence, int previousChecksum, long state) {
        putLongVolatile(JournalDescriptor.STATE_OFFSET, JournalDescriptor.STATE_CLEARING);
        buffer.setMemory(JournalDescriptor.RECORDS_OFFSET, end - JournalDescriptor.RECORDS_OFFSET, (byte) 0);
        buffer.putInt(JournalDescriptor.MAGIC_OFFSET, JournalDescriptor.MAGIC, LITTLE_ENDIAN);
        buffer.putByte(JournalDescriptor.MAJOR_OFFSET, (byte) JournalDescriptor.MAJOR);
        buffer.putByte(JournalDescriptor.MINOR_OFFSET, (byte) JournalDescriptor.MINOR);
        buffer.putLong(JournalDescriptor.SESSION_HIGH_OFFSET, sessionHigh, LITTLE_ENDIAN);
        buffer.putLong(JournalDescriptor.SESSION_LOW_OFFSET, sessionLow, LITTLE_ENDIAN);
        buffer.putLong(JournalDescriptor.FIRST_SEQUENCE_OFFSET, firstSequence, LITTLE_ENDIAN);
        buffer.putInt(JournalDescriptor.PREVIOUS_CHECKSUM_OFFSET, previousChecksum, LITTLE_ENDIAN);
        byte[] header = new byte[JournalDescriptor.HEADER_LENGTH];
        buffer.getBytes(0, header);
        buffer.putInt(JournalDescriptor.CHECKSUM_OFFSET, checksum(crc, header), LITTLE_ENDIAN);
        end = JournalDescriptor.HEADER_LENGTH;
        records = 0;
        putLongVolatile(JournalDescriptor.STATE_OFFSET, state);
    }

    static int checksum(CRC32C crc, byte[] header) {
        crc.reset();
        crc.update(header, 0, JournalDescriptor.STATE_OFFSET);
        int from = JournalDescriptor.SESSION_HIGH_OFFSET;
        crc.update(header, from, JournalDescriptor.CHECKSUM_OFFSET - from);
        return (int) crc.getValue();
    }

    void force() {
        mapped.force();
    }

    @Override
    public void close() {
        BufferUtil.free(mapped);
    }

    private void putIntRelease(int offset, int value) {
        buffer.putIntRelease(offset, NATIVE_IS_LITTLE ? value : Integer.reverseBytes(value));
    }

    private void putLongVolatile(int offset, long value) {
        buffer.putLongVolatile(offset, NATIVE_IS_LITTLE ? value : Long.reverseBytes(value));
    }
}
