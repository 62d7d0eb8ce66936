package org.iorewind.trace.journal;

import java.util.zip.CRC32C;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.CompactFrame;

/**
 * Layout of the file {@code open-blocks}, little-endian: one page that describes it, then {@value #SLOTS} slots, each with
 * the events of one block. Block <i>n</i> lies in slot <i>n</i> mod {@value #SLOTS}.
 *
 * <pre>
 *  description, one page of 4,096 bytes
 *      0               4               8
 *  +---------------+---+---+-------+
 *  | magic "IORS"  |maj|min| slots |  0
 *  +---------------+---+---+-------+
 *  | session id, high half         |  8
 *  +-------------------------------+
 *  | session id, low half          |  16
 *  +-------------------------------+
 *  | identity of the boot, high    |  24    0: not known
 *  +-------------------------------+
 *  | identity of the boot, low     |  32
 *  +---------------+---------------+
 *  | slot length   | CRC-32C       |  40    over bytes 0 to 43
 *  +---------------+---------------+
 *
 *  at 512 and 1,024: the durable mark, written in turns; at 1,536: the end, once the journal was closed in order
 *  +-------------------------------+
 *  | word of the kind              |  0     three words that differ in many bits; 0: not written yet
 *  +-------------------------------+
 *  | number of events              |  8     so many are durable, or so many there are
 *  +---------------+---------------+
 *  | check         |       0       |  16    over the two before: see {@link #check}
 *  +---------------+---------------+
 *
 *  slot, 684,032 bytes
 *  +-------------------------------+
 *  | state: open, being cleared    |  0      0: never used
 *  +-------------------------------+
 *  | first sequence number         |  8
 *  +---------------+---------------+
 *  | check         | frames        |  16     over the state open and the sequence number; counted after each frame
 *  +---------------+---------------+
 *  |               0               |  24 to 63
 *  +-------------------------------+
 *  | checks of the frames ...      |  64     one word for each: see {@link #seal}, {@link CompactFrame}
 *  +-------------------------------+
 *  | header of the block           |  32,128 written when the block is full
 *  +-------------------------------+
 *  | compact frames ...            |  32,192 one behind the other
 *  +-------------------------------+
 * </pre>
 *
 * <p>Header and frames of a full block lie together as the queue has them, so that they are written there as they are. Where
 * a frame ends stands in the frame. The check is of the compact frame; what that
 * refers to is covered by the checks of the frames before it.
 *
 * <p>A slot is used again and not zeroed: what lies behind its counted frames is of an earlier block. Each check
 * therefore depends on the session and on the sequence number, so that nothing earlier can pass for something present:
 * not even if a power loss leaves pages of several ages. The checks of frames are not CRCs: a step of theirs is a
 * multiplication, which costs half as much, and each step keeps all differences, so that a change within one word of a
 * frame is always found. The block gets its CRC-32C when it is full.
 *
 * <p>Journals of versions 1 and 2 have other slots: {@link SlotLayout} knows all.
 */
final class StagingDescriptor {
    static final String NAME = "open-blocks";

    static final int MAGIC = 0x5352_4F49;
    static final long STATE_OPEN = 0x6E65_706F_A51C_93B7L;
    static final long STATE_CLEARING = 0x7261_656C_6352_E80DL;
    static final long WORD_DURABLE = 0x656C_6261_7275_64D2L;
    static final long WORD_CLOSED = 0x6465_736F_6C63_1D6AL;

    static final int MAGIC_OFFSET = 0;
    static final int MAJOR_OFFSET = 4;
    static final int MINOR_OFFSET = 5;
    static final int SLOTS_OFFSET = 6;
    static final int SESSION_HIGH_OFFSET = 8;
    static final int SESSION_LOW_OFFSET = 16;
    static final int BOOT_HIGH_OFFSET = 24;
    static final int BOOT_LOW_OFFSET = 32;
    static final int SLOT_LENGTH_OFFSET = 40;
    static final int CHECKSUM_OFFSET = 44;
    static final int DESCRIPTION_LENGTH = 48;

    /** Disks write sectors of 512 bytes whole: of two marks in two sectors one survives. */
    static final int FIRST_MARK_OFFSET = 512;

    static final int SECOND_MARK_OFFSET = 1024;
    static final int END_OFFSET = 1536;
    static final int NOTE_LENGTH = 24;
    static final int NOTE_EVENTS_OFFSET = 8;
    static final int NOTE_CHECK_OFFSET = 16;

    static final int PAGE_LENGTH = 4096;
    static final int SLOTS = 8;

    static final int STATE_OFFSET = 0;
    static final int FIRST_SEQUENCE_OFFSET = 8;
    static final int CHECK_OFFSET = 16;
    static final int RECORDS_OFFSET = 20;
    static final int SLOT_HEADER_LENGTH = 64;

    static final int CHECKS_OFFSET = SLOT_HEADER_LENGTH;
    static final int CHECK_LENGTH = Long.BYTES;

    /** More than a block has: when the disk is full no block can be closed, but the {@code SessionEnd} still fits. */
    static final int CHECKS = BlockDescriptor.TARGET_COUNT + 8;

    static final int BLOCK_OFFSET = CHECKS_OFFSET + CHECKS * CHECK_LENGTH;
    static final int FRAMES_OFFSET = BLOCK_OFFSET + BlockDescriptor.HEADER_LENGTH;

    /** Room for the longest block and for a {@code SessionEnd}, see above. */
    static final int SLOT_LENGTH = 684_032;

    static final int FILE_LENGTH = PAGE_LENGTH + SLOTS * SLOT_LENGTH;

    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    static {
        int most = FRAMES_OFFSET + BlockDescriptor.MAX_PAYLOAD_LENGTH + 120 * 1024;
        if (most > SLOT_LENGTH) {
            throw new AssertionError("slot too short");
        }
    }

    private StagingDescriptor() {}

    /** Where the slot of a block begins in the file. */
    static int slotOffset(long block) {
        return PAGE_LENGTH + (int) (block % SLOTS) * SLOT_LENGTH;
    }

    /** What a session's seals depend on. */
    static long salt(long sessionHigh, long sessionLow) {
        return (sessionHigh * GOLDEN) ^ sessionLow;
    }

    /** What the check of a frame starts from: no two numbers have the same. */
    static long seal(long salt, long sequence) {
        return (salt + sequence) * GOLDEN;
    }

    /** The check of a word and a number, in a session. */
    static int check(long salt, long word, long number) {
        // Byte by byte: an array for them would be the only thing that the writer allocates.
        CRC32C crc = new CRC32C();
        update(crc, salt);
        update(crc, word);
        update(crc, number);
        return (int) crc.getValue();
    }

    private static void update(CRC32C crc, long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            crc.update((int) (value >>> shift));
        }
    }
}
