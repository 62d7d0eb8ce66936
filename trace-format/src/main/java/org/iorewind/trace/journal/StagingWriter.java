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
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.BlockSealer;
import org.iorewind.trace.block.CompactFrame;
import org.iorewind.trace.block.FrameCompactor;

/**
 * Writes the file of the open blocks. Every byte of it is allocated before it is mapped, so that a full disk cannot be met
 * by a store to memory. Allocates nothing per event.
 *
 * <p>Thread rule: {@link #append}, {@link #openSlot} and {@link #isFullFor} belong to the writer's thread; the others may be
 * called by the publisher's thread for blocks that the writer has finished.
 */
final class StagingWriter implements AutoCloseable {
    private static final boolean NATIVE_IS_LITTLE = ByteOrder.nativeOrder() == LITTLE_ENDIAN;

    private static final int LONGEST_FIVE_WORDS = CompactFrame.longest(5 * Long.BYTES);

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    /** The blocks in the slots, each from its header on. */
    private final ByteBuffer[] blocks = new ByteBuffer[StagingDescriptor.SLOTS];
    /** Of each finished block, the length of its compact frames and the times of its first and last event. */
    private final int[] lengths = new int[StagingDescriptor.SLOTS];

    private final long[] firstTimes = new long[StagingDescriptor.SLOTS];
    private final long[] lastTimes = new long[StagingDescriptor.SLOTS];
    private final FrameCompactor compactor = new FrameCompactor();
    private final long salt;
    private boolean secondMark;

    private long block;
    private int checks;
    private int start;
    private int end;
    private int lastForFiveWords;
    private long firstTime;
    private long lastTime;
    private int records;
    private long firstSequence;

    private StagingWriter(MappedByteBuffer mapped, long salt) {
        this.mapped = mapped;
        this.buffer = new UnsafeBuffer(mapped);
        this.salt = salt;
        for (int i = 0; i < blocks.length; i++) {
            int at = StagingDescriptor.slotOffset(i) + StagingDescriptor.BLOCK_OFFSET;
            int length = StagingDescriptor.SLOT_LENGTH - StagingDescriptor.BLOCK_OFFSET;
            blocks[i] = mapped.slice(at, length).order(LITTLE_ENDIAN);
        }
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
        CRC32C crc = new CRC32C();
        crc.update(mapped.slice(0, StagingDescriptor.CHECKSUM_OFFSET));
        buffer.putInt(StagingDescriptor.CHECKSUM_OFFSET, (int) crc.getValue(), LITTLE_ENDIAN);
    }

    /** Sequence number of the next event. */
    long nextSequence() {
        return firstSequence + records;
    }

    /** Whether a frame of this length should go into a new block. */
    boolean isFullFor(int frameLength) {
        return BlockDescriptor.isFull(records, end - start, frameLength);
    }

    /** Whether a frame of five words may go into the open block: as {@link #isFullFor}, with less to count. */
    boolean takesFiveWords() {
        return records < BlockDescriptor.TARGET_COUNT && end <= lastForFiveWords;
    }

    /** Whether the open block has no event yet. */
    boolean isEmpty() {
        return records == 0;
    }

    /** Whether a frame of this length can go into this block at all. */
    boolean hasRoomFor(int frameLength) {
        return records < StagingDescriptor.CHECKS
                && CompactFrame.longest(frameLength) <= BlockDescriptor.MAX_PAYLOAD_LENGTH - (end - start);
    }

    /**
     * Stores one frame. When it returns the event survives the death of the process: the mapping belongs to the operating
     * system.
     *
     * @return its sequence number
     */
    long append(DirectBuffer source, int offset, int length) {
        long seal = StagingDescriptor.seal(salt, firstSequence + records);
        int behind = compactor.append(buffer, end, source, offset, length, seal);
        return commit(behind, source.getLong(offset + FrameDescriptor.TIME_OFFSET, LITTLE_ENDIAN));
    }

    /** As above, of a frame of five words that need not be in memory; its second word is its time. */
    long append(long word0, long word1, long word2, long word3, long word4) {
        long seal = StagingDescriptor.seal(salt, firstSequence + records);
        return commit(compactor.append(buffer, end, word0, word1, word2, word3, word4, seal), word1);
    }

    /** The count comes last: it is what makes the frame an event. */
    private long commit(int behind, long timeNs) {
        int count = records;
        int checkAt = checks + count * StagingDescriptor.CHECK_LENGTH;
        buffer.putLong(checkAt, compactor.check(), LITTLE_ENDIAN);
        if (count == 0) {
            firstTime = timeNs;
        }
        lastTime = timeNs;
        end = behind;
        records = count + 1;
        putIntRelease(checks - StagingDescriptor.CHECKS_OFFSET + StagingDescriptor.RECORDS_OFFSET, count + 1);
        return firstSequence + count;
    }

    /** The open block is full: from now on others may ask for it. */
    void finishBlock() {
        int index = (int) (block % StagingDescriptor.SLOTS);
        lengths[index] = end - start;
        firstTimes[index] = firstTime;
        lastTimes[index] = lastTime;
    }

    /**
     * A finished block with its header, as it goes into the queue; the memory behind its limit may be written to. It lies in its
     * slot: valid until that is opened for another block.
     */
    ByteBuffer seal(long finished, BlockSealer sealer) {
        int index = (int) (finished % StagingDescriptor.SLOTS);
        int count = getIntVolatile(StagingDescriptor.slotOffset(finished) + StagingDescriptor.RECORDS_OFFSET);
        ByteBuffer sealed = blocks[index];
        sealer.seal(sealed.clear(), count, lengths[index], firstTimes[index], lastTimes[index]);
        return sealed;
    }

    /** Forgets what the slot of a block held, which is in the queue now, and opens it for the next event. */
    void openSlot(long next) {
        int at = StagingDescriptor.slotOffset(next);
        long sequence = firstSequence + records;
        putLongVolatile(at + StagingDescriptor.STATE_OFFSET, StagingDescriptor.STATE_CLEARING);
        // In this order: whoever sees the new sequence number must not see the old count with it.
        putIntRelease(at + StagingDescriptor.RECORDS_OFFSET, 0);
        putLongVolatile(at + StagingDescriptor.FIRST_SEQUENCE_OFFSET, sequence);
        int check = StagingDescriptor.check(salt, StagingDescriptor.STATE_OPEN, sequence);
        buffer.putInt(at + StagingDescriptor.CHECK_OFFSET, check, LITTLE_ENDIAN);
        putLongVolatile(at + StagingDescriptor.STATE_OFFSET, StagingDescriptor.STATE_OPEN);
        block = next;
        checks = at + StagingDescriptor.CHECKS_OFFSET;
        start = at + StagingDescriptor.FRAMES_OFFSET;
        end = start;
        lastForFiveWords = start + BlockDescriptor.TARGET_PAYLOAD_LENGTH - LONGEST_FIVE_WORDS;
        firstSequence = sequence;
        records = 0;
        compactor.reset();
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
