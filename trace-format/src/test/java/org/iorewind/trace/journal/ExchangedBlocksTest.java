package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.CompactOffsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks and slots that are whole by themselves, in a place or a session where they do not belong. */
class ExchangedBlocksTest {
    private static final int COUNT = BlockDescriptor.TARGET_COUNT;
    private static final int EVENTS = 12 * COUNT;

    @TempDir
    Path directory;

    private final EventList events = RandomEvents.smallSession(5, EVENTS);
    private Path journal;
    private byte[] bytes;

    @BeforeEach
    void aJournalWhoseFirstBlocksAreInTheQueueOnly() throws IOException {
        journal = write("journal", events);
        bytes = Files.readAllBytes(queue(journal));
    }

    private Path write(String name, EventList content) {
        Path path = directory.resolve(name);
        try (JournalWriter writer = JournalWriter.create(path)) {
            content.copyTo(writer);
        }
        return path;
    }

    private static Path queue(Path journal) {
        return journal.resolve(JournalDescriptor.BLOCKS_NAME).resolve(JournalDescriptor.QUEUE_DATA_NAME);
    }

    private static List<JournalScan.Block> blocks(Path journal, long idLow) {
        try (QueueFile file = QueueFile.open(journal)) {
            return JournalScan.run(file, 7, idLow, 0, true).blocks();
        }
    }

    /** Events before {@code first} are read, then there is an error, and everything from {@code behind} on is read again. */
    private void assertHoleIsNamed(int first, int behind, String found) {
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            for (int i = 0; i < first; i++) {
                assertThat(cursor.next()).as("event %d", i).isTrue();
            }
            assertThatThrownBy(cursor::next).isInstanceOf(CorruptTraceException.class);
            cursor.seek(behind);
            assertThat(EventList.rest(cursor)).isEqualTo(events.hex().subList(behind, EVENTS));
            assertThat(reader.check().events()).isEqualTo(EVENTS - (behind - first));
            assertThat(reader.check().damages()).anySatisfy(damage -> {
                assertThat(damage.found()).contains(found);
                assertThat(damage.firstSequenceMissing()).isEqualTo(first);
                assertThat(damage.lastSequenceMissing()).isEqualTo(behind - 1);
            });
        }
    }

    @Test
    void blocksThatChangedPlacesAreNamed() throws IOException {
        List<JournalScan.Block> blocks = blocks(journal, 5);
        // With their excerpts' headers: the blocks differ in length.
        int one = (int) blocks.get(1).position() - QueueFile.EXCERPT_HEADER_LENGTH;
        int two = (int) blocks.get(2).position() - QueueFile.EXCERPT_HEADER_LENGTH;
        int length = QueueFile.EXCERPT_HEADER_LENGTH + blocks.get(2).length();
        assertThat(two).isEqualTo(blocks.get(1).position() + blocks.get(1).length());
        byte[] first = Arrays.copyOfRange(bytes, one, two);
        System.arraycopy(bytes, two, bytes, one, length);
        System.arraycopy(first, 0, bytes, one + length, first.length);
        Files.write(queue(journal), bytes);
        try (JournalReader reader = JournalReader.open(journal)) {
            // They are found by what they say of themselves: in another order they are the same events.
            assertThat(EventList.of(reader)).isEqualTo(events.hex());
            assertThat(reader.check().events()).isEqualTo(EVENTS);
            assertThat(reader.check().damages()).anySatisfy(damage -> {
                assertThat(damage.found()).contains("event " + 2 * COUNT);
                assertThat(damage.firstSequenceMissing()).isEqualTo(-1);
            });
        }
    }

    /** A later block that was copied over an earlier one must hide neither itself nor those between. */
    @Test
    void aBlockCopiedOverAnEarlierOneHidesThatOneOnly() throws IOException {
        List<JournalScan.Block> blocks = blocks(journal, 5);
        int from = (int) blocks.get(3).position() - QueueFile.EXCERPT_HEADER_LENGTH;
        int to = (int) blocks.get(1).position() - QueueFile.EXCERPT_HEADER_LENGTH;
        System.arraycopy(
                bytes,
                from,
                bytes,
                to,
                QueueFile.EXCERPT_HEADER_LENGTH + blocks.get(3).length());
        Files.write(queue(journal), bytes);
        assertThat(blocks.get(3).length()).isEqualTo(blocks.get(1).length());
        assertHoleIsNamed(COUNT, 2 * COUNT, "event " + 3 * COUNT);
    }

    @Test
    void aBlockOfAnotherSessionIsNamed() throws IOException {
        Path other = write("other", RandomEvents.smallSession(6, EVENTS));
        JournalScan.Block block = blocks(journal, 5).get(2);
        JournalScan.Block foreign = blocks(other, 6).get(2);
        assertThat(foreign.length()).isEqualTo(block.length());
        byte[] foreigners = Files.readAllBytes(queue(other));
        System.arraycopy(foreigners, (int) foreign.position(), bytes, (int) block.position(), block.length());
        Files.write(queue(journal), bytes);
        assertHoleIsNamed(2 * COUNT, 3 * COUNT, "session 00000000000000070000000000000006");
    }

    /** The id is the same, the events are not: only the chain from block to block can tell. */
    @Test
    void aBlockOfAnotherRecordingWithTheSameIdIsNamed() throws IOException {
        EventList others = RandomEvents.smallSession(5, EVENTS);
        byte[] last = others.frames().get(COUNT);
        last[last.length - 4] ^= 1;
        Path other = write("other", others);
        JournalScan.Block block = blocks(journal, 5).get(2);
        JournalScan.Block foreign = blocks(other, 5).get(2);
        assertThat(foreign.header().checksum()).isNotEqualTo(block.header().checksum());
        byte[] foreigners = Files.readAllBytes(queue(other));
        System.arraycopy(foreigners, (int) foreign.position(), bytes, (int) block.position(), block.length());
        Files.write(queue(journal), bytes);
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            cursor.seek(2 * COUNT);
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(CorruptTraceException.class)
                    .hasMessageContaining("to follow the block with checksum");
            assertThat(reader.check().isIntact()).isFalse();
        }
    }

    /** A record's check depends on the session and on its number, a slot's on the session. */
    @Test
    void recordsThatChangedPlacesAndSlotsOfAnotherSessionAreNamed() throws IOException {
        Path other = write("other", RandomEvents.smallSession(6, EVENTS));
        Path file = journal.resolve(StagingDescriptor.NAME);
        byte[] slots = Files.readAllBytes(file);
        byte[] foreigners = Files.readAllBytes(other.resolve(StagingDescriptor.NAME));
        int slot = StagingDescriptor.slotOffset(9);
        for (int from :
                new int[] {slot, slot + StagingDescriptor.CHECKS_OFFSET, slot + StagingDescriptor.FRAMES_OFFSET}) {
            byte[] mixed = slots.clone();
            System.arraycopy(foreigners, from, mixed, from, slot + StagingDescriptor.SLOT_LENGTH - from);
            Files.write(file, mixed);
            assertNamedInSlot(1);
        }
        int[] offsets = CompactOffsets.of(events.frames().subList(9 * COUNT, 9 * COUNT + 12));
        int one = slot + StagingDescriptor.FRAMES_OFFSET + offsets[10];
        int two = slot + StagingDescriptor.FRAMES_OFFSET + offsets[11];
        int lengthOfTwo = offsets[12] - offsets[11];
        byte[] mixed = slots.clone();
        System.arraycopy(slots, one, mixed, one + lengthOfTwo, two - one);
        System.arraycopy(slots, two, mixed, one, lengthOfTwo);
        Files.write(file, mixed);
        assertNamedInSlot(1);
        int check = slot + StagingDescriptor.CHECKS_OFFSET + 10 * StagingDescriptor.CHECK_LENGTH;
        System.arraycopy(slots, check, mixed, check + StagingDescriptor.CHECK_LENGTH, StagingDescriptor.CHECK_LENGTH);
        System.arraycopy(slots, check + StagingDescriptor.CHECK_LENGTH, mixed, check, StagingDescriptor.CHECK_LENGTH);
        Files.write(file, mixed);
        assertNamedInSlot(1);
    }

    private void assertNamedInSlot(int slot) {
        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(reader.check().damages())
                    .anySatisfy(damage -> assertThat(damage.place()).contains("slot " + slot));
            assertThat(reader.check().events()).isEqualTo(EVENTS);
        }
    }

    /** Slots are found by what they say of themselves: in another order they are the same events. */
    @Test
    void slotsThatChangedPlacesAreStillTheSameEvents() throws IOException {
        Path file = journal.resolve(StagingDescriptor.NAME);
        byte[] slots = Files.readAllBytes(file);
        byte[] mixed = slots.clone();
        int one = StagingDescriptor.slotOffset(1);
        int two = StagingDescriptor.slotOffset(2);
        System.arraycopy(slots, one, mixed, two, StagingDescriptor.SLOT_LENGTH);
        System.arraycopy(slots, two, mixed, one, StagingDescriptor.SLOT_LENGTH);
        Files.write(file, mixed);
        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(EventList.of(reader)).isEqualTo(events.hex());
        }
    }

    @Test
    void theSameSlotTwiceIsReadOnce() throws IOException {
        Path file = journal.resolve(StagingDescriptor.NAME);
        byte[] slots = Files.readAllBytes(file);
        int last = StagingDescriptor.slotOffset(EVENTS / COUNT - 1);
        int before = StagingDescriptor.slotOffset(EVENTS / COUNT - 2);
        System.arraycopy(slots, last, slots, before, StagingDescriptor.SLOT_LENGTH);
        Files.write(file, slots);
        try (JournalReader reader = JournalReader.open(journal);
                Stream<String> all = EventList.of(reader).stream()) {
            assertThat(all).containsExactlyElementsOf(events.hex());
            assertThat(reader.check().damages())
                    .singleElement()
                    .satisfies(damage -> assertThat(damage.expected()).isEqualTo("a block that is in no other slot"));
        }
    }
}
