package org.iorewind.trace.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.block.CompactFrame;
import org.jspecify.annotations.Nullable;

/**
 * Where the frames of a slot and their checks lie, by the major version of the journal. What stands in front of them (see
 * {@link StagingDescriptor}) has not changed.
 *
 * <pre>
 *  version 1, slot of 655,360 bytes
 *  +---------------+---------------+
 *  | frame length  | check         |  64    CRC-32C of the frame xor the high half of the seal of its sequence number
 *  +---------------+---------------+
 *  | frame ...                     |  72    then length, check and frame of the next one
 *  +-------------------------------+
 * </pre>
 */
enum SlotLayout {
    /** Each check stands in front of its frame. */
    VERSION_1(655_360, StagingDescriptor.SLOT_HEADER_LENGTH, Long.BYTES),
    /** The frames lie together, and so do their checks. */
    VERSION_2(StagingDescriptor.SLOT_LENGTH, StagingDescriptor.FRAMES_OFFSET, 0),
    /** So do {@linkplain org.iorewind.trace.block.CompactFrame compact frames}, and their checks. */
    VERSION_3(StagingDescriptor.SLOT_LENGTH, StagingDescriptor.FRAMES_OFFSET, 0);

    private static final int OLD_CHECK_OFFSET = 4;

    /** Longer than most compact frames are, see {@link #likelyLength}. */
    private static final int LIKELY_FRAME = 32;

    private static final int MARGIN = 16 * 1024;

    private final int slotLength;
    private final int firstOffset;
    private final int frameHead;

    SlotLayout(int slotLength, int firstOffset, int frameHead) {
        this.slotLength = slotLength;
        this.firstOffset = firstOffset;
        this.frameHead = frameHead;
    }

    /** The layout in journals of a major version, or null if it is not known. */
    static @Nullable SlotLayout of(int major) {
        return major >= 1 && major <= values().length ? values()[major - 1] : null;
    }

    int major() {
        return ordinal() + 1;
    }

    int slotLength() {
        return slotLength;
    }

    int fileLength() {
        return StagingDescriptor.PAGE_LENGTH + StagingDescriptor.SLOTS * slotLength;
    }

    /**
     * So many bytes of a slot have all that was written to it, most likely.
     *
     * @param records as the slot counts them, right or wrong
     */
    int likelyLength(int records) {
        int counted = Math.max(0, Math.min(records, StagingDescriptor.CHECKS));
        int likely = firstOffset + MARGIN + counted * LIKELY_FRAME;
        return isCompact() ? Math.min(likely, slotLength) : slotLength;
    }

    /** Where a slot begins in the file. */
    int slotOffset(int slot) {
        return StagingDescriptor.PAGE_LENGTH + slot * slotLength;
    }

    /** Where the first frame of a slot begins, with what belongs to it alone. */
    int firstOffset() {
        return firstOffset;
    }

    /** Bytes in front of each frame that belong to it alone. */
    int frameHead() {
        return frameHead;
    }

    /** Whether the checks are in a table of their own. */
    boolean hasTable() {
        return frameHead == 0;
    }

    /** Whether the frames are compact. */
    boolean isCompact() {
        return this == VERSION_3;
    }

    /**
     * Length of the longest frames that the first bytes of a slot can hold, in bytes.
     *
     * @param length so many bytes of the slot
     */
    int longestFrames(int length) {
        return isCompact() ? CompactFrame.longestExpanded(length, StagingDescriptor.CHECKS) : length;
    }

    /**
     * Length of a frame that is not compact, or -1 if there is none.
     *
     * @param slot its bytes, at least those of the frame; the frame must end before its limit
     * @param at where the frame begins, with its head
     */
    int frameLength(ByteBuffer slot, int at) {
        int frame = at + frameHead;
        int room = slot.limit() - frame;
        if (room < FrameDescriptor.MIN_FRAME_LENGTH) {
            return -1;
        }
        int length = hasTable()
                ? (slot.getShort(frame + FrameDescriptor.FRAME_WORDS_OFFSET) & 0xFFFF) * FrameDescriptor.ALIGNMENT
                : slot.getInt(at);
        if (length < FrameDescriptor.MIN_FRAME_LENGTH
                || length > FrameDescriptor.MAX_FRAME_LENGTH
                || length > room
                || length % FrameDescriptor.ALIGNMENT != 0) {
            return -1;
        }
        return length;
    }

    /**
     * Whether a frame that is not compact is what was written.
     *
     * @param slot its bytes, at least those of the frame and of its check
     * @param at where the frame begins in the slot, with its head
     * @param behind where it ends
     * @param index of the frame in the slot
     * @param seal of its sequence number
     */
    boolean hasCheck(ByteBuffer slot, int at, int behind, int index, long seal, CRC32C crc) {
        if (!hasTable()) {
            crc.reset();
            crc.update(slot.array(), slot.arrayOffset() + at + frameHead, behind - at - frameHead);
            return slot.getInt(at + OLD_CHECK_OFFSET) == ((int) crc.getValue() ^ (int) (seal >>> Integer.SIZE));
        }
        long check = seal;
        for (int i = at; i < behind; i += Long.BYTES) {
            check = CompactFrame.mix(check, slot.getLong(i));
        }
        return index < StagingDescriptor.CHECKS && check == check(slot, index);
    }

    /** The check in the table of a slot of a frame that there can be. */
    static long check(ByteBuffer slot, int index) {
        return slot.getLong(StagingDescriptor.CHECKS_OFFSET + index * StagingDescriptor.CHECK_LENGTH);
    }
}
