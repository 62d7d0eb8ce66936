package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventView;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.CompactOffsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage to a journal's files is named or harmless: other events than those written never come out. */
class DamagedJournalTest {
    private static final int EVENTS = 12 * BlockDescriptor.TARGET_COUNT + 500;

    @TempDir
    Path directory;

    private final EventList events = RandomEvents.smallSession(5, EVENTS);
    private Path journal;
    private Path openBlocks;
    private Path queueFile;

    /**
     * A journal whose writer was stopped: twelve blocks in the queue, the rest in an open slot. The first four blocks are in
     * the queue only.
     */
    @BeforeEach
    void copyOfAJournalThatIsBeingWritten() throws IOException {
        Path live = directory.resolve("live");
        journal = directory.resolve("copy");
        try (JournalWriter writer = JournalWriter.create(live)) {
            events.copyTo(writer);
            while (blocksInQueue(live) < EVENTS / BlockDescriptor.TARGET_COUNT) {
                Thread.onSpinWait();
            }
            copy(live, journal);
        }
        openBlocks = journal.resolve(StagingDescriptor.NAME);
        try (Stream<Path> files = Files.list(journal.resolve(JournalDescriptor.BLOCKS_NAME))) {
            queueFile =
                    files.filter(f -> f.toString().endsWith(".cq4")).findAny().orElseThrow();
        }
    }

    private static int blocksInQueue(Path journal) {
        try (QueueFile queue = QueueFile.open(journal)) {
            return JournalScan.run(queue, 7, 5, 0).blocks().size();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private List<String> read() {
        try (JournalReader reader = JournalReader.open(journal)) {
            return EventList.of(reader);
        }
    }

    private static void flip(Path file, long bit) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bit / 8);
            int value = bytes.read();
            bytes.seek(bit / 8);
            bytes.write(value ^ 1 << bit % 8);
        }
    }

    private void assertHarmlessOrNamed(String what) {
        int got = 0;
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            while (cursor.next()) {
                if (!isWritten(cursor.event(), got)) {
                    throw new AssertionError(what + ": another event came out as event " + got);
                }
                got++;
            }
            assertThat(got).as(what).isEqualTo(EVENTS);
        } catch (TraceFormatException e) {
            assertThat(e.place() + e.file()).as(what).isNotEmpty();
        }
    }

    private boolean isWritten(EventView event, int index) {
        byte[] frame = events.frames().get(index);
        int length = event.frameLength();
        boolean same = length == frame.length;
        for (int i = 0; same && i < length; i++) {
            same = event.buffer().getByte(event.offset() + i) == frame[i];
        }
        return same;
    }

    @Test
    void theCopyIsWhole() {
        assertThat(read()).isEqualTo(events.hex());
    }

    @Test
    void anyFlippedBitOfTheOpenBlocksIsHarmlessOrNamed() throws IOException {
        int slot = StagingDescriptor.slotOffset(EVENTS / BlockDescriptor.TARGET_COUNT);
        int records = EVENTS % BlockDescriptor.TARGET_COUNT;
        int[] offsets = CompactOffsets.of(events.frames().subList(EVENTS - records, EVENTS));
        int used = slot + StagingDescriptor.FRAMES_OFFSET + offsets[records];
        int checks = slot + StagingDescriptor.CHECKS_OFFSET + records * StagingDescriptor.CHECK_LENGTH;
        Random random = new Random(1);
        List<Long> bits = new ArrayList<>();
        for (long bit = 0; bit < StagingDescriptor.DESCRIPTION_LENGTH * 8; bit++) {
            bits.add(bit);
        }
        for (long bit = 0; bit < StagingDescriptor.NOTE_LENGTH * 8; bit++) {
            bits.add(StagingDescriptor.FIRST_MARK_OFFSET * 8 + bit);
            bits.add(StagingDescriptor.END_OFFSET * 8 + bit);
        }
        for (long bit = 0; bit < StagingDescriptor.SLOT_HEADER_LENGTH * 8 + 80 * 8; bit++) {
            bits.add(slot * 8L + bit);
        }
        for (long bit = (used - 100) * 8L; bit < (used + 16) * 8L; bit++) {
            bits.add(bit);
        }
        for (long bit = (checks - 24) * 8L; bit < (checks + 8) * 8L; bit++) {
            bits.add(bit);
        }
        for (int i = 0; i < 200; i++) {
            bits.add((long) random.nextInt(StagingDescriptor.FILE_LENGTH * 8));
        }
        for (long bit : bits) {
            flip(openBlocks, bit);
            assertHarmlessOrNamed("bit " + bit);
            flip(openBlocks, bit);
        }
        assertThat(read()).isEqualTo(events.hex());
    }

    @Test
    void flippedBitsOfTheQueueAreHarmlessOrNamed() throws IOException {
        long start = startOfFirstBlock();
        Random random = new Random(2);
        for (int i = 0; i < 60; i++) {
            // The queue's own header, then our blocks.
            long bit = i % 3 == 0 ? random.nextInt((int) start * 8) : start * 8 + random.nextInt(500_000 * 8);
            flip(queueFile, bit);
            assertHarmlessOrNamed("bit " + bit);
            flip(queueFile, bit);
        }
        assertThat(read()).isEqualTo(events.hex());
    }

    private long startOfBlock(int number) {
        try (QueueFile queue = QueueFile.open(journal)) {
            return JournalScan.run(queue, 7, 5, 0).blocks().get(number).position();
        }
    }

    private long startOfFirstBlock() throws IOException {
        byte[] bytes = Files.readAllBytes(queueFile);
        for (int i = 0; i < bytes.length - 4; i++) {
            if (bytes[i] == 'I' && bytes[i + 1] == 'O' && bytes[i + 2] == 'R' && bytes[i + 3] == 'B') {
                return i;
            }
        }
        throw new AssertionError("no block in " + queueFile);
    }

    @Test
    void aBrokenBlockIsNamedAndTheRestStaysReadable() throws IOException {
        long block = startOfFirstBlock();
        flip(queueFile, (block + BlockDescriptor.HEADER_LENGTH + 2000) * 8);
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(CorruptTraceException.class)
                    .hasMessageContaining("block 0 (events 0 to 3999)")
                    .hasMessageContaining("expected block checksum");
            cursor.seek(BlockDescriptor.TARGET_COUNT);
            assertThat(EventList.rest(cursor)).isEqualTo(events.hex().subList(BlockDescriptor.TARGET_COUNT, EVENTS));
            IntegrityReport report = reader.check();
            assertThat(report.damages()).singleElement().satisfies(damage -> {
                assertThat(damage.firstSequenceMissing()).isZero();
                assertThat(damage.lastSequenceMissing()).isEqualTo(3999);
            });
            assertThat(report.events()).isEqualTo(EVENTS - BlockDescriptor.TARGET_COUNT);
            assertThat(report.tornTail()).isTrue();
        }
    }

    @Test
    void aDamagedHeaderOfABlockDoesNotPushTheOthersOutOfPlace() throws IOException {
        long block = startOfFirstBlock();
        for (int offset = 0; offset < BlockDescriptor.HEADER_LENGTH; offset++) {
            flip(queueFile, (block + offset) * 8 + 5);
            assertHarmlessOrNamed("header byte " + offset);
            try (JournalReader reader = JournalReader.open(journal);
                    EventCursor cursor = reader.cursor()) {
                cursor.seek(BlockDescriptor.TARGET_COUNT);
                assertThat(EventList.rest(cursor))
                        .as("header byte %d", offset)
                        .isEqualTo(events.hex().subList(BlockDescriptor.TARGET_COUNT, EVENTS));
                assertThat(reader.check().isIntact())
                        .as("header byte %d", offset)
                        .isFalse();
            }
            flip(queueFile, (block + offset) * 8 + 5);
        }
    }

    @Test
    void aHiddenTailOfTheQueueIsFound() throws IOException {
        // A length of 0 in front of a block is how Chronicle marks the end of what was written.
        try (RandomAccessFile bytes = new RandomAccessFile(queueFile.toFile(), "rw")) {
            bytes.seek(startOfFirstBlock() - 4);
            bytes.write(new byte[4]);
        }
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            // A length alone is no reason to lose blocks: they are found by what they are.
            assertThat(EventList.rest(cursor)).isEqualTo(events.hex());
            assertThat(reader.check().isIntact()).isFalse();
            assertThat(reader.check().events()).isEqualTo(EVENTS);
        }
    }

    @Test
    void anOpenBlockFromAnOlderCopyIsRefused() throws IOException {
        Path other = directory.resolve("older");
        Path older = directory.resolve("open-block-of-then");
        try (JournalWriter writer = JournalWriter.create(other)) {
            EventList few = new EventList();
            events.frames().subList(0, 500).forEach(few.frames()::add);
            few.copyTo(writer);
            Files.copy(other.resolve(StagingDescriptor.NAME), older);
        }
        Files.write(openBlocks, Files.readAllBytes(older));
        assertThatThrownBy(this::read)
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("expected open blocks that reach event 48000 or further");
    }

    @Test
    void anOpenBlockOfAnotherSessionIsRefused() throws IOException {
        Path other = directory.resolve("other");
        try (JournalWriter writer = JournalWriter.create(other)) {
            RandomEvents.smallSession(6, EVENTS).copyTo(writer);
            Files.write(openBlocks, Files.readAllBytes(other.resolve(StagingDescriptor.NAME)));
        }
        assertThatThrownBy(this::read)
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("found session 00000000000000070000000000000006");
    }

    @Test
    void blocksOfAnotherSessionAreRefused() throws IOException {
        Path other = directory.resolve("other");
        try (JournalWriter writer = JournalWriter.create(other)) {
            RandomEvents.smallSession(6, EVENTS).copyTo(writer);
        }
        Path foreign = other.resolve(JournalDescriptor.BLOCKS_NAME).resolve(queueFile.getFileName());
        Files.write(queueFile, Files.readAllBytes(foreign));
        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(reader.check().damages())
                    .anySatisfy(
                            damage -> assertThat(damage.found()).contains("session 00000000000000070000000000000006"));
            assertThat(reader.check().events()).isLessThan(EVENTS);
        }
        assertThatThrownBy(this::read).isInstanceOf(CorruptTraceException.class);
    }

    /** Readers do not look at Chronicle's own structures, so nothing in them can lead astray. */
    @Test
    void anyFlippedBitInTheDescriptionOfAQueueFileIsHarmlessOrNamed() throws IOException {
        Path table = queueFile.resolveSibling(JournalDescriptor.QUEUE_TABLE_NAME);
        for (long bit = 0; bit < 0xc5 * 8; bit += 3) {
            flip(queueFile, bit);
            assertHarmlessOrNamed("data file, bit " + bit);
            flip(queueFile, bit);
        }
        Files.write(table, new byte[10]);
        assertThat(read()).isEqualTo(events.hex());
    }

    @Test
    void damagedBlocksOfWhichTheOpenBlocksHaveACopyLoseNoEvent() throws IOException {
        long last = startOfBlock(9);
        flip(queueFile, (last + BlockDescriptor.HEADER_LENGTH + 2000) * 8);
        assertThat(read()).isEqualTo(events.hex());
        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(reader.check().damages()).singleElement().satisfies(damage -> {
                assertThat(damage.place()).contains("block 9 at offset " + last);
                assertThat(damage.found()).contains("its events are in open-blocks");
                assertThat(damage.firstSequenceMissing()).isEqualTo(-1);
            });
        }
    }

    /**
     * What a loss of power may leave: the slot as it was forced when the durable mark moved, with the first events of its
     * block; and of the whole block, which came into the queue later, some pages and not others.
     */
    @Test
    void ofADamagedBlockTheEventsAreReadThatItsSlotHas() throws IOException {
        int block = 9;
        int there = 804;
        int slot = StagingDescriptor.slotOffset(block);
        int[] offsets = offsetsInBlock(block);
        try (RandomAccessFile bytes = new RandomAccessFile(openBlocks.toFile(), "rw")) {
            bytes.seek(slot + StagingDescriptor.RECORDS_OFFSET);
            bytes.write(new byte[] {(byte) there, (byte) (there >> 8), 0, 0});
            bytes.seek(slot + StagingDescriptor.FRAMES_OFFSET + offsets[there]);
            bytes.write(new byte[offsets[there + 1] - offsets[there]]);
        }
        flip(queueFile, (startOfBlock(block) + BlockDescriptor.HEADER_LENGTH + 2000) * 8);

        int first = block * BlockDescriptor.TARGET_COUNT;
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            for (int i = 0; i < first + there; i++) {
                assertThat(cursor.next()).as("event %d", i).isTrue();
            }
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(CorruptTraceException.class)
                    .hasMessageContaining("expected event " + (first + there));
            cursor.seek(first);
            assertThat(cursor.next()).isTrue();
            cursor.seek(first + BlockDescriptor.TARGET_COUNT);
            assertThat(EventList.rest(cursor))
                    .isEqualTo(events.hex().subList(first + BlockDescriptor.TARGET_COUNT, EVENTS));
            IntegrityReport report = reader.check();
            assertThat(report.events()).isEqualTo(EVENTS - (BlockDescriptor.TARGET_COUNT - there));
            assertThat(report.damages())
                    .anySatisfy(
                            damage -> assertThat(damage.found()).contains("its first 804 events are in open-blocks"))
                    .anySatisfy(damage -> {
                        assertThat(damage.firstSequenceMissing()).isEqualTo(first + there);
                        assertThat(damage.lastSequenceMissing()).isEqualTo(first + BlockDescriptor.TARGET_COUNT - 1);
                    });
        }
    }

    private int[] offsetsInBlock(int block) {
        int first = block * BlockDescriptor.TARGET_COUNT;
        return CompactOffsets.of(events.frames().subList(first, first + BlockDescriptor.TARGET_COUNT));
    }

    /** As above, of the last block in the queue: it need not have been whole there, and what the slot has is not missing. */
    @Test
    void ofADamagedLastBlockTheEventsAreReadThatItsSlotHas() throws IOException {
        byte[] slots = Files.readAllBytes(openBlocks);
        int block = EVENTS / BlockDescriptor.TARGET_COUNT - 1;
        int slot = StagingDescriptor.slotOffset(block);
        slots[slot + StagingDescriptor.RECORDS_OFFSET] = 0;
        slots[slot + StagingDescriptor.RECORDS_OFFSET + 1] = 2;
        int[] offsets = offsetsInBlock(block);
        int frames = slot + StagingDescriptor.FRAMES_OFFSET;
        Arrays.fill(slots, frames + offsets[512], frames + offsets[513], (byte) 0);
        ByteBuffer.wrap(slots)
                .order(LITTLE_ENDIAN)
                .putLong(StagingDescriptor.slotOffset(block + 1), StagingDescriptor.STATE_CLEARING);
        Files.write(openBlocks, slots);
        flip(queueFile, (startOfBlock(block) + BlockDescriptor.HEADER_LENGTH + 2000) * 8);

        int there = block * BlockDescriptor.TARGET_COUNT + 512;
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            for (int i = 0; i < there; i++) {
                assertThat(cursor.next()).as("event %d", i).isTrue();
            }
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(CorruptTraceException.class)
                    .hasMessageContaining("expected events up to " + (12 * BlockDescriptor.TARGET_COUNT - 1));
            assertThat(reader.check().events()).isEqualTo(there);
            assertThat(reader.check().damages()).singleElement().satisfies(damage -> {
                assertThat(damage.firstSequenceMissing()).isEqualTo(there);
                assertThat(damage.lastSequenceMissing()).isEqualTo((block + 1) * BlockDescriptor.TARGET_COUNT - 1);
            });
        }
    }

    @Test
    void aHoleInTheQueueIsNamedByFileOffsetAndSequence() throws IOException {
        byte[] bytes = Files.readAllBytes(queueFile);
        int from = (int) startOfBlock(1) - 4;
        Arrays.fill(bytes, from, (int) startOfBlock(3) - 4, (byte) 0);
        Files.write(queueFile, bytes);
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            cursor.seek(3 * BlockDescriptor.TARGET_COUNT);
            assertThat(EventList.rest(cursor))
                    .isEqualTo(events.hex().subList(3 * BlockDescriptor.TARGET_COUNT, EVENTS));
            assertThat(reader.check().damages()).singleElement().satisfies(damage -> {
                assertThat(damage.place()).contains(queueFile + ": offset " + from + " to ");
                assertThat(damage.firstSequenceMissing()).isEqualTo(BlockDescriptor.TARGET_COUNT);
                assertThat(damage.lastSequenceMissing()).isEqualTo(3 * BlockDescriptor.TARGET_COUNT - 1);
            });
        }
    }

    @Test
    void aQueueFileCutAtAnyPlaceKeepsWhatIsBefore() throws IOException {
        byte[] bytes = Files.readAllBytes(queueFile);
        Random random = new Random(3);
        int used = (int) startOfBlock(11) + 60_000;
        for (int i = 0; i < 25; i++) {
            Files.write(queueFile, Arrays.copyOf(bytes, random.nextInt(used)));
            assertHarmlessOrNamed("cut");
        }
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        Files.delete(openBlocks);
        assertThatThrownBy(this::read).isInstanceOf(TraceFormatException.class);
    }

    @Test
    void cutOpenBlocksAreNamed() throws IOException {
        byte[] whole = Files.readAllBytes(openBlocks);
        for (int length : new int[] {0, 1, 63, 4096, 4097, 1_000_000, whole.length / 2, whole.length - 1}) {
            Files.write(openBlocks, Arrays.copyOf(whole, length));
            assertHarmlessOrNamed("length " + length);
            try (JournalReader reader = JournalReader.open(journal)) {
                assertThat(reader.check().isIntact()).as("length %d", length).isFalse();
            }
        }
    }

    /** The open block was in it: nothing else tells that there were events behind those of the queue. */
    @Test
    void aSlotThatWasWipedIsNamed() throws IOException {
        byte[] slots = Files.readAllBytes(openBlocks);
        int open = EVENTS / BlockDescriptor.TARGET_COUNT;
        int at = StagingDescriptor.slotOffset(open);
        Arrays.fill(slots, at, at + StagingDescriptor.SLOT_HEADER_LENGTH, (byte) 0);
        Files.write(openBlocks, slots);
        int there = open * BlockDescriptor.TARGET_COUNT;
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            for (int i = 0; i < there; i++) {
                assertThat(cursor.next()).as("event %d", i).isTrue();
            }
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(CorruptTraceException.class)
                    .hasMessageContaining("slot " + open % StagingDescriptor.SLOTS)
                    .hasMessageContaining("a slot that was used")
                    .hasMessageContaining("zeros");
            assertThat(reader.check().damages())
                    .singleElement()
                    .satisfies(
                            damage -> assertThat(damage.firstSequenceMissing()).isEqualTo(there));
        }
    }

    /** Ranges zeroed, overwritten by others, filled with chance, or cut off: 10^6 of them in the long form. */
    @Test
    void randomDamagesAreHarmlessOrNamed() throws IOException {
        int rounds = Integer.getInteger("iorewind.damage.rounds", 100);
        Random random = new Random(rounds);
        byte[] slots = Files.readAllBytes(openBlocks);
        byte[] queue = Files.readAllBytes(queueFile);
        int queueUsed = (int) startOfBlock(11) + 60_000;
        for (int round = 0; round < rounds; round++) {
            boolean inSlots = random.nextBoolean();
            byte[] whole = inSlots ? slots : queue;
            int used = inSlots ? slots.length : queueUsed;
            int length = 1 + random.nextInt(1 << random.nextInt(17));
            int from = random.nextInt(used - length);
            try (RandomAccessFile file = new RandomAccessFile((inSlots ? openBlocks : queueFile).toFile(), "rw")) {
                file.seek(from);
                switch (random.nextInt(4)) {
                    case 0 -> file.write(new byte[length]);
                    case 1 -> file.write(whole, random.nextInt(used - length), length);
                    case 2 -> {
                        byte[] chance = new byte[length];
                        random.nextBytes(chance);
                        file.write(chance);
                    }
                    default -> file.setLength(from);
                }
                assertHarmlessOrNamed("round " + round + ": " + (inSlots ? "slots" : "queue") + " from " + from + ", "
                        + length + " bytes, now " + file.length() + " long");
                int changed = file.length() < whole.length ? whole.length - from : length;
                file.seek(from);
                file.write(whole, from, changed);
            }
        }
        assertThat(openBlocks).hasBinaryContent(slots);
        assertThat(queueFile).hasBinaryContent(queue);
    }
}
