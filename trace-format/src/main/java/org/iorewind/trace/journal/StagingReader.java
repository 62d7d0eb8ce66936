package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.journal.StagedBlocks.StagedBlock;
import org.jspecify.annotations.Nullable;

/** Takes a consistent copy of {@code open-blocks}. What is damaged is listed; the rest is given back. */
final class StagingReader {
    private static final String NEXT_STEP = "the blocks before stay readable; 'iorewind check' lists all damage";

    /** A living writer opens a slot in microseconds; so many looks at it are not always unlucky. */
    private static final int ATTEMPTS = 200;

    private static final long NONE = -1;
    private static final long BAD = -2;

    private final Path file;
    private final long high;
    private final long low;
    private final long salt;
    private final List<StagedBlock> blocks = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private final SlotLayout layout;
    private final SlotParser parser;
    private byte[] slotBytes = new byte[0];
    private final List<Integer> neverUsed = new ArrayList<>();
    /** By the first sequence number of the block. */
    private final Map<Long, Integer> slots = new HashMap<>();

    private boolean tailKnown = true;
    private boolean isClosed;

    private StagingReader(Path file, JournalMarker marker) {
        this.file = file;
        this.high = marker.high();
        this.low = marker.low();
        this.salt = StagingDescriptor.salt(high, low);
        this.layout = marker.layout();
        this.parser = new SlotParser(layout, salt);
    }

    /**
     * Reads the file.
     *
     * @param directory of the journal
     * @throws UnsupportedTraceException if it is of another major version
     */
    static StagedBlocks read(Path directory, JournalMarker marker) {
        return new StagingReader(directory.resolve(StagingDescriptor.NAME), marker).read();
    }

    private StagedBlocks read() {
        long closed = -1;
        long durable = 0;
        boolean moved = false;
        BootIdentity boot = BootIdentity.UNKNOWN;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer page = readAt(channel, 0, StagingDescriptor.PAGE_LENGTH);
            if (page.limit() < StagingDescriptor.PAGE_LENGTH) {
                tailKnown = false;
                damage("", layout.fileLength() + " bytes", page.limit() + " bytes", -1, -1);
                return new StagedBlocks(blocks, damages, closed, durable, boot, tailKnown, neverUsed, moved);
            }
            if (channel.size() < layout.fileLength()) {
                damage("", layout.fileLength() + " bytes", channel.size() + " bytes", -1, -1);
            }
            boot = description(page);
            durable = durableMark(page);
            // Before the slots: what was closed by now is all there when they are read.
            closed = end(page);
            isClosed = closed >= 0;
            List<ByteBuffer> headers = headers(channel);
            readSlots(channel);
            moved = !headers.equals(headers(channel));
        } catch (IOException e) {
            tailKnown = false;
            damage("", "a readable file", PlainReason.of(e), -1, -1);
        }
        blocks.sort(Comparator.comparingLong(StagedBlock::firstSequence));
        return new StagedBlocks(blocks, damages, closed, durable, boot, tailKnown, neverUsed, moved);
    }

    private BootIdentity description(ByteBuffer page) {
        CRC32C crc = new CRC32C();
        crc.update(page.slice(0, StagingDescriptor.CHECKSUM_OFFSET));
        if (page.getInt(StagingDescriptor.MAGIC_OFFSET) != StagingDescriptor.MAGIC
                || page.getInt(StagingDescriptor.CHECKSUM_OFFSET) != (int) crc.getValue()) {
            damage("description", "magic \"IORS\" and a matching checksum", "other bytes", -1, -1);
            return BootIdentity.UNKNOWN;
        }
        int major = page.get(StagingDescriptor.MAJOR_OFFSET) & 0xFF;
        int slots = page.getShort(StagingDescriptor.SLOTS_OFFSET) & 0xFFFF;
        int slotLength = page.getInt(StagingDescriptor.SLOT_LENGTH_OFFSET);
        if (major != layout.major() || slots != StagingDescriptor.SLOTS || slotLength != layout.slotLength()) {
            String found = "journal format " + major + " with " + slots + " slots of " + slotLength + " bytes";
            String expected = "journal format " + layout.major() + " with " + StagingDescriptor.SLOTS + " slots of "
                    + layout.slotLength() + " bytes";
            String nextStep = "read it with a version of iorewind that knows this format";
            throw new UnsupportedTraceException(file.toString(), "description", expected, found, nextStep);
        }
        long foundHigh = page.getLong(StagingDescriptor.SESSION_HIGH_OFFSET);
        long foundLow = page.getLong(StagingDescriptor.SESSION_LOW_OFFSET);
        if (foundHigh != high || foundLow != low) {
            String found = "session " + SessionInfo.sessionId(foundHigh, foundLow);
            damage("description", "session " + SessionInfo.sessionId(high, low), found, -1, -1);
        }
        return new BootIdentity(
                page.getLong(StagingDescriptor.BOOT_HIGH_OFFSET), page.getLong(StagingDescriptor.BOOT_LOW_OFFSET));
    }

    /** The higher of the two marks; of one that was being written nothing is known, and the other one holds. */
    private long durableMark(ByteBuffer page) {
        long first = note(page, StagingDescriptor.FIRST_MARK_OFFSET, StagingDescriptor.WORD_DURABLE);
        long second = note(page, StagingDescriptor.SECOND_MARK_OFFSET, StagingDescriptor.WORD_DURABLE);
        if (first == BAD && second == BAD) {
            damage("durable mark", "one mark of two to be whole", "none", -1, -1);
        }
        return Math.max(0, Math.max(first, second));
    }

    private long end(ByteBuffer page) {
        long end = note(page, StagingDescriptor.END_OFFSET, StagingDescriptor.WORD_CLOSED);
        if (end == BAD) {
            damage("end", "a number of events and its check", "other bytes", -1, -1);
        }
        return Math.max(end, -1);
    }

    private long note(ByteBuffer page, int at, long word) {
        long found = page.getLong(at);
        long events = page.getLong(at + StagingDescriptor.NOTE_EVENTS_OFFSET);
        if (found == 0) {
            return NONE;
        }
        int check = StagingDescriptor.check(salt, word, events);
        return found == word && events >= 0 && page.getInt(at + StagingDescriptor.NOTE_CHECK_OFFSET) == check
                ? events
                : BAD;
    }

    private List<ByteBuffer> headers(FileChannel channel) throws IOException {
        List<ByteBuffer> headers = new ArrayList<>();
        for (int i = 0; i < StagingDescriptor.SLOTS; i++) {
            headers.add(readAt(channel, layout.slotOffset(i), StagingDescriptor.SLOT_HEADER_LENGTH));
        }
        return headers;
    }

    private void readSlots(FileChannel channel) throws IOException {
        for (int i = 0; i < StagingDescriptor.SLOTS; i++) {
            int at = layout.slotOffset(i);
            try {
                SlotParser.Found found = readSlot(channel, at);
                if (found.block() != null) {
                    blocks.add(found.block());
                    requireOwn(found.block(), i);
                }
                if (found.isNeverUsed()) {
                    neverUsed.add(i);
                }
                if (found.damage() != null) {
                    tailKnown = false;
                    damages.add(found.damage().at(file + ": slot " + i + ", offset " + at));
                }
            } catch (TraceFormatException e) {
                tailKnown = false;
                damage("slot " + i, e.expected(), e.found(), -1, -1);
            }
        }
    }

    /** Each block has its slot: a slot with the block of another one was overwritten, and may have held the youngest. */
    private void requireOwn(StagedBlock block, int slot) {
        @Nullable Integer other = block.count() == 0 ? null : slots.putIfAbsent(block.firstSequence(), slot);
        if (other != null) {
            // How many events there are, a journal that was closed says.
            tailKnown &= isClosed;
            String found = "the block from event " + block.firstSequence() + ", which is in slot " + other + ", too";
            damage("slot " + slot, "a block that is in no other slot", found, -1, -1);
        }
    }

    private SlotParser.Found readSlot(FileChannel channel, int at) throws IOException {
        boolean partsSuffice = true;
        for (int attempt = 1; ; attempt++) {
            ByteBuffer before = readAt(channel, at, StagingDescriptor.SLOT_HEADER_LENGTH);
            if (before.limit() == StagingDescriptor.SLOT_HEADER_LENGTH && before.getLong(0) == 0) {
                return SlotParser.NEVER_USED;
            }
            int records = before.limit() < StagingDescriptor.SLOT_HEADER_LENGTH
                    ? 0
                    : before.getInt(StagingDescriptor.RECORDS_OFFSET);
            int wanted = partsSuffice ? layout.likelyLength(records) : layout.slotLength();
            if (slotBytes.length < wanted) {
                slotBytes = new byte[wanted];
            }
            ByteBuffer copy = readAt(channel, at, ByteBuffer.wrap(slotBytes, 0, wanted));
            ByteBuffer after = readAt(channel, at, StagingDescriptor.SLOT_HEADER_LENGTH);
            boolean whole = copy.limit() == wanted;
            boolean still = before.equals(after);
            boolean sameBlock = identity(before).equals(identity(after));
            boolean settled = whole && before.getLong(0) != StagingDescriptor.STATE_CLEARING;
            if (attempt < ATTEMPTS && whole && (!sameBlock || !settled)) {
                Thread.onSpinWait();
                continue;
            }
            if (before.limit() < StagingDescriptor.SLOT_HEADER_LENGTH) {
                String found = "the end of the file";
                throw new CorruptTraceException(file.toString(), "", "a slot", found, NEXT_STEP);
            }
            SlotParser.Found found = parser.parse(before, copy, still);
            if (!parser.isCut() || !whole || !partsSuffice) {
                return found;
            }
            partsSuffice = false;
        }
    }

    /** The part of a slot's header that stays while its block does. */
    private static ByteBuffer identity(ByteBuffer header) {
        return header.slice(0, Math.min(header.limit(), StagingDescriptor.RECORDS_OFFSET));
    }

    private static ByteBuffer readAt(FileChannel channel, long offset, int length) throws IOException {
        return readAt(channel, offset, ByteBuffer.allocate(length));
    }

    private static ByteBuffer readAt(FileChannel channel, long offset, ByteBuffer into) throws IOException {
        while (into.hasRemaining() && channel.read(into, offset + into.position()) >= 0) {
            // A read may be short.
        }
        return into.flip().order(LITTLE_ENDIAN);
    }

    private void damage(String place, String expected, String found, long first, long last) {
        String where = place.isEmpty() ? file.toString() : file + ": " + place;
        damages.add(new Damage(where, expected, found, first, last));
    }
}
