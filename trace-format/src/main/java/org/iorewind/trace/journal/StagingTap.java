package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.PlainReason;

/**
 * Takes events out of {@code open-blocks} as they come. Every look copies, checks the records, and makes sure that the slot
 * was not used again meanwhile. Allocates nothing per look.
 */
final class StagingTap implements AutoCloseable {
    /** What is copied in one look, unless a frame is longer. */
    private static final int LOOK_LENGTH = 96 * 1024;

    private static final String NEXT_STEP = "copy the whole journal directory again";

    private final String file;
    private final FileChannel channel;
    private final SlotLayout layout;
    private final long salt;
    private final SlotParser parser;
    private final ByteBuffer header =
            ByteBuffer.allocate(StagingDescriptor.SLOT_HEADER_LENGTH).order(LITTLE_ENDIAN);
    /** Parts of a slot, each where it is in the slot. */
    private final ByteBuffer copy;

    private final UnsafeBuffer frames;
    private int count;

    /** Where the record of this sequence number lies, if the slot is still of that block. */
    private long knownSequence = -1;

    private long knownFirst;
    private int knownSlot;
    private int knownOffset;

    private StagingTap(String file, FileChannel channel, SlotLayout layout, long salt) {
        this.file = file;
        this.channel = channel;
        this.layout = layout;
        this.salt = salt;
        this.parser = new SlotParser(layout, salt);
        this.copy = ByteBuffer.allocate(layout.slotLength()).order(LITTLE_ENDIAN);
        this.frames = parser.buffer();
    }

    static StagingTap open(Path directory, JournalMarker marker) {
        Path path = directory.resolve(StagingDescriptor.NAME);
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new StagingTap(
                    path.toString(), channel, marker.layout(), StagingDescriptor.salt(marker.high(), marker.low()));
        } catch (IOException e) {
            throw new CorruptTraceException(path.toString(), "", "a readable file", PlainReason.of(e), NEXT_STEP, e);
        }
    }

    /** Sequence number of the first event in the slots; -1 if no slot is open. */
    long firstHeld() {
        if (knownSequence >= 0) {
            readHeader(knownSlot);
            if (first() == knownFirst) {
                return knownFirst;
            }
            knownSequence = -1;
        }
        long least = -1;
        for (int slot = 0; slot < StagingDescriptor.SLOTS; slot++) {
            readHeader(slot);
            long first = first();
            least = first < 0 || least >= 0 && least <= first ? least : first;
        }
        return least;
    }

    /**
     * Copies events from one on, as many as are there.
     *
     * @return length of their frames in bytes; 0 if there is none yet; -1 if it is in no slot any more
     */
    int read(long sequence) {
        if (sequence != knownSequence && !find(sequence)) {
            return firstHeld() > sequence ? -1 : 0;
        }
        readHeader(knownSlot);
        if (first() != knownFirst) {
            knownSequence = -1;
            return -1;
        }
        long end = knownFirst + header.getInt(StagingDescriptor.RECORDS_OFFSET);
        if (sequence >= end) {
            // The next event of a full block is in the next slot.
            int full = knownSlot;
            int following = (full + 1) % StagingDescriptor.SLOTS;
            readHeader(following);
            if (first() != sequence) {
                return 0;
            }
            know(sequence, sequence, following, layout.firstOffset());
            parser.begin();
            return read(sequence);
        }
        int length = copyRecords(sequence, end, LOOK_LENGTH);
        return length == 0 ? copyRecords(sequence, end, layout.slotLength()) : length;
    }

    private int copyRecords(long sequence, long end, int most) {
        int index = (int) (sequence - knownFirst);
        if (layout.hasTable()) {
            copyPart(checkOffset(index), checkOffset((int) (end - knownFirst)));
        }
        copyPart(knownOffset, Math.min(knownOffset + most, layout.slotLength()));
        int at = knownOffset;
        int length = 0;
        count = 0;
        while (sequence + count < end) {
            int frameLength = parser.take(copy, at, index + count, sequence + count, frames, length);
            if (frameLength < 0) {
                break;
            }
            length += frameLength;
            at = parser.behind();
            count++;
        }
        readHeader(knownSlot);
        if (first() != knownFirst) {
            knownSequence = -1;
            return -1;
        }
        if (count == 0 && most == layout.slotLength()) {
            String place = "slot " + knownSlot + ", offset " + knownOffset;
            throw new CorruptTraceException(file, place, "event " + sequence, "no whole record", NEXT_STEP);
        }
        know(sequence + count, knownFirst, knownSlot, at);
        return length;
    }

    /** Where the check of a frame stands in a slot. */
    private static int checkOffset(int index) {
        return StagingDescriptor.CHECKS_OFFSET
                + Math.min(index, StagingDescriptor.CHECKS) * StagingDescriptor.CHECK_LENGTH;
    }

    /** Copies a part of the known slot to where it belongs; the limit is then its end. */
    private void copyPart(int from, int to) {
        copy.limit(to).position(from);
        readAt(copy, layout.slotOffset(knownSlot) + from);
    }

    private void know(long sequence, long first, int slot, int offset) {
        knownSequence = sequence;
        knownFirst = first;
        knownSlot = slot;
        knownOffset = offset;
    }

    /** Looks for the slot with an event, or the one that ends right before it. */
    private boolean find(long sequence) {
        knownSequence = -1;
        for (int slot = 0; slot < StagingDescriptor.SLOTS; slot++) {
            readHeader(slot);
            long first = first();
            int records = header.getInt(StagingDescriptor.RECORDS_OFFSET);
            if (first >= 0 && first <= sequence && sequence < first + records) {
                int offset = layout.firstOffset();
                copy.clear();
                readAt(copy, layout.slotOffset(slot));
                copy.flip();
                parser.begin();
                for (long i = first; i < sequence; i++) {
                    if (parser.take(copy, offset, (int) (i - first), i, frames, 0) < 0) {
                        return false;
                    }
                    offset = parser.behind();
                }
                know(sequence, first, slot, offset);
                return true;
            }
        }
        return false;
    }

    /** Frames of the last look. */
    UnsafeBuffer frames() {
        return frames;
    }

    /** Events of the last look. */
    int count() {
        return count;
    }

    /** Number of events of a journal that was closed in order, or -1. */
    long closedEvents() {
        header.clear().limit(StagingDescriptor.NOTE_LENGTH);
        readAt(header, StagingDescriptor.END_OFFSET);
        long word = header.getLong(0);
        long events = header.getLong(StagingDescriptor.NOTE_EVENTS_OFFSET);
        int check = StagingDescriptor.check(salt, StagingDescriptor.WORD_CLOSED, events);
        boolean closed =
                word == StagingDescriptor.WORD_CLOSED && header.getInt(StagingDescriptor.NOTE_CHECK_OFFSET) == check;
        return closed ? events : -1;
    }

    private void readHeader(int slot) {
        header.clear();
        readAt(header, layout.slotOffset(slot));
    }

    /** First sequence number of the slot whose header was read last; -1 if it is not open. */
    private long first() {
        if (header.getLong(StagingDescriptor.STATE_OFFSET) != StagingDescriptor.STATE_OPEN) {
            return -1;
        }
        long first = header.getLong(StagingDescriptor.FIRST_SEQUENCE_OFFSET);
        int check = StagingDescriptor.check(salt, StagingDescriptor.STATE_OPEN, first);
        return header.getInt(StagingDescriptor.CHECK_OFFSET) == check ? first : -1;
    }

    private void readAt(ByteBuffer into, long position) {
        int start = into.position();
        try {
            while (into.hasRemaining()) {
                if (channel.read(into, position + into.position() - start) < 0) {
                    String place = "offset " + position;
                    throw new CorruptTraceException(file, place, "more bytes", "the end of the file", NEXT_STEP);
                }
            }
        } catch (IOException e) {
            throw new CorruptTraceException(file, "", "a readable file", PlainReason.of(e), NEXT_STEP, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
