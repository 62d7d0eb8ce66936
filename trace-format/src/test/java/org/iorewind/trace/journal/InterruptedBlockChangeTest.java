package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.CompactFrame;
import org.iorewind.trace.block.CompactOffsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer dies at the moments between a full block and the next one: the files are put as they are then. */
class InterruptedBlockChangeTest {
    private static final int COUNT = BlockDescriptor.TARGET_COUNT;

    @TempDir
    Path directory;

    private final EventList events = RandomEvents.smallSession(5, COUNT + 2);
    private Path openBlocks;
    private Path queueFile;

    /** One full block, two events in the next one, and no end. */
    @BeforeEach
    void aJournalThatHasJustClosedABlock() throws IOException {
        Path live = directory.resolve("live");
        Path journal = directory.resolve("j");
        try (JournalWriter writer = JournalWriter.create(live)) {
            events.copyTo(writer);
            writer.sync();
            while (blocksInQueue(live) < 1) {
                Thread.onSpinWait();
            }
            Files.createDirectories(journal.resolve(JournalDescriptor.BLOCKS_NAME));
            for (String name : new String[] {
                JournalDescriptor.MARKER_NAME,
                StagingDescriptor.NAME,
                JournalDescriptor.BLOCKS_NAME + "/" + JournalDescriptor.QUEUE_DATA_NAME
            }) {
                Files.copy(live.resolve(name), journal.resolve(name));
            }
        }
        openBlocks = journal.resolve(StagingDescriptor.NAME);
        queueFile = journal.resolve(JournalDescriptor.BLOCKS_NAME).resolve(JournalDescriptor.QUEUE_DATA_NAME);
    }

    private static int blocksInQueue(Path journal) {
        try (QueueFile queue = QueueFile.open(journal)) {
            return JournalScan.run(queue, 7, 5, 0, true).blocks().size();
        }
    }

    private void change(int offset, long value, int bytes) throws IOException {
        byte[] content = Files.readAllBytes(openBlocks);
        byte[] little = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        System.arraycopy(little, 0, content, offset, bytes);
        Files.write(openBlocks, content);
    }

    private void assertHoldsTheFirst(int count) {
        try (JournalReader reader = JournalReader.open(directory.resolve("j"))) {
            assertThat(EventList.of(reader)).isEqualTo(events.hex().subList(0, count));
            assertThat(reader.check().damages()).isEmpty();
            assertThat(reader.check().tornTail()).isTrue();
        }
    }

    @Test
    void eventsThatAreInTheQueueAndInASlotAreReadOnce() {
        assertHoldsTheFirst(COUNT + 2);
    }

    @Test
    void aFullBlockThatIsNotInTheQueueYetIsReadFromItsSlot() throws IOException {
        Files.write(queueFile, new byte[1 << 20]);
        assertHoldsTheFirst(COUNT + 2);
    }

    @Test
    void anExcerptThatWasBegunAndNotEndedIsReadFromItsSlot() throws IOException {
        byte[] queue = Files.readAllBytes(queueFile);
        int excerpt = -1;
        for (int i = 0; excerpt < 0; i += 4) {
            if (queue[i + 4] == 'I' && queue[i + 5] == 'O' && queue[i + 6] == 'R' && queue[i + 7] == 'B') {
                excerpt = i;
            }
        }
        queue[excerpt + 3] |= (byte) 0x80;
        Arrays.fill(queue, excerpt + 1000, queue.length, (byte) 0);
        Files.write(queueFile, queue);
        assertHoldsTheFirst(COUNT + 2);
    }

    @Test
    void aSlotThatIsBeingClearedHasNoEvents() throws IOException {
        change(StagingDescriptor.slotOffset(1), StagingDescriptor.STATE_CLEARING, Long.BYTES);
        change(StagingDescriptor.FIRST_MARK_OFFSET, 0, Long.BYTES);
        assertHoldsTheFirst(COUNT);
    }

    @Test
    void aRecordThatIsNotCountedYetIsReadOrNot() throws IOException {
        int slot = StagingDescriptor.slotOffset(1);
        change(slot + StagingDescriptor.RECORDS_OFFSET, 1, Integer.BYTES);
        assertHoldsTheFirst(COUNT + 2);
        int[] offsets = CompactOffsets.of(events.frames().subList(COUNT, COUNT + 2));
        int second = slot + StagingDescriptor.FRAMES_OFFSET + offsets[1];
        change(second + CompactFrame.HEAD_LENGTH, 0, Long.BYTES);
        change(StagingDescriptor.FIRST_MARK_OFFSET, 0, Long.BYTES);
        assertHoldsTheFirst(COUNT + 1);
    }

    @Test
    void recordsOfAnEarlierBlockInTheSameSlotAreNotTakenForNewOnes() {
        // Nine blocks: the ninth is in slot 0 again, over the first one, which is still behind it.
        EventList many = RandomEvents.smallSession(5, 8 * COUNT + 10);
        Path journal = directory.resolve("many");
        JournalWriter writer = JournalWriter.create(journal);
        for (byte[] frame : many.frames()) {
            writer.append(new UnsafeBuffer(frame), 0, frame.length);
        }
        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(EventList.of(reader)).isEqualTo(many.hex());
            assertThat(reader.check().damages()).isEmpty();
        }
        writer.close();
    }
}
