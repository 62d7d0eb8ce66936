package org.iorewind.trace.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.block.BlockDescriptor;
import org.iorewind.trace.block.CompactOffsets;
import org.junit.jupiter.api.Test;

/** Damage to {@code open-blocks} is named or harmless. */
class DamagedOpenBlocksTest extends StoppedJournal {
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

    /** The open block was in it, and the block that stands there now is whole. */
    @Test
    void aSlotThatWasOverwrittenByAnotherIsNamed() throws IOException {
        byte[] slots = Files.readAllBytes(openBlocks);
        int open = EVENTS / BlockDescriptor.TARGET_COUNT;
        int there = open * BlockDescriptor.TARGET_COUNT;
        int at = StagingDescriptor.slotOffset(open);
        for (int other = open - StagingDescriptor.SLOTS + 1; other < open; other++) {
            byte[] damaged = slots.clone();
            int from = StagingDescriptor.slotOffset(other);
            System.arraycopy(slots, from, damaged, at, StagingDescriptor.SLOT_LENGTH);
            Files.write(openBlocks, damaged);
            try (JournalReader reader = JournalReader.open(journal);
                    EventCursor cursor = reader.cursor()) {
                for (int i = 0; i < there; i++) {
                    assertThat(cursor.next()).as("event %d", i).isTrue();
                }
                assertThatThrownBy(cursor::next)
                        .as("slot of block %d", other)
                        .isInstanceOf(CorruptTraceException.class)
                        .hasMessageContaining("a block that is in no other slot")
                        .hasMessageContaining("the block from event " + other * BlockDescriptor.TARGET_COUNT);
                assertThat(reader.check().isIntact()).isFalse();
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

    /** The slot's copy is damaged and nobody needs it: its events are in the queue. */
    @Test
    void whatTheQueueHasOfADamagedSlotIsNotReportedMissing() throws IOException {
        flip(openBlocks, (StagingDescriptor.slotOffset(9) + StagingDescriptor.CHECKS_OFFSET + 800) * 8L);
        try (JournalReader reader = JournalReader.open(journal)) {
            assertThat(reader.check().events()).isEqualTo(EVENTS);
            assertThat(reader.check().damages()).anySatisfy(damage -> {
                assertThat(damage.place()).contains("slot 1");
                assertThat(damage.firstSequenceMissing()).isEqualTo(-1);
            });
        }
    }

    /** Slot and queue are damaged, each in another way: the block is whole in the queue, only where it begins is not told. */
    @Test
    void aBlockOfADamagedSlotIsFoundInTheQueueAlsoBehindItsEnd() throws IOException {
        int block = EVENTS / BlockDescriptor.TARGET_COUNT - 1;
        // Not ready, it seems: as if the queue ended here.
        flip(queueFile, (startOfBlock(block) - QueueFile.EXCERPT_HEADER_LENGTH) * 8 + 31);
        flip(openBlocks, (StagingDescriptor.slotOffset(block) + StagingDescriptor.FRAMES_OFFSET + 100) * 8L);
        try (JournalReader reader = JournalReader.open(journal);
                EventCursor cursor = reader.cursor()) {
            for (int i = 0; i < EVENTS; i++) {
                assertThat(cursor.next()).as("event %d", i).isTrue();
            }
            assertThat(reader.check().events()).isEqualTo(EVENTS);
            assertThat(reader.check().isIntact()).isFalse();
        }
    }
}
