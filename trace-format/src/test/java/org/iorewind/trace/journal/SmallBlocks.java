package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventList;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.BlockSealer;
import org.iorewind.trace.block.CompactOffsets;
import org.iorewind.trace.damage.DamagedFile.Area;

/**
 * A journal as its writer makes it, with blocks that are closed after some events instead of thousands: as many headers, slots
 * and chains as a long recording has, in so few bytes that damage by chance meets them all the time. Knows where each block lies.
 */
final class SmallBlocks {
    /** Where the writer was when it stopped. */
    enum State {
        /** All blocks but the last are in the queue, and nothing was promised to be durable. */
        STOPPED,
        /** As before, with everything durable. */
        DURABLE,
        /** The last two blocks are in slots only. */
        BEHIND,
        /** Closed in order: the last block is in the queue as well. */
        CLOSED
    }

    /** Of the space that is reserved behind the last block so much is kept: more zeros say no more. */
    private static final int RESERVED_BYTES = 16 * 1024;

    private final Path directory;
    private final State state;
    private final EventList events;
    private final long[] parts;
    private final List<JournalScan.Block> queued = new ArrayList<>();
    private final List<Integer> frameBytes = new ArrayList<>();

    private SmallBlocks(Path directory, State state, EventList events, long[] parts) {
        this.directory = directory;
        this.state = state;
        this.events = events;
        this.parts = parts.clone();
    }

    /**
     * Writes one.
     *
     * @param directory must not exist
     * @param events all of them
     * @param parts sequence numbers where blocks begin, from 0 on, and the number of events
     */
    static SmallBlocks write(Path directory, State state, EventList events, long[] parts) throws IOException {
        SmallBlocks journal = new SmallBlocks(directory, state, events, parts);
        SessionInfo info = SessionInfo.of(events.view(0));
        Files.createDirectories(directory.resolve(JournalDescriptor.BLOCKS_NAME));
        Files.write(
                directory.resolve(JournalDescriptor.MARKER_NAME), marker(info).getBytes(US_ASCII));
        Path blocks = directory.resolve(JournalDescriptor.BLOCKS_NAME);
        Path slots = directory.resolve(StagingDescriptor.NAME);
        try (ReservedSpace space = ReservedSpace.create(journal.queueFile(), 0, 0);
                BlockQueue queue = BlockQueue.open(blocks, space);
                StagingWriter staging =
                        StagingWriter.create(slots, info.idHigh(), info.idLow(), BootIdentity.current())) {
            journal.append(staging, queue, new BlockSealer(info.idHigh(), info.idLow()));
            if (journal.isDurable()) {
                staging.markDurable(events.frames().size());
            }
            if (state == State.CLOSED) {
                staging.markClosed(events.frames().size());
            }
        }
        Files.deleteIfExists(blocks.resolve(JournalDescriptor.QUEUE_TABLE_NAME));
        journal.cutReservedSpace(info);
        return journal;
    }

    private static String marker(SessionInfo info) {
        return JournalDescriptor.MARKER_WORD + JournalDescriptor.MAJOR + "." + JournalDescriptor.MINOR + "\n"
                + JournalDescriptor.SESSION_WORD + info.sessionId() + "\n";
    }

    private void append(StagingWriter staging, BlockQueue queue, BlockSealer sealer) throws IOException {
        for (int block = 0; block < blocks(); block++) {
            if (block > 0) {
                staging.openSlot(block);
            }
            List<byte[]> frames = events.frames().subList((int) parts[block], (int) parts[block + 1]);
            frameBytes.add(CompactOffsets.of(frames)[frames.size()]);
            for (byte[] frame : frames) {
                staging.append(new UnsafeBuffer(frame), 0, frame.length);
            }
            if (block < queuedBlocks()) {
                staging.finishBlock();
                queue.append(new ByteBuffer[] {staging.seal(block, sealer)}, 1);
                sealer.next();
            }
        }
    }

    private void cutReservedSpace(SessionInfo info) throws IOException {
        try (QueueFile queue = QueueFile.open(directory)) {
            queued.addAll(
                    JournalScan.run(queue, info.idHigh(), info.idLow(), 0, true).blocks());
        }
        JournalScan.Block last = queued.get(queuedBlocks() - 1);
        try (FileChannel channel = FileChannel.open(queueFile(), StandardOpenOption.WRITE)) {
            channel.truncate(last.position() + last.length() + RESERVED_BYTES);
        }
    }

    private int blocks() {
        return parts.length - 1;
    }

    private int queuedBlocks() {
        return switch (state) {
            case STOPPED, DURABLE -> blocks() - 1;
            case BEHIND -> blocks() - 2;
            case CLOSED -> blocks();
        };
    }

    /** Whether all has been promised to be durable. */
    boolean isDurable() {
        return state == State.DURABLE || state == State.CLOSED;
    }

    /** The data file of the queue. */
    Path queueFile() {
        return directory.resolve(JournalDescriptor.BLOCKS_NAME).resolve(JournalDescriptor.QUEUE_DATA_NAME);
    }

    /** The file of the slots. */
    Path slotFile() {
        return directory.resolve(StagingDescriptor.NAME);
    }

    /** The file that makes the directory a journal. */
    Path markerFile() {
        return directory.resolve(JournalDescriptor.MARKER_NAME);
    }

    /** Whether a block is in the queue. */
    boolean isQueued(int block) {
        return block < queued.size();
    }

    /** Where a block lies in the queue. */
    Area inQueue(int block) {
        int from = (int) queued.get(block).position();
        return new Area(from, from + queued.get(block).length());
    }

    /** Whether a block is still in a slot. */
    boolean isInSlot(int block) {
        return block >= blocks() - StagingDescriptor.SLOTS;
    }

    /** Where it is noted how much is durable. */
    Area firstMark() {
        int from = StagingDescriptor.FIRST_MARK_OFFSET;
        return new Area(from, from + StagingDescriptor.NOTE_LENGTH);
    }

    /** Where the state of a block's slot lies, with the number of its events. */
    Area slotHeader(int block) {
        int from = StagingDescriptor.slotOffset(block);
        return new Area(from, from + StagingDescriptor.RECORDS_OFFSET + Integer.BYTES);
    }

    /** Where the checks of its events lie. */
    Area slotChecks(int block) {
        int from = StagingDescriptor.slotOffset(block) + StagingDescriptor.CHECKS_OFFSET;
        int count = (int) (parts[block + 1] - parts[block]);
        return new Area(from, from + count * StagingDescriptor.CHECK_LENGTH);
    }

    /** Where its events lie. */
    Area slotFrames(int block) {
        int from = StagingDescriptor.slotOffset(block) + StagingDescriptor.FRAMES_OFFSET;
        return new Area(from, from + frameBytes.get(block));
    }

    List<Area> areasOfQueue() {
        List<Area> areas = new ArrayList<>();
        for (int block = 0; block < queued.size(); block++) {
            Area whole = inQueue(block);
            int frames = whole.from() + BlockDescriptor.HEADER_LENGTH;
            areas.add(new Area(whole.from() - QueueFile.EXCERPT_HEADER_LENGTH, whole.from()));
            areas.add(new Area(whole.from(), frames));
            areas.add(new Area(frames, whole.to()));
        }
        areas.add(new Area(0, inQueue(0).from()));
        areas.add(new Area(inQueue(0).from(), inQueue(queued.size() - 1).to() + RESERVED_BYTES));
        return areas;
    }

    List<Area> areasOfSlots() {
        List<Area> areas = new ArrayList<>();
        areas.add(new Area(0, StagingDescriptor.DESCRIPTION_LENGTH));
        for (int note : new int[] {
            StagingDescriptor.FIRST_MARK_OFFSET, StagingDescriptor.SECOND_MARK_OFFSET, StagingDescriptor.END_OFFSET
        }) {
            areas.add(new Area(note, note + StagingDescriptor.NOTE_LENGTH));
        }
        for (int block = Math.max(0, blocks() - StagingDescriptor.SLOTS); block < blocks(); block++) {
            areas.addAll(List.of(slotHeader(block), slotChecks(block), slotFrames(block)));
        }
        return areas;
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
