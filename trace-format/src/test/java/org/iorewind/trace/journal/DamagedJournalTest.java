package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.block.BlockDescriptor;
import org.junit.jupiter.api.Test;

/** Damage to any of a journal's files: other events than those written never come out, and of two copies the good one is read. */
class DamagedJournalTest extends StoppedJournal {
    @Test
    void theCopyIsWhole() {
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
    void aMissingPartIsNamed() throws IOException {
        Files.delete(openBlocks);
        assertThatThrownBy(this::read).isInstanceOf(TraceFormatException.class);
    }
}
