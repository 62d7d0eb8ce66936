package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TruncatedTraceException;
import org.iorewind.trace.UnsupportedTraceException;

/**
 * What the file of the open block held at one moment. The writer may be alive or dead.
 *
 * @param state one of the three states
 * @param firstSequence sequence number of the first record; so many events must be in the queue
 * @param previousChecksum checksum of the last block in the queue
 * @param count of records
 * @param frames of all records, one behind the other
 */
record OpenBlock(long state, long firstSequence, int previousChecksum, int count, byte[] frames) {
    private static final String NEXT_STEP = "the blocks before stay readable; 'iorewind check' lists all damage";

    /** A living writer clears the file in microseconds; so many looks at it are not always unlucky. */
    private static final int ATTEMPTS = 200;
    /** A record that was caught in the middle of being written is whole long before that many looks. */
    private static final int REFUSALS = 3;

    boolean isClosed() {
        return state == JournalDescriptor.STATE_CLOSED;
    }

    /** Whether the writer died between a full block and the next one: all events are in the queue. */
    boolean isBeingCleared() {
        return state == JournalDescriptor.STATE_CLEARING;
    }

    /** The number of events that must be in the queue at least. */
    static long requiredEvents(Path file, long high, long low) {
        return read(file, high, low).firstSequence;
    }

    /**
     * Takes a consistent copy.
     *
     * @throws TraceFormatException if a byte of it cannot be trusted
     */
    static OpenBlock read(Path file, long high, long low) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int refusals = 0;
            for (int attempt = 1; ; attempt++) {
                boolean last = attempt == ATTEMPTS;
                byte[] before = readAt(channel, 0, JournalDescriptor.HEADER_LENGTH, file);
                byte[] copy = readAt(channel, 0, JournalDescriptor.OPEN_BLOCK_LENGTH, file);
                byte[] after = readAt(channel, 0, JournalDescriptor.HEADER_LENGTH, file);
                boolean still = Arrays.equals(before, after);
                boolean sameBlock = Arrays.equals(
                        before, 0, JournalDescriptor.RECORDS_OFFSET, after, 0, JournalDescriptor.RECORDS_OFFSET);
                boolean settled = ByteBuffer.wrap(before).order(LITTLE_ENDIAN).getLong(JournalDescriptor.STATE_OFFSET)
                        != JournalDescriptor.STATE_CLEARING;
                if (!last && (!sameBlock || !settled)) {
                    Thread.onSpinWait();
                    continue;
                }
                try {
                    return new Parser(file, before, copy, still).parse(high, low);
                } catch (CorruptTraceException e) {
                    // The writer may have been in the middle of a record; then the next look finds it whole.
                    if (++refusals == REFUSALS || last) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            String nextStep = "the blocks are in 'blocks'; their tail cannot be vouched for";
            throw new CorruptTraceException(file.toString(), "", "a readable file", PlainReason.of(e), nextStep, e);
        }
    }

    private static byte[] readAt(FileChannel channel, long offset, int length, Path file) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (channel.read(into, offset + into.position()) < 0) {
                String found = into.position() + " bytes";
                throw new TruncatedTraceException(file.toString(), "", length + " bytes", found, NEXT_STEP);
            }
        }
        return into.array();
    }

    private static final class Parser {
        private final Path file;
        private final byte[] header;
        private final ByteBuffer in;
        private final boolean still;
        private final CRC32C crc = new CRC32C();

        Parser(Path file, byte[] header, byte[] copy, boolean still) {
            this.file = file;
            this.header = header;
            this.in = ByteBuffer.wrap(copy).order(LITTLE_ENDIAN);
            this.still = still;
        }

        OpenBlock parse(long high, long low) {
            ByteBuffer head = ByteBuffer.wrap(header).order(LITTLE_ENDIAN);
            long state = head.getLong(JournalDescriptor.STATE_OFFSET);
            if (state == JournalDescriptor.STATE_CLEARING) {
                return new OpenBlock(state, 0, 0, 0, new byte[0]);
            }
            if (state != JournalDescriptor.STATE_OPEN && state != JournalDescriptor.STATE_CLOSED) {
                throw corrupt("header", "a state", "0x" + Long.toHexString(state));
            }
            checkHeader(head, high, low);
            int records = head.getInt(JournalDescriptor.RECORDS_OFFSET);
            byte[] frames = new byte[in.capacity()];
            int count = 0;
            int length = 0;
            int at = JournalDescriptor.HEADER_LENGTH;
            // A living writer goes on while we read: then only what was counted before is known to be whole.
            while ((still || count < records) && in.getInt(at) != 0) {
                int commitLength = frame(at, count);
                System.arraycopy(in.array(), at + JournalDescriptor.RECORD_HEADER_LENGTH, frames, length, commitLength);
                length += commitLength;
                count++;
                at += JournalDescriptor.RECORD_HEADER_LENGTH + commitLength;
            }
            // The count is written after the record: a writer that died in between leaves one record more.
            if (count != records && count != records + 1) {
                throw corrupt("offset " + at, records + " records", count + " records");
            }
            long firstSequence = head.getLong(JournalDescriptor.FIRST_SEQUENCE_OFFSET);
            int previous = head.getInt(JournalDescriptor.PREVIOUS_CHECKSUM_OFFSET);
            return new OpenBlock(state, firstSequence, previous, count, Arrays.copyOf(frames, length));
        }

        private void checkHeader(ByteBuffer head, long high, long low) {
            if (head.getInt(JournalDescriptor.MAGIC_OFFSET) != JournalDescriptor.MAGIC
                    || head.getInt(JournalDescriptor.CHECKSUM_OFFSET) != OpenBlockWriter.checksum(crc, header)) {
                throw corrupt("header", "magic \"IORS\" and a matching checksum", "other bytes");
            }
            int major = head.get(JournalDescriptor.MAJOR_OFFSET) & 0xFF;
            if (major != JournalDescriptor.MAJOR) {
                String expected = "journal format " + JournalDescriptor.MAJOR;
                String nextStep = "read it with a version of iorewind that knows this format";
                throw new UnsupportedTraceException(
                        file.toString(), "header", expected, "journal format " + major, nextStep);
            }
            long foundHigh = head.getLong(JournalDescriptor.SESSION_HIGH_OFFSET);
            long foundLow = head.getLong(JournalDescriptor.SESSION_LOW_OFFSET);
            if (foundHigh != high || foundLow != low) {
                String found = "session " + SessionInfo.sessionId(foundHigh, foundLow);
                throw corrupt("header", "session " + SessionInfo.sessionId(high, low), found);
            }
        }

        /** Checks the record and returns the length of its frame. */
        private int frame(int at, int number) {
            String place = "record " + number + " at offset " + at;
            int length = in.getInt(at + JournalDescriptor.COMMIT_LENGTH_OFFSET);
            int room = in.capacity() - at - 2 * JournalDescriptor.RECORD_HEADER_LENGTH;
            if (length < FrameDescriptor.MIN_FRAME_LENGTH
                    || length > FrameDescriptor.MAX_FRAME_LENGTH
                    || length > room
                    || length % FrameDescriptor.ALIGNMENT != 0) {
                throw corrupt(place, "the length of a frame", Integer.toUnsignedString(length));
            }
            crc.reset();
            crc.update(in.array(), at + JournalDescriptor.RECORD_HEADER_LENGTH, length);
            int claimed = in.getInt(at + JournalDescriptor.RECORD_CHECKSUM_OFFSET);
            if ((int) crc.getValue() != claimed) {
                String found = "0x" + Integer.toHexString((int) crc.getValue());
                throw corrupt(place, "checksum 0x" + Integer.toHexString(claimed), found);
            }
            return length;
        }

        private CorruptTraceException corrupt(String place, String expected, String found) {
            return new CorruptTraceException(file.toString(), place, expected, found, NEXT_STEP);
        }
    }
}
