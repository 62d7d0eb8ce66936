package org.iorewind.trace.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.block.BlockDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue of a journal, as Chronicle's own readers and writers see it. */
class BlockQueueTest {
    private static final int EVENTS = 40 * BlockDescriptor.TARGET_COUNT;

    @TempDir
    Path directory;

    private static ChronicleQueue chronicle(Path journal) {
        return SingleChronicleQueueBuilder.binary(journal.resolve(JournalDescriptor.BLOCKS_NAME))
                .rollCycle(JournalDescriptor.ROLL_CYCLE)
                .timeProvider(() -> JournalDescriptor.QUEUE_TIME_MS)
                .blockSize(JournalDescriptor.QUEUE_PIECE_LENGTH)
                .build();
    }

    private Path journal() {
        Path journal = directory.resolve("j");
        try (JournalWriter writer = JournalWriter.create(journal)) {
            RandomEvents.smallSession(5, EVENTS).copyTo(writer);
        }
        return journal;
    }

    /** First sequence numbers of the blocks in all excerpts. */
    private static List<Long> firsts(ExcerptTailer tailer) {
        List<Long> firsts = new ArrayList<>();
        Bytes<ByteBuffer> excerpt = Bytes.elasticByteBuffer();
        while (tailer.readBytes(excerpt.clear())) {
            ByteBuffer block = excerpt.underlyingObject().order(LITTLE_ENDIAN);
            assertThat(block.getInt(BlockDescriptor.MAGIC_OFFSET)).isEqualTo(BlockDescriptor.MAGIC);
            assertThat(excerpt.readRemaining())
                    .isEqualTo(BlockDescriptor.HEADER_LENGTH + block.getInt(BlockDescriptor.PAYLOAD_LENGTH_OFFSET));
            firsts.add(block.getLong(BlockDescriptor.FIRST_SEQUENCE_OFFSET));
        }
        excerpt.releaseLast();
        return firsts;
    }

    @Test
    void aTailerOfChronicleReadsEveryBlock() {
        List<Long> expected = new ArrayList<>();
        for (long first = 0; first < EVENTS; first += BlockDescriptor.TARGET_COUNT) {
            expected.add(first);
        }
        try (ChronicleQueue queue = chronicle(journal());
                ExcerptTailer tailer = queue.createTailer()) {
            assertThat(firsts(tailer)).isEqualTo(expected);
        }
    }

    @Test
    void aTailerOfChronicleFindsABlockThatIsNotInItsIndex() {
        try (ChronicleQueue queue = chronicle(journal());
                ExcerptTailer tailer = queue.createTailer()) {
            assertThat(tailer.moveToIndex(JournalDescriptor.ROLL_CYCLE.toIndex(0, 33)))
                    .isTrue();
            assertThat(firsts(tailer)).first().isEqualTo(33L * BlockDescriptor.TARGET_COUNT);
        }
    }
}
