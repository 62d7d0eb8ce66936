package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventView;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.CompactOffsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A copy of a journal whose writer was stopped, to be damaged: twelve blocks in the queue, the rest in an open slot. The first four
 * blocks are in the queue only.
 */
abstract class StoppedJournal {
    static final int EVENTS = 12 * BlockDescriptor.TARGET_COUNT + 500;

    @TempDir
    Path directory;

    final EventList events = RandomEvents.smallSession(5, EVENTS);
    Path journal;
    Path openBlocks;
    Path queueFile;

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
            return JournalScan.run(queue, 7, 5, 0, true).blocks().size();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    List<String> read() {
        try (JournalReader reader = JournalReader.open(journal)) {
            return EventList.of(reader);
        }
    }

    static void flip(Path file, long bit) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bit / 8);
            int value = bytes.read();
            bytes.seek(bit / 8);
            bytes.write(value ^ 1 << bit % 8);
        }
    }

    /** All events are what was written, up to the end or to an error that names a place. */
    void assertHarmlessOrNamed(String what) {
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

    long startOfBlock(int number) {
        try (QueueFile queue = QueueFile.open(journal)) {
            return JournalScan.run(queue, 7, 5, 0, true).blocks().get(number).position();
        }
    }

    long startOfFirstBlock() throws IOException {
        byte[] bytes = Files.readAllBytes(queueFile);
        for (int i = 0; i < bytes.length - 4; i++) {
            if (bytes[i] == 'I' && bytes[i + 1] == 'O' && bytes[i + 2] == 'R' && bytes[i + 3] == 'B') {
                return i;
            }
        }
        throw new AssertionError("no block in " + queueFile);
    }

    int[] offsetsInBlock(int block) {
        int first = block * BlockDescriptor.TARGET_COUNT;
        return CompactOffsets.of(events.frames().subList(first, first + BlockDescriptor.TARGET_COUNT));
    }
}
