package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.block.BlockDescriptor;
import org.junit.jupiter.api.Test;

/** Damage to the file of the queue is named or harmless, and what is behind it stays readable. */
class DamagedQueueTest extends StoppedJournal {
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

    /** What Chronicle keeps for itself in front of the first block says where that begins, and nothing else does. */
    @Test
    void aDamagedLengthBeforeTheFirstBlockHidesNoBlock() throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(queueFile.toFile(), "rw")) {
            // An excerpt that is ready, no data, and longer than the file.
            bytes.write(new byte[] {0, 0, 0, 0x7F});
        }
        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(EventList.of(reader)).isEqualTo(events.hex());
            assertThat(reader.check().isIntact()).isFalse();
            assertThat(reader.check().events()).isEqualTo(EVENTS);
        }
    }

    /** The events of a hole that is half of it in slots are not all missing, and reported once. */
    @Test
    void whatSlotsStillHaveOfAHoleIsNotReportedMissing() throws IOException {
        byte[] bytes = Files.readAllBytes(queueFile);
        int from = (int) startOfBlock(2) - 4;
        Arrays.fill(bytes, from, (int) startOfBlock(8) - 4, (byte) 0);
        Files.write(queueFile, bytes);
        try (JournalReader reader = JournalReader.open(journal)) {
            IntegrityReport report = reader.check();
            assertThat(report.damages()).singleElement().satisfies(damage -> {
                assertThat(damage.firstSequenceMissing()).isEqualTo(2 * BlockDescriptor.TARGET_COUNT);
                assertThat(damage.lastSequenceMissing()).isEqualTo(5 * BlockDescriptor.TARGET_COUNT - 1);
            });
            assertThat(report.events()).isEqualTo(EVENTS - 3 * BlockDescriptor.TARGET_COUNT);
        }
    }
}
