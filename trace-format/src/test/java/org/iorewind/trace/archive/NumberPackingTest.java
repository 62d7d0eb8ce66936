package org.iorewind.trace.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class NumberPackingTest {
    private static final int HEAD = 3;

    @Property(tries = 3000)
    void whatWasPackedIsUnpacked(
            @ForAll @IntRange(max = 64) int bits,
            @ForAll @IntRange(max = 2) int layout,
            @ForAll @IntRange(min = 1, max = 41) int count,
            @ForAll long seed) {
        Random random = new Random(seed);
        long mask = bits == Long.SIZE ? -1 : (1L << bits) - 1;
        long[] numbers = random.longs(count).map(number -> number & mask).toArray();
        int length = (int) NumberPacking.length(layout, count, bits);
        byte[] packed = new byte[HEAD + length + ChunkDecoder.SLACK];
        random.nextBytes(packed);
        NumberPacking.pack(numbers, count, bits, layout, packed, HEAD);

        long[] unpacked = new long[count + 1];
        unpacked[count] = seed;
        NumberPacking.unpack(packed, HEAD, count, bits, layout, unpacked);

        assertThat(Arrays.copyOf(unpacked, count)).containsExactly(numbers);
        assertThat(unpacked[count]).as("behind the last number").isEqualTo(seed);
    }
}
