package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
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
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage to a journal's files is named or harmless: other events than those written never come out. */
class DamagedJournalTest {
    private static final int EVENTS = 2600;

    @TempDir
    Path directory;

    private final EventList events = RandomEvents.smallSession(5, EVENTS);
    private Path journal;
    private Path openBlock;
    private Path queueFile;

    /** A journal whose writer was stopped: two blocks in the queue, the rest in the open block. */
    @BeforeEach
    void copyOfAJournalThatIsBeingWritten() throws IOException {
        Path live = directory.resolve("live");
        journal = directory.resolve("copy");
        try (JournalWriter writer = JournalWriter.create(live)) {
            events.copyTo(writer);
            copy(live, journal);
        }
        openBlock = journal.resolve(JournalDescriptor.OPEN_BLOCK_NAME);
        try (Stream<Path> files = Files.list(journal.resolve(JournalDescriptor.BLOCKS_NAME))) {
            queueFile =
                    files.filter(f -> f.toString().endsWith(".cq4")).findAny().orElseThrow();
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
        try {
            assertThat(read()).as(what).isEqualTo(events.hex());
        } catch (TraceFormatException e) {
            assertThat(e.place() + e.file()).as(what).isNotEmpty();
        }
    }

    @Test
    void theCopyIsWhole() {
        assertThat(read()).isEqualTo(events.hex());
    }

    @Test
    void anyFlippedBitOfTheOpenBlockIsHarmlessOrNamed() throws IOException {
        OpenBlock whole = OpenBlock.read(openBlock, 7, 5);
        int used = JournalDescriptor.HEADER_LENGTH
                + whole.frames().length
                + whole.count() * JournalDescriptor.RECORD_HEADER_LENGTH;
        Random random = new Random(1);
        List<Long> bits = new ArrayList<>();
        for (long bit = 0; bit < JournalDescriptor.HEADER_LENGTH * 8 + 80 * 8; bit++) {
            bits.add(bit);
        }
        for (long bit = (used - 48) * 8L; bit < (used + 16) * 8L; bit++) {
            bits.add(bit);
        }
        for (int i = 0; i < 1000; i++) {
            bits.add((long) random.nextInt(JournalDescriptor.OPEN_BLOCK_LENGTH * 8));
        }
        for (long bit : bits) {
            flip(openBlock, bit);
            try {
                OpenBlock found = OpenBlock.read(openBlock, 7, 5);
                assertThat(found.firstSequence()).as("bit %d", bit).isEqualTo(whole.firstSequence());
                assertThat(found.frames()).as("bit %d", bit).isEqualTo(whole.frames());
                assertThat(found.state()).as("bit %d", bit).isEqualTo(whole.state());
            } catch (TraceFormatException e) {
                assertThat(e.file()).isEqualTo(openBlock.toString());
            }
            flip(openBlock, bit);
        }
        assertThat(read()).isEqualTo(events.hex());
    }

    @Test
    void flippedBitsOfTheQueueAreHarmlessOrNamed() throws IOException {
        long start = startOfFirstBlock();
        Random random = new Random(2);
        for (int i = 0; i < 60; i++) {
            // The queue's own header, then our blocks.
            long bit = i % 3 == 0 ? random.nextInt((int) start * 8) : start * 8 + random.nextInt(130_000 * 8);
            flip(queueFile, bit);
            assertHarmlessOrNamed("bit " + bit);
            flip(queueFile, bit);
        }
        assertThat(read()).isEqualTo(events.hex());
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
                    .hasMessageContaining("block 0 (events 0 to 1023)")
                    .hasMessageContaining("expected block checksum");
            cursor.seek(1024);
            assertThat(EventList.rest(cursor)).isEqualTo(events.hex().subList(1024, EVENTS));
            IntegrityReport report = reader.check();
            assertThat(report.damages()).singleElement().satisfies(damage -> {
                assertThat(damage.firstSequenceMissing()).isZero();
                assertThat(damage.lastSequenceMissing()).isEqualTo(1023);
            });
            assertThat(report.events()).isEqualTo(EVENTS - 1024);
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
                cursor.seek(1024);
                assertThat(EventList.rest(cursor))
                        .as("header byte %d", offset)
                        .isEqualTo(events.hex().subList(1024, EVENTS));
                assertThat(reader.check().isIntact())
                        .as("header byte %d", offset)
                        .isFalse();
            }
            flip(queueFile, (block + offset) * 8 + 5);
        }
    }

    @Test
    void aHiddenTailOfTheQueueIsFoundOut() throws IOException {
        // A length of 0 in front of a block is how Chronicle marks the end of what was written.
        try (RandomAccessFile bytes = new RandomAccessFile(queueFile.toFile(), "rw")) {
            bytes.seek(startOfFirstBlock() - 4);
            bytes.write(new byte[4]);
        }
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            assertThatThrownBy(cursor::next).isInstanceOf(CorruptTraceException.class);
            cursor.seek(2048);
            assertThat(EventList.rest(cursor)).isEqualTo(events.hex().subList(2048, EVENTS));
            assertThat(reader.check().isIntact()).isFalse();
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
            Files.copy(other.resolve(JournalDescriptor.OPEN_BLOCK_NAME), older);
        }
        Files.write(openBlock, Files.readAllBytes(older));
        assertThatThrownBy(this::read)
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("expected an open block that begins at event 1024 or later");
    }

    @Test
    void anOpenBlockOfAnotherSessionIsRefused() throws IOException {
        Path other = directory.resolve("other");
        try (JournalWriter writer = JournalWriter.create(other)) {
            RandomEvents.smallSession(6, EVENTS).copyTo(writer);
            Files.write(openBlock, Files.readAllBytes(other.resolve(JournalDescriptor.OPEN_BLOCK_NAME)));
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
            Path foreign = other.resolve(JournalDescriptor.BLOCKS_NAME).resolve(queueFile.getFileName());
            Files.write(queueFile, Files.readAllBytes(foreign));
        }
        assertThatThrownBy(this::read)
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("found session 00000000000000070000000000000006");
    }

    /** Chronicle loads the classes that a queue's files name: only the names that this format writes may get there. */
    @Test
    void anyFlippedBitInTheDescriptionOfAQueueFileIsHarmlessOrNamed() throws IOException {
        Path table = queueFile.resolveSibling(QueueFiles.TABLE_NAME);
        for (long bit = 32; bit < 0xc5 * 8; bit += 3) {
            flip(queueFile, bit);
            assertHarmlessOrNamed("data file, bit " + bit);
            flip(queueFile, bit);
        }
        for (long bit = 32; bit < 0x97 * 8; bit += 3) {
            flip(table, bit);
            assertHarmlessOrNamed("table file, bit " + bit);
            flip(table, bit);
        }
        assertThat(read()).isEqualTo(events.hex());
    }

    @Test
    void aClassNameInAQueueFileNeverReachesChronicle() throws IOException {
        byte[] bytes = Files.readAllBytes(queueFile);
        bytes[0x10] ^= 1;
        Files.write(queueFile, bytes);
        assertThatThrownBy(this::read)
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("offset 16")
                .hasNoCause();
    }

    @Test
    void aSecondDataFileIsRefused() throws IOException {
        Files.copy(queueFile, queueFile.resolveSibling("19700102F.cq4"));
        assertThatThrownBy(this::read).isInstanceOf(CorruptTraceException.class).hasMessageContaining("19700102F.cq4");
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        Files.delete(openBlock);
        assertThatThrownBy(this::read).isInstanceOf(TraceFormatException.class);
    }

    @Test
    void aCutOpenBlockIsNamed() throws IOException {
        byte[] whole = Files.readAllBytes(openBlock);
        for (int length : new int[] {0, 1, 63, 64, 1000, whole.length - 1}) {
            Files.write(openBlock, Arrays.copyOf(whole, length));
            assertThatThrownBy(this::read).as("length %d", length).isInstanceOf(TraceFormatException.class);
        }
    }
}
