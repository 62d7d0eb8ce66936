package org.iorewind.trace.block;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventList;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.UnsupportedTraceException;
import org.junit.jupiter.api.Test;

class BlockTest {
    private final BlockBuilder builder = new BlockBuilder(7, 1);

    private byte[] block() {
        EventList events = RandomEvents.smallSession(1, 12);
        for (byte[] frame : events.frames()) {
            builder.add(new UnsafeBuffer(frame), 0, frame.length);
        }
        byte[] bytes = new byte[builder.seal()];
        builder.block().get(bytes);
        return bytes;
    }

    private static void verify(byte[] block) {
        BlockHeader.read(new UnsafeBuffer(block), 0, block.length, "file", "block 0")
                .verify(block, 7, 1, "file", "block 0");
    }

    @Test
    void aBlockSaysWhatIsInIt() {
        byte[] block = block();
        verify(block);
        BlockHeader header = BlockHeader.read(new UnsafeBuffer(block), 0, block.length, "file", "block 0");
        assertThat(header.firstSequence()).isZero();
        assertThat(header.count()).isEqualTo(12);
        assertThat(header.endSequence()).isEqualTo(12);
        assertThat(header.firstTimeNs()).isZero();
        assertThat(header.lastTimeNs()).isEqualTo(1000);
        assertThat(header.payloadLength()).isEqualTo(block.length - BlockDescriptor.HEADER_LENGTH);
        assertThat(new String(block, 0, 4, US_ASCII)).isEqualTo("IORB");
    }

    @Test
    void blocksAreChained() {
        byte[] first = block();
        builder.next();
        byte[] second = block();
        BlockHeader one = BlockHeader.read(new UnsafeBuffer(first), 0, first.length, "file", "block 0");
        BlockHeader two = BlockHeader.read(new UnsafeBuffer(second), 0, second.length, "file", "block 1");
        assertThat(two.previousChecksum()).isEqualTo(one.checksum());
        assertThat(two.firstSequence()).isEqualTo(12);
    }

    @Test
    void everyFlippedBitIsFound() {
        byte[] block = block();
        for (int bit = 0; bit < block.length * 8; bit++) {
            block[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> verify(block)).as("bit %d", bit).isInstanceOf(TraceFormatException.class);
            block[bit / 8] ^= (byte) (1 << bit % 8);
        }
        verify(block);
    }

    @Test
    void everyCutIsFound() {
        byte[] block = block();
        for (int length = 0; length < block.length; length++) {
            byte[] cut = Arrays.copyOf(block, length);
            assertThatThrownBy(() -> verify(cut)).isInstanceOf(CorruptTraceException.class);
        }
    }

    @Test
    void aBlockWithMoreEventsThanItMayHaveIsRefused() {
        UnsafeBuffer block = new UnsafeBuffer(new byte[BlockDescriptor.HEADER_LENGTH + 100_000]);
        block.putBytes(0, block(), 0, BlockDescriptor.HEADER_LENGTH);
        block.putInt(BlockDescriptor.PAYLOAD_LENGTH_OFFSET, 100_000, LITTLE_ENDIAN);
        block.putInt(BlockDescriptor.COUNT_OFFSET, 16_385, LITTLE_ENDIAN);
        assertThatThrownBy(() -> BlockHeader.read(block, 0, block.capacity(), "file", "block 0"))
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("1 to 16384 events");
    }

    @Test
    void aBlockOfALaterVersionIsRefusedByName() {
        byte[] block = block();
        block[BlockDescriptor.MAJOR_OFFSET] = 3;
        assertThatThrownBy(() -> verify(block))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("block format 1 to 2")
                .hasMessageContaining("block format 3");
    }

    @Test
    void aBlockIsFullByCountOrBySize() {
        assertThat(BlockDescriptor.isFull(0, 0, BlockDescriptor.MAX_PAYLOAD_LENGTH))
                .isFalse();
        assertThat(BlockDescriptor.isFull(3999, 3999 * 40, 40)).isFalse();
        assertThat(BlockDescriptor.isFull(4000, 4000 * 24, 24)).isTrue();
        assertThat(BlockDescriptor.isFull(1, 99_996, 63_840)).isFalse();
        assertThat(BlockDescriptor.isFull(1, 99_997, 63_840)).isTrue();
    }
}
