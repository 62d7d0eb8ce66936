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
import org.iorewind.trace.FrameCopy;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.block.BlockBuilder;
import org.iorewind.trace.block.BlockDescriptor;

/**
 * Writes the file of the open blocks. Every byte of it is allocated before it is mapped, so that a full disk cannot be met
 * by a store to memory. Allocates nothing per event.
 *
 * <p>Thread rule: {@link #append}, {@link #openSlot} and {@link #isFullFor} belong to the writer's thread; the others may be
 * called by the publisher's thread for blocks that the writer has finished.
 */
final class StagingWriter implements AutoCloseable {
    private static final boolean NATIVE_IS_LITTLE = ByteOrder.nativeOrder() == LITTLE_ENDIAN;
    private static final int END_OF_SLOT = StagingDescriptor.SLOT_LENGTH - StagingDescriptor.RECORD_HEADER_LENGTH;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private final byte[] frame = new byte[FrameDescriptor.MAX_FRAME_LENGTH];
    private final CRC32C crc = new CRC32C();
    private final long salt;
    private boolean secondMark;

    private int slot;
    private int end;
    private int records;
    private int payloadLength;
    private long nextSequence;

    private StagingWriter(MappedByteBuffer mapped, long salt) {
        this.mapped = mapped;
        this.buffer = new UnsafeBuffer(mapped);
        this.salt = salt;
    }

    /** Makes the file, with slot 0 open for event 0. */
    static StagingWriter create(Path file, long sessionHigh, long sessionLow, BootIdentity boot) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(StagingDescriptor.SLOT_LENGTH);
            while (channel.position() < StagingDescriptor.FILE_LENGTH) {
                zeros.limit((int) Math.min(zeros.capacity(), StagingDescriptor.FILE_LENGTH - channel.position()));
                channel.write(zeros.rewind());
            }
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, StagingDescriptor.FILE_LENGTH);
            StagingWriter writer = new StagingWriter(mapped, StagingDescriptor.salt(sessionHigh, sessionLow));
            writer.describe(sessionHigh, sessionLow, boot);
            writer.openSlot(0);
            return writer;
        }
    }

    private void describe(long sessionHigh, long sessionLow, BootIdentity boot) {
        buffer.putInt(StagingDescriptor.MAGIC_OFFSET, StagingDescriptor.MAGIC, LITTLE_ENDIAN);
        buffer.putByte(StagingDescriptor.MAJOR_OFFSET, (byte) JournalDescriptor.MAJOR);
        buffer.putByte(StagingDescriptor.MINOR_OFFSET, (byte) JournalDescriptor.MINOR);
        buffer.putShort(StagingDescriptor.SLOTS_OFFSET, (short) StagingDescriptor.SLOTS, LITTLE_ENDIAN);
        buffer.putLong(StagingDescriptor.SESSION_HIGH_OFFSET, sessionHigh, LITTLE_ENDIAN);
        buffer.putLong(StagingDescriptor.SESSION_LOW_OFFSET, sessionLow, LITTLE_ENDIAN);
        buffer.putLong(StagingDescriptor.BOOT_HIGH_OFFSET, boot.high(), LITTLE_ENDIAN);
        buffer.putLong(StagingDescriptor.BOOT_LOW_OFFSET, boot.low(), LITTLE_ENDIAN);
        buffer.putInt(StagingDescriptor.SLOT_LENGTH_OFFSET, StagingDescriptor.SLOT_LENGTH, LITTLE_ENDIAN);
        buffer.getBytes(0, frame, 0, StagingDescriptor.CHECKSUM_OFFSET);
        crc.reset();
        crc.update(frame, 0, StagingDescriptor.CHECKSUM_OFFSET);
        buffer.putInt(StagingDescriptor.CHECKSUM_OFFSET, (int) crc.getValue(), LITTLE_ENDIAN);
    }

    /** Sequence number of the next event. */
    long nextSequence() {
        return nextSequence;
    }

    /** Whether a frame of this length should go into a new block. */
    boolean isFullFor(int frameLength) {
        return records >= BlockDescriptor.TARGET_COUNT
                || records > 0 && payloadLength + frameLength > BlockDescriptor.TARGET_PAYLOAD_LENGTH;
    }

    /** Whether the open block has no event yet. */
    boolean isEmpty() {
        return records == 0;
    }

    /** Whether a frame of this length can go into this block at all. */
    boolean hasRoomFor(int frameLength) {
        return frameLength <= BlockDescriptor.MAX_PAYLOAD_LENGTH - payloadLength
                && frameLength <= slot + END_OF_SLOT - end;
    }

    /**
     * Stores one frame. When it returns the event survives the death of the process: the mapping belongs to the operating
     * system.
     *
     * @return its sequence number
     */
    long append(DirectBuffer source, int offset, int length) {
        long sequence = nextSequence;
        int at = end;
        int check = checksum(source, offset, length) ^ StagingDescriptor.seal(salt, sequence);
        FrameCopy.copy(source, offset, buffer, at + StagingDescriptor.RECORD_HEADER_LENGTH, length);
        buffer.putLong(at, Integer.toUnsignedLong(check) << 32 | length, LITTLE_ENDIAN);
        end = at + StagingDescriptor.RECORD_HEADER_LENGTH + length;
        payloadLength += length;
        nextSequence = sequence + 1;
        putIntRelease(slot + StagingDescriptor.RECORDS_OFFSET, ++records);
        return sequence;
    }

    private int checksum(DirectBuffer source, int offset, int length) {
        byte[] bytes = source.byteArray();
        int from = offset + source.wrapAdjustment();
        if (bytes == null) {
            source.getBytes(offset, frame, 0, length);
            bytes = frame;
            from = 0;
        }
        crc.reset();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** Forgets what the slot of a block held, which is in the queue now, and opens it for the next event. */
    void openSlot(long block) {
        int at = StagingDescriptor.slotOffset(block);
        putLongVolatile(at + StagingDescriptor.STATE_OFFSET, StagingDescriptor.STATE_CLEARING);
        // In this order: whoever sees the new sequence number must not see the old count with it.
        putIntRelease(at + StagingDescriptor.RECORDS_OFFSET, 0);
        putLongVolatile(at + StagingDescriptor.FIRST_SEQUENCE_OFFSET, nextSequence);
        int check = StagingDescriptor.check(salt, StagingDescriptor.STATE_OPEN, nextSequence);
        buffer.putInt(at + StagingDescriptor.CHECK_OFFSET, check, LITTLE_ENDIAN);
        putLongVolatile(at + StagingDescriptor.STATE_OFFSET, StagingDescriptor.STATE_OPEN);
        slot = at;
        end = at + StagingDescriptor.SLOT_HEADER_LENGTH;
        records = 0;
        payloadLength = 0;
    }

    /** Collects the frames of a finished block. */
    void copyTo(BlockBuilder builder, long block) {
        int at = StagingDescriptor.slotOffset(block);
        int count = getIntVolatile(at + StagingDescriptor.RECORDS_OFFSET);
        int record = at + StagingDescriptor.SLOT_HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            int length = buffer.getInt(record + StagingDescriptor.RECORD_LENGTH_OFFSET, LITTLE_ENDIAN);
            builder.add(buffer, record + StagingDescriptor.RECORD_HEADER_LENGTH, length);
            record += StagingDescriptor.RECORD_HEADER_LENGTH + length;
        }
    }

    /** Number of events appended so far, or -1 if the slot of this block is not the open one any more. */
    long eventsAcknowledged(long block) {
        int at = StagingDescriptor.slotOffset(block);
        long first = getLongVolatile(at + StagingDescriptor.FIRST_SEQUENCE_OFFSET);
        int count = getIntVolatile(at + StagingDescriptor.RECORDS_OFFSET);
        boolean open = getLongVolatile(at + StagingDescriptor.STATE_OFFSET) == StagingDescriptor.STATE_OPEN;
        return open ? first + count : -1;
    }

    /** Says that so many events are on the disk. */
    void markDurable(long events) {
        int at = secondMark ? StagingDescriptor.SECOND_MARK_OFFSET : StagingDescriptor.FIRST_MARK_OFFSET;
        secondMark = !secondMark;
        note(at, StagingDescriptor.WORD_DURABLE, events);
    }

    /** Says that the journal was closed in order with so many events. */
    void markClosed(long events) {
        note(StagingDescriptor.END_OFFSET, StagingDescriptor.WORD_CLOSED, events);
    }

    private void note(int at, long word, long events) {
        buffer.putLong(at + StagingDescriptor.NOTE_EVENTS_OFFSET, events, LITTLE_ENDIAN);
        int check = StagingDescriptor.check(salt, word, events);
        buffer.putInt(at + StagingDescriptor.NOTE_CHECK_OFFSET, check, LITTLE_ENDIAN);
        putLongVolatile(at, word);
    }

    /** Forces all slots to the disk. */
    void forceSlots() {
        mapped.force(StagingDescriptor.PAGE_LENGTH, StagingDescriptor.FILE_LENGTH - StagingDescriptor.PAGE_LENGTH);
    }

    /** Forces the description and the notes to the disk. */
    void forceDescription() {
        mapped.force(0, StagingDescriptor.PAGE_LENGTH);
    }

    @Override
    public void close() {
        BufferUtil.free(mapped);
    }

    private int getIntVolatile(int offset) {
        int value = buffer.getIntVolatile(offset);
        return NATIVE_IS_LITTLE ? value : Integer.reverseBytes(value);
    }

    private long getLongVolatile(int offset) {
        long value = buffer.getLongVolatile(offset);
        return NATIVE_IS_LITTLE ? value : Long.reverseBytes(value);
    }

    private void putIntRelease(int offset, int value) {
        buffer.putIntRelease(offset, NATIVE_IS_LITTLE ? value : Integer.reverseBytes(value));
    }

    private void putLongVolatile(int offset, long value) {
        buffer.putLongVolatile(offset, NATIVE_IS_LITTLE ? value : Long.reverseBytes(value));
    }
}
