package org.iorewind.trace.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.journal.StagedBlocks.StagedBlock;
import org.jspecify.annotations.Nullable;

/** Reads one slot of {@code open-blocks} out of a copy. Not thread-safe. */
final class SlotParser {
    static final Found NEVER_USED = new Found(null, null);

    private final SlotLayout layout;
    private final long salt;
    private final CRC32C crc = new CRC32C();

    SlotParser(SlotLayout layout, long salt) {
        this.layout = layout;
        this.salt = salt;
    }

    /**
     * What a slot held.
     *
     * @param block null if it was never used, is being cleared, or cannot be told
     * @param damage null if all is well
     */
    record Found(@Nullable StagedBlock block, @Nullable Problem damage) {}

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
     * @param copy of the slot, perhaps cut
     * @param still whether the header had not changed when the copy was there
     */
    Found parse(ByteBuffer header, ByteBuffer copy, boolean still) {
        long state = header.getLong(StagingDescriptor.STATE_OFFSET);
        if (state == 0 || state == StagingDescriptor.STATE_CLEARING) {
            return NEVER_USED;
        }
        long first = header.getLong(StagingDescriptor.FIRST_SEQUENCE_OFFSET);
        int check = StagingDescriptor.check(salt, StagingDescriptor.STATE_OPEN, first);
        if (state != StagingDescriptor.STATE_OPEN || header.getInt(StagingDescriptor.CHECK_OFFSET) != check) {
            return new Found(null, new Problem("header", "a state and a check", "other bytes", -1, -1));
        }
        int records = header.getInt(StagingDescriptor.RECORDS_OFFSET);
        byte[] frames = new byte[copy.limit()];
        int count = 0;
        int length = 0;
        int at = layout.firstOffset();
        @Nullable Problem problem = null;
        // A living writer goes on while we read: then only what was counted before is known to be whole.
        while (still || count < records) {
            int frameLength = frameLength(copy, at, count, first + count);
            if (frameLength < 0) {
                break;
            }
            copy.get(at + layout.frameHead(), frames, length, frameLength);
            length += frameLength;
            at += layout.frameHead() + frameLength;
            count++;
        }
        if (count < records || count > records + 1) {
            // The count is stored after the record: a writer that died in between leaves one record more.
            String found = count + " whole ones";
            long last = records < 0 || count > records ? -1 : first + records - 1;
            problem = new Problem("record " + count + " at " + at, records + " records", found, first + count, last);
        }
        return new Found(new StagedBlock(first, count, Arrays.copyOf(frames, length)), problem);
    }

    /** Length of a frame if it is whole, or -1: see {@link SlotLayout#frameLength}. */
    int frameLength(ByteBuffer slot, int at, int index, long sequence) {
        return layout.frameLength(slot, at, index, StagingDescriptor.seal(salt, sequence), crc);
    }
}
