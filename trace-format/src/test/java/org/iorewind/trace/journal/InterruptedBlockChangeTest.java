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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer dies at the moments between a full block and the next one: the files are put as they are then. */
class InterruptedBlockChangeTest {
    @TempDir
    Path directory;

    private final EventList events = RandomEvents.smallSession(5, BlockDescriptor.TARGET_COUNT + 1);
    private Path openBlock;
    private byte[] fullOpenBlock;

    /** One block in the queue, one event in the open block, and a copy of the open block as it was when it was full. */
    @BeforeEach
    void aJournalThatHasJustClosedABlock() throws IOException {
        JournalWriter writer = JournalWriter.create(directory.resolve("j"));
        openBlock = directory.resolve("j").resolve(JournalDescriptor.OPEN_BLOCK_NAME);
        for (byte[] frame : events.frames().subList(0, BlockDescriptor.TARGET_COUNT)) {
            writer.append(new UnsafeBuffer(frame), 0, frame.length);
        }
        fullOpenBlock = Files.readAllBytes(openBlock);
        byte[] last = events.frames().get(BlockDescriptor.TARGET_COUNT);
        writer.append(new UnsafeBuffer(last), 0, last.length);
        writer.close();
    }

    private void assertHoldsExactlyTheFirstBlock() {
        try (JournalReader reader = JournalReader.open(directory.resolve("j"))) {
            assertThat(EventList.of(reader)).isEqualTo(events.hex().subList(0, BlockDescriptor.TARGET_COUNT));
            assertThat(reader.check().isIntact()).isTrue();
            assertThat(reader.check().tornTail()).isTrue();
        }
    }

    @Test
    void eventsThatAreInTheQueueAndInTheOpenBlockAreReadOnce() throws IOException {
        // A journal of the full block alone, with the open block as it was before it was cleared.
        Path other = directory.resolve("k");
        try (JournalWriter again = JournalWriter.create(other)) {
            for (byte[] frame : events.frames().subList(0, BlockDescriptor.TARGET_COUNT)) {
                again.append(new UnsafeBuffer(frame), 0, frame.length);
            }
        }
        Files.write(other.resolve(JournalDescriptor.OPEN_BLOCK_NAME), fullOpenBlock);
        try (JournalReader reader = JournalReader.open(other)) {
            assertThat(EventList.of(reader)).isEqualTo(events.hex().subList(0, BlockDescriptor.TARGET_COUNT));
            assertThat(reader.check().isIntact()).isTrue();
        }
    }

    @Test
    void anOpenBlockThatIsBeingClearedLeavesEverythingToTheQueue() throws IOException {
        byte[] cleared = fullOpenBlock.clone();
        ByteBuffer.wrap(cleared)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(JournalDescriptor.STATE_OFFSET, JournalDescriptor.STATE_CLEARING);
        Arrays.fill(cleared, 100, 5000, (byte) 0);
        Files.write(openBlock, cleared);
        try (JournalReader reader = JournalReader.open(directory.resolve("j"))) {
            assertThat(EventList.of(reader)).isEqualTo(events.hex());
            assertThat(reader.check().isIntact()).isTrue();
            assertThat(reader.check().tornTail()).isTrue();
        }
    }

    @Test
    void aFullOpenBlockWithoutItsBlockInTheQueueIsReadFromTheOpenBlock() throws IOException {
        Path queue = directory.resolve("j").resolve(JournalDescriptor.BLOCKS_NAME);
        Path other = directory.resolve("k");
        try (JournalWriter empty = JournalWriter.create(other)) {
            byte[] first = events.frames().get(0);
            empty.append(new UnsafeBuffer(first), 0, first.length);
            // Nothing is in the queue yet: its file does not even exist.
            Files.write(openBlock, fullOpenBlock);
            Files.delete(queue.resolve("19700101F.cq4"));
            Files.write(
                    queue.resolve("metadata.cq4t"),
                    Files.readAllBytes(
                            other.resolve(JournalDescriptor.BLOCKS_NAME).resolve("metadata.cq4t")));
        }
        assertHoldsExactlyTheFirstBlock();
    }
}
