package org.iorewind.trace.block;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.RandomEvents;
import org.junit.jupiter.api.Test;

class CompactFrameTest {
    private static final HexFormat HEX = HexFormat.of();

    private final FrameCompactor compactor = new FrameCompactor();
    private final FrameExpander expander = new FrameExpander();
    private final UnsafeBuffer into = new UnsafeBuffer(new byte[1 << 20]);
    private final byte[] frame = new byte[(1 << 20) + FrameExpander.SLACK];

    /** A frame of so many words: the type in the first one, then the given words. */
    private static byte[] frame(int type, long... words) {
        ByteBuffer bytes = ByteBuffer.allocate((words.length + 1) * Long.BYTES).order(LITTLE_ENDIAN);
        bytes.putLong((long) (words.length + 1) << 48 | 17L << 32 | (long) type << 16 | 13);
        for (long word : words) {
            bytes.putLong(word);
        }
        return bytes.array();
    }

    private String compact(byte[] bytes) {
        int length = compactor.append(into, 0, new UnsafeBuffer(bytes), 0, bytes.length, 0);
        byte[] compact = new byte[length];
        into.getBytes(0, compact);
        return HEX.formatHex(compact);
    }

    private byte[] expanded(String compact) {
        byte[] bytes = HEX.parseHex(compact);
        int length = expander.expand(bytes, 0, bytes.length, frame, 0, 1 << 20);
        assertThat(expander.behind()).isEqualTo(bytes.length);
        return Arrays.copyOf(frame, length);
    }

    @Test
    void theFirstFrameOfATypeHasAllItsWordsThatAreNotZero() {
        String compact = compact(frame(5, 0x1111, 0, 0x2222));
        assertThat(compact).isEqualTo("050b0100" + "0d00050011000400" + "11110000" + "22220000");
        assertThat(expanded(compact)).isEqualTo(frame(5, 0x1111, 0, 0x2222));
    }

    @Test
    void anotherFrameOfTheTypeHasOnlyWhatDiffersWhateverStandsBetween() {
        expanded(compact(frame(5, 1, 7, 0x2222)));
        expanded(compact(frame(34, 9, 9, 9)));
        String compact = compact(frame(5, 2, 7, 0x3333));
        assertThat(compact).isEqualTo("050a0000" + "02000000" + "33330000");
        assertThat(expanded(compact)).isEqualTo(frame(5, 2, 7, 0x3333));
    }

    @Test
    void theSameFrameAgainHasFourBytes() {
        expanded(compact(frame(5, 1, 7)));
        String compact = compact(frame(5, 1, 7));
        assertThat(compact).isEqualTo("05000000");
        assertThat(expanded(compact)).isEqualTo(frame(5, 1, 7));
    }

    @Test
    void whatIsBehindTheEighthWordIsStoredAsItIs() {
        byte[] longer = frame(4, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        expanded(compact(longer));
        String compact = compact(longer);
        assertThat(compact).isEqualTo("04000000" + "0800000000000000" + "0900000000000000");
        assertThat(expanded(compact)).isEqualTo(longer);
    }

    @Test
    void typesThatShareTheirLowHalfShareAReferenceAndAreToldApartByTheFirstWord() {
        expanded(compact(frame(5, 1, 7)));
        String compact = compact(frame(0x105, 1, 7));
        assertThat(compact).isEqualTo("05010000" + "0d000501");
        assertThat(expanded(compact)).isEqualTo(frame(0x105, 1, 7));
    }

    @Test
    void aFrameInRegistersIsTheSameAsOneInMemory() {
        Random random = new Random(3);
        FrameCompactor other = new FrameCompactor();
        UnsafeBuffer second = new UnsafeBuffer(new byte[64]);
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = frame(5, any(random), any(random), any(random), any(random));
            UnsafeBuffer words = new UnsafeBuffer(bytes);
            int length = other.append(
                    second,
                    0,
                    words.getLong(0, LITTLE_ENDIAN),
                    words.getLong(8, LITTLE_ENDIAN),
                    words.getLong(16, LITTLE_ENDIAN),
                    words.getLong(24, LITTLE_ENDIAN),
                    words.getLong(32, LITTLE_ENDIAN),
                    0);
            byte[] found = new byte[length];
            second.getBytes(0, found);
            assertThat(HEX.formatHex(found)).isEqualTo(compact(bytes));
            assertThat(other.check()).isEqualTo(compactor.check());
        }
    }

    /** Two of them are the same, or differ in their lower or upper half or in both. */
    private static long any(Random random) {
        return random.nextInt(2) | (long) random.nextInt(2) << 40;
    }

    @Test
    void aPreviewThatIsNotAcceptedChangesNothing() {
        byte[] first = HEX.parseHex(compact(frame(5, 1, 7)));
        assertThat(expander.preview(first, 0, first.length, frame, 0, 24)).isEqualTo(24);
        byte[] again = HEX.parseHex("05000000");
        assertThat(expander.preview(again, 0, 4, frame, 0, 24)).isEqualTo(FrameExpander.NO_FRAME);
        expander.preview(first, 0, first.length, frame, 0, 24);
        expander.accept(frame, 0, 24);
        assertThat(expander.preview(again, 0, 4, frame, 0, 24)).isEqualTo(24);
        assertThat(Arrays.copyOf(frame, 24)).isEqualTo(frame(5, 1, 7));
    }

    @Test
    void whatIsNoCompactFrameIsNotTakenForOne() {
        String whole = compact(frame(5, 1, 7));
        assertNoFrame("", "nothing");
        assertNoFrame("050000", "three bytes of a head");
        assertNoFrame("05000000", "a reference that no frame has set");
        for (int length = 8; length < whole.length(); length += 2) {
            assertNoFrame(whole.substring(0, length), "cut after " + length / 2);
        }
        assertNoFrame("06" + whole.substring(2), "the type of another frame");
        assertNoFrame("050f0100" + whole.substring(8) + "00000000", "a word that the frame does not have");
        assertNoFrame("05070900" + whole.substring(8) + "00000000", "a wide word that does not differ");
        assertNoFrame("05070101" + whole.substring(8), "a fourth byte that is not 0");
        assertNoFrame("05010100" + "0d00050011000200", "a frame of two words");
        assertNoFrame("05010100" + "0d00050011000900", "nine words of which the ninth is missing");
    }

    @Test
    void aWordWhoseUpperHalfDiffersIsStoredWhole() {
        expanded(compact(frame(5, 0x1_0000_0001L, 7)));
        assertThat(compact(frame(5, 0x1_0000_0002L, 7))).isEqualTo("05020000" + "02000000");
        expanded("05020000" + "02000000");
        String compact = compact(frame(5, 0x2_0000_0002L, -1));
        assertThat(compact).isEqualTo("05060600" + "0200000002000000" + "ffffffffffffffff");
        assertThat(expanded(compact)).isEqualTo(frame(5, 0x2_0000_0002L, -1));
    }

    /** The multiplication and the turn of docs/format.md, written out once more. */
    @Test
    void theCheckIsOfTheWordsThatDifferOfThoseBehindTheEighthAndOfTheHead() {
        long prime = 0xC2B2AE3D27D4EB4FL;
        compactor.append(into, 0, new UnsafeBuffer(frame(5, 0x1_0000_0001L, 7)), 0, 24, 0);
        byte[] second = frame(5, 0x1_0000_0003L, 7);
        compactor.append(into, 0, new UnsafeBuffer(second), 0, second.length, 99);
        long expected = Long.rotateLeft(99 ^ 0x1_0000_0003L, 29) * prime;
        expected = Long.rotateLeft(expected ^ 0x0205, 29) * prime;
        assertThat(compactor.check()).isEqualTo(expected);
        assertThat(FrameExpander.check(0x0205, second, 0, second.length, 99)).isEqualTo(expected);

        byte[] longer = frame(4, 0, 0, 0, 0, 0, 0, 0, 8, 9);
        compactor.append(into, 0, new UnsafeBuffer(longer), 0, longer.length, 1);
        expected = Long.rotateLeft(1 ^ 0x000A_0011_0004_000DL, 29) * prime;
        expected = Long.rotateLeft(expected ^ 8, 29) * prime;
        expected = Long.rotateLeft(expected ^ 9, 29) * prime;
        expected = Long.rotateLeft(expected ^ 0x01_0104, 29) * prime;
        assertThat(compactor.check()).isEqualTo(expected);
        assertThat(FrameExpander.check(0x01_0104, longer, 0, longer.length, 1)).isEqualTo(expected);
    }

    private void assertNoFrame(String compact, String why) {
        byte[] bytes = HEX.parseHex(compact);
        assertThat(new FrameExpander().preview(bytes, 0, bytes.length, frame, 0, 1 << 20))
                .as("preview, %s", why)
                .isEqualTo(FrameExpander.NO_FRAME);
        assertThat(new FrameExpander().expand(bytes, 0, bytes.length, frame, 0, 1 << 20))
                .as(why)
                .isEqualTo(FrameExpander.NO_FRAME);
    }

    @Test
    void aFrameThatIsLongerThanItsRoomIsNotExpanded() {
        byte[] bytes = HEX.parseHex(compact(frame(5, 1, 7, 8)));
        assertThat(expander.expand(bytes, 0, bytes.length, frame, 0, 24)).isEqualTo(FrameExpander.NO_FRAME);
        assertThat(expander.expand(bytes, 0, bytes.length, frame, 0, 32)).isEqualTo(32);
    }

    @Test
    void theFramesOfABlockAreThoseThatWereAdded() {
        BlockBuilder builder = new BlockBuilder(7, 1);
        List<byte[]> frames = new ArrayList<>();
        BlockFrames read = new BlockFrames();
        for (int round = 0; round < 3; round++) {
            frames.clear();
            for (byte[] each : RandomEvents.smallSession(round, 500).frames()) {
                builder.add(new UnsafeBuffer(each), 0, each.length);
                frames.add(each);
            }
            byte[] block = new byte[builder.seal()];
            builder.block().get(block);
            builder.next();
            BlockHeader header = BlockHeader.read(new UnsafeBuffer(block), 0, block.length, "file", "block");
            header.verify(block, 7, 1, "file", "block");
            DirectBuffer found = read.of(block, header, "file", "block");
            int at = 0;
            for (byte[] each : frames) {
                byte[] bytes = new byte[each.length];
                found.getBytes(at, bytes);
                assertThat(bytes).isEqualTo(each);
                at += each.length;
            }
            assertThat(read.length()).isEqualTo(at);
        }
    }

    @Test
    void aBlockWhoseCompactFramesDoNotFillItIsNamed() {
        BlockBuilder builder = new BlockBuilder(7, 1);
        for (byte[] each : RandomEvents.smallSession(1, 20).frames()) {
            builder.add(new UnsafeBuffer(each), 0, each.length);
        }
        byte[] block = new byte[builder.seal()];
        builder.block().get(block);
        for (int count : new int[] {19, 21}) {
            UnsafeBuffer view = new UnsafeBuffer(block);
            view.putInt(BlockDescriptor.COUNT_OFFSET, count, LITTLE_ENDIAN);
            BlockHeader header = BlockHeader.read(view, 0, block.length, "file", "block 3");
            assertThatThrownBy(() -> new BlockFrames().of(block, header, "file", "block 3"))
                    .isInstanceOf(CorruptTraceException.class)
                    .hasMessageContaining("block 3")
                    .hasMessageContaining("compact frame");
        }
    }
}
