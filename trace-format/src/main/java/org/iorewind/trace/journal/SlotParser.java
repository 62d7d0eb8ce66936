package org.iorewind.trace.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.block.FrameExpander;
import org.iorewind.trace.journal.StagedBlocks.StagedBlock;
import org.jspecify.annotations.Nullable;

/** Reads a slot of {@code open-blocks} out of a copy, frame by frame. Not thread-safe. */
final class SlotParser {
    /** No block was ever in the slot. */
    static final Found NEVER_USED = new Found(null, null, true);

    private static final Found CLEARING = new Found(null, null, false);

    private final SlotLayout layout;
    private final long salt;
    private final CRC32C crc = new CRC32C();
    private final FrameExpander expander = new FrameExpander();
    private byte[] parsed = new byte[0];
    private int behind;
    private boolean isCut;

    SlotParser(SlotLayout layout, long salt) {
        this.layout = layout;
        this.salt = salt;
    }

    /**
     * What a slot held.
     *
     * @param block null if it was never used, is being cleared, or cannot be told
     * @param damage null if all is well
     * @param isNeverUsed whether no block was ever in the slot
     */
    record Found(@Nullable StagedBlock block, @Nullable Problem damage, boolean isNeverUsed) {}

    /** What is wrong, its place not yet named. */
    record Problem(String place, String expected, String found, long first, long last) {
        Damage at(String where) {
            return new Damage(place.isEmpty() ? where : where + ", " + place, expected, found, first, last);
        }
    }

    /**
     * Reads a slot.
     *
     * @param header of the slot, as it was before the copy was taken
     * @param copy of the slot, perhaps cut: see {@link #isCut}
     * @param still whether the header had not changed when the copy was there
     */
    Found parse(ByteBuffer header, ByteBuffer copy, boolean still) {
        long state = header.getLong(StagingDescriptor.STATE_OFFSET);
        if (state == 0) {
            return NEVER_USED;
        }
        if (state == StagingDescriptor.STATE_CLEARING) {
            return CLEARING;
        }
        long first = header.getLong(StagingDescriptor.FIRST_SEQUENCE_OFFSET);
        int check = StagingDescriptor.check(salt, StagingDescriptor.STATE_OPEN, first);
        if (state != StagingDescriptor.STATE_OPEN || header.getInt(StagingDescriptor.CHECK_OFFSET) != check) {
            return new Found(null, new Problem("header", "a state and a check", "other bytes", -1, -1), false);
        }
        int records = header.getInt(StagingDescriptor.RECORDS_OFFSET);
        if (parsed.length < layout.longestFrames(copy.limit()) + FrameExpander.SLACK) {
            parsed = new byte[layout.longestFrames(copy.limit()) + FrameExpander.SLACK];
        }
        UnsafeBuffer frames = new UnsafeBuffer(parsed);
        begin();
        isCut = false;
        int count = 0;
        int length = 0;
        int at = layout.firstOffset();
        @Nullable Problem problem = null;
        // A living writer goes on while we read: then only what was counted before is known to be whole.
        while (still || count < records) {
            int frameLength = take(copy, at, count, first + count, frames, length);
            if (frameLength < 0) {
                isCut = layout.isCompact()
                        && expander.claimedEnd(copy.array(), copy.arrayOffset() + at, copy.arrayOffset() + copy.limit())
                                > copy.arrayOffset() + copy.limit();
                break;
            }
            length += frameLength;
            at = behind;
            count++;
        }
        if (count < records || count > records + 1) {
            // The count is stored after the record: a writer that died in between leaves one record more.
            String found = count + " whole ones";
            long last = records < 0 || count > records ? -1 : first + records - 1;
            problem = new Problem("record " + count + " at " + at, records + " records", found, first + count, last);
        }
        return new Found(new StagedBlock(first, count, Arrays.copyOf(parsed, length)), problem, false);
    }

    /** Whether the copy that was parsed last ends in the middle of a frame, or of what may be one. */
    boolean isCut() {
        return isCut;
    }

    /** A buffer for all frames of a slot. */
    UnsafeBuffer buffer() {
        return new UnsafeBuffer(new byte[layout.longestFrames(layout.slotLength()) + FrameExpander.SLACK]);
    }

    /** The next frame that is taken is the first one of its slot. */
    void begin() {
        expander.reset();
    }

    /**
     * Copies a frame out of a slot if it is whole. The frames of a slot must be taken one after the other.
     *
     * @param slot its bytes, at least those of the frame and of its check; the frame must end before its limit
     * @param at where the frame begins
     * @param index of the frame in the slot
     * @param sequence number of the event
     * @param into where the frame goes: a {@link #buffer}, or another one with room for all frames of the slot
     * @param to offset there
     * @return length of the frame, or -1
     */
    int take(ByteBuffer slot, int at, int index, long sequence, UnsafeBuffer into, int to) {
        long seal = StagingDescriptor.seal(salt, sequence);
        return layout.isCompact()
                ? takeCompact(slot, at, index, seal, into.byteArray(), to)
                : takePlain(slot, at, index, seal, into.byteArray(), to);
    }

    private int takeCompact(ByteBuffer slot, int at, int index, long seal, byte[] into, int to) {
        int base = slot.arrayOffset();
        int limit = base + slot.limit();
        int length = expander.preview(slot.array(), base + at, limit, into, to, into.length - FrameExpander.SLACK);
        if (length < 0
                || index >= StagingDescriptor.CHECKS
                || SlotLayout.check(slot, index) != FrameExpander.check(slot.getInt(at), into, to, length, seal)) {
            return -1;
        }
        expander.accept(into, to, length);
        behind = expander.behind() - base;
        return length;
    }

    private int takePlain(ByteBuffer slot, int at, int index, long seal, byte[] into, int to) {
        int length = layout.frameLength(slot, at);
        int end = at + layout.frameHead() + length;
        if (length < 0 || !layout.hasCheck(slot, at, end, index, seal, crc)) {
            return -1;
        }
        slot.get(at + layout.frameHead(), into, to, length);
        behind = end;
        return length;
    }

    /** Where the slot goes on behind the frame taken last. */
    int behind() {
        return behind;
    }
}
