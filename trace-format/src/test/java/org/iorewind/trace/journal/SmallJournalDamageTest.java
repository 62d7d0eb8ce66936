package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.agrona.BufferUtil;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.CompactFrame;
import org.iorewind.trace.block.CompactOffsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A small journal, and every bit of it that a reader looks at flipped, one at a time; every length that its files can be cut
 * to. What readers do not look at (space in the slots and in the queue that nothing was written to, Chronicle's own notes) is
 * filled with chance as a whole: then no single bit of it can matter either.
 *
 * <p>With {@code -Diorewind.damage.every=true} no bit is left out on those grounds up to the end of what was written, and no
 * length: some minutes.
 */
class SmallJournalDamageTest {
    private static final boolean EVERY = Boolean.getBoolean("iorewind.damage.every");
    private static final int EVENTS = 6;
    private static final int STEP = EVERY ? 1 : 509;

    @TempDir
    Path directory;

    private final EventList events = RandomEvents.smallSession(5, EVENTS);

    /** Where the events are. */
    enum State {
        /** The writer was killed: in a slot. */
        OPEN,
        /** Closed in order: in a slot and in the queue. */
        CLOSED
    }

    /** A file of the journal: what was written, and what a reader looks at. */
    private static final class Part {
        private final Path path;
        private final byte[] whole;
        private final TreeSet<Integer> lookedAt = new TreeSet<>();
        private int used;

        Part(Path path) throws IOException {
            this.path = path;
            this.whole = Files.readAllBytes(path);
        }

        void lookedAt(int from, int length) {
            for (int i = from; i < Math.min(from + length, whole.length); i++) {
                lookedAt.add(i);
            }
            used = Math.max(used, from + length);
        }
    }

    private Path journal;
    private Part marker;
    private Part slots;
    private int bytesOfEvents;
    private Part queue;

    @BeforeEach
    void name() {
        journal = directory.resolve("copy");
    }

    private void make(State state) throws IOException {
        Path live = directory.resolve("live");
        try (JournalWriter writer = JournalWriter.create(live)) {
            events.copyTo(writer);
            writer.sync();
            if (state == State.OPEN) {
                copy(live);
            }
        }
        if (state == State.CLOSED) {
            copy(live);
        }
        marker = new Part(journal.resolve(JournalDescriptor.MARKER_NAME));
        marker.lookedAt(0, marker.whole.length);
        slots = new Part(journal.resolve(StagingDescriptor.NAME));
        slots.lookedAt(0, StagingDescriptor.DESCRIPTION_LENGTH);
        for (int note : new int[] {
            StagingDescriptor.FIRST_MARK_OFFSET, StagingDescriptor.SECOND_MARK_OFFSET, StagingDescriptor.END_OFFSET
        }) {
            slots.lookedAt(note, StagingDescriptor.NOTE_LENGTH);
        }
        for (int slot = StagingDescriptor.SLOTS - 1; slot >= 0; slot--) {
            slots.lookedAt(StagingDescriptor.slotOffset(slot), StagingDescriptor.RECORDS_OFFSET + Integer.BYTES);
        }
        // The head and the first word of the frame behind the last one are looked at as well, and its check.
        int frames = CompactOffsets.of(events.frames())[events.frames().size()] + CompactFrame.HEAD_LENGTH + Long.BYTES;
        int checks = (events.frames().size() + 1) * StagingDescriptor.CHECK_LENGTH;
        slots.lookedAt(StagingDescriptor.slotOffset(0) + StagingDescriptor.CHECKS_OFFSET, checks);
        slots.lookedAt(StagingDescriptor.slotOffset(0) + StagingDescriptor.FRAMES_OFFSET, frames);
        slots.used = StagingDescriptor.slotOffset(0) + StagingDescriptor.FRAMES_OFFSET + frames;
        bytesOfEvents = checks + frames;
        queue = new Part(journal.resolve(JournalDescriptor.BLOCKS_NAME).resolve(JournalDescriptor.QUEUE_DATA_NAME));
        try (QueueFile file = QueueFile.open(journal)) {
            long at = 0;
            for (int excerpt = file.excerpt(at); QueueFile.isReady(excerpt); excerpt = file.excerpt(at)) {
                int length = QueueFile.isBlock(excerpt) ? QueueFile.contentLength(excerpt) : 0;
                queue.lookedAt((int) at, QueueFile.EXCERPT_HEADER_LENGTH + length);
                at = QueueFile.behind(at, excerpt);
            }
            queue.lookedAt((int) at, QueueFile.EXCERPT_HEADER_LENGTH);
        }
    }

    private void copy(Path live) throws IOException {
        Files.createDirectories(journal.resolve(JournalDescriptor.BLOCKS_NAME));
        for (String name : new String[] {
            JournalDescriptor.MARKER_NAME,
            StagingDescriptor.NAME,
            JournalDescriptor.BLOCKS_NAME + "/" + JournalDescriptor.QUEUE_DATA_NAME
        }) {
            Files.copy(live.resolve(name), journal.resolve(name));
        }
    }

    /** Reads all; returns whether it is all there, and fails if anything else than it was shown. */
    private boolean isWhole(String what, Object where) {
        int got = 0;
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            while (cursor.next()) {
                byte[] frame = new byte[cursor.event().frameLength()];
                cursor.event().buffer().getBytes(cursor.event().offset(), frame);
                if (got == EVENTS || !Arrays.equals(frame, events.frames().get(got))) {
                    throw new AssertionError(what + " " + where + ": another event " + got);
                }
                got++;
            }
        } catch (TraceFormatException e) {
            if (e.file().isEmpty()
                    || e.expected().isEmpty()
                    || e.found().isEmpty()
                    || e.nextStep().isEmpty()) {
                throw new AssertionError(what + " " + where + ": names nothing", e);
            }
            return false;
        }
        if (got != EVENTS) {
            throw new AssertionError(what + " " + where + ": " + got + " events and no error");
        }
        return true;
    }

    /** Returns how many of the bits made a difference. */
    private int flipEachBit(Part part) throws IOException {
        int harmful = 0;
        try (FileChannel channel = FileChannel.open(part.path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, part.whole.length);
            TreeSet<Integer> chosen = new TreeSet<>(part.lookedAt);
            for (int i = 0; EVERY && i < part.used; i++) {
                chosen.add(i);
            }
            for (int at : chosen) {
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    bytes.put(at, (byte) (part.whole[at] ^ 1 << bit));
                    harmful += isWhole(part.path + " bit", at * 8L + bit) ? 0 : 1;
                }
                bytes.put(at, part.whole[at]);
            }
            BufferUtil.free(bytes);
        }
        assertThat(isWhole(part.path.toString(), "restored")).isTrue();
        return harmful;
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void anyFlippedBitIsHarmlessOrNamed(State state) throws IOException {
        make(state);
        int harmfulInMarker = flipEachBit(marker);
        int harmfulInSlots = flipEachBit(slots);
        flipEachBit(queue);
        // Every bit of the marker counts: format, version, session.
        assertThat(harmfulInMarker).isEqualTo(marker.whole.length * Byte.SIZE - MINOR_VERSIONS);
        if (state == State.OPEN) {
            // Nothing else has a copy of the records.
            int bitsOfEvents = bytesOfEvents * Byte.SIZE;
            assertThat(harmfulInSlots).isGreaterThan(bitsOfEvents - 1000);
        }
    }

    /** "2.0" with a bit of its 0 flipped is "2.1", "2.2", "2.4" or "2.8": minor versions, which are read. */
    private static final int MINOR_VERSIONS = 4;

    @ParameterizedTest
    @EnumSource(State.class)
    void whatNoReaderLooksAtDoesNotMatter(State state) throws IOException {
        make(state);
        Random random = new Random(11);
        for (Part part : new Part[] {slots, queue}) {
            for (int round = 0; round < 8; round++) {
                byte[] filled = new byte[part.whole.length];
                random.nextBytes(filled);
                for (int at : part.lookedAt) {
                    filled[at] = part.whole[at];
                }
                Files.write(part.path, filled);
                assertThat(isWhole(part.path.toString(), "filled by chance, round " + round))
                        .isTrue();
            }
            Files.write(part.path, part.whole);
        }
    }

    private void cutToEachLength(Part part) throws IOException {
        TreeSet<Integer> lengths = new TreeSet<>();
        for (int at : part.lookedAt) {
            lengths.add(at);
            lengths.add(Math.min(at + 1, part.whole.length));
        }
        for (int length = 0; length < (EVERY ? part.used : part.whole.length); length += EVERY ? 1 : STEP * 8) {
            lengths.add(length);
        }
        try (FileChannel channel = FileChannel.open(part.path, StandardOpenOption.WRITE)) {
            for (int length : lengths.descendingSet()) {
                channel.truncate(length);
                isWhole(part.path + " length", length);
            }
        }
        Files.write(part.path, part.whole);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void anyCutIsHarmlessOrNamed(State state) throws IOException {
        make(state);
        cutToEachLength(marker);
        cutToEachLength(slots);
        cutToEachLength(queue);
        assertThat(isWhole("journal", "restored")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void anyMissingFileIsHarmlessOrNamed(State state) throws IOException {
        make(state);
        for (Part part : new Part[] {marker, slots, queue}) {
            Files.delete(part.path);
            isWhole(part.path.toString(), "missing");
            Files.write(part.path, part.whole);
        }
    }
}
