package org.iorewind.model.platform.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;

/** Addresses for devices: from 4 GiB downwards, aligned to their size, around the window of interrupts (reference 7.2). */
class IovaAllocatorTest {
    private final IovaAllocator allocator = new IovaAllocator(47);

    @Test
    void addressesComeFromTheTopOf4GiBDownwardsAlignedToTheirSize() {
        assertThat(allocator.allocate(0x1000)).isEqualTo(0xFFFF_F000L);
        assertThat(allocator.allocate(0x1000)).isEqualTo(0xFFFF_E000L);
        assertThat(allocator.allocate(0x4000)).isEqualTo(0xFFFF_8000L);
        // Three pages are aligned like four.
        assertThat(allocator.allocate(0x3000)).isEqualTo(0xFFFF_4000L);
        assertThat(allocator.allocate(0x1000)).isEqualTo(0xFFFF_D000L);
    }

    @Test
    void theWindowOfInterruptsIsNeverGiven() {
        assertThat(allocator.allocate(0x100_0000)).isEqualTo(0xFF00_0000L);
        assertThat(allocator.allocate(0x10_0000)).isEqualTo(0xFEF0_0000L);
        assertThat(allocator.allocate(0x1000)).isEqualTo(0xFEDF_F000L);
    }

    @Test
    void whenThereIsNoneBelow4GiBTheTopOfAllFollows() {
        // 2 GiB at 80000000h would hold the window of interrupts; below, page 0 is in the way.
        assertThat(allocator.allocate(1L << 31)).isEqualTo((1L << 47) - (1L << 31));
        assertThat(allocator.allocate(1L << 30)).isEqualTo(0x8000_0000L);
    }

    @Test
    void thereIsAnEnd() {
        IovaAllocator small = new IovaAllocator(41);
        assertThat(small.allocate(1L << 40)).isEqualTo(1L << 40);
        assertThat(small.allocate(1L << 40)).isEqualTo(Errno.NO_SPACE);
        assertThat(small.allocate(1L << 45)).isEqualTo(Errno.NO_SPACE);
        small.free(1L << 40, 1L << 40);
        assertThat(small.allocate(1L << 40)).isEqualTo(1L << 40);
    }

    @Property(tries = 300)
    void rangesNeverOverlapAndAllComeBack(@ForAll long seed) {
        Random random = new Random(seed);
        TreeMap<Long, Long> given = new TreeMap<>();
        for (int i = 0; i < 200; i++) {
            if (given.size() > 3 && random.nextInt(3) == 0) {
                Long first = given.ceilingKey((long) random.nextInt());
                first = first == null ? given.firstKey() : first;
                allocator.free(first, given.remove(first));
                continue;
            }
            long bytes = (1L + random.nextInt(9)) << 12 + random.nextInt(12);
            long first = allocator.allocate(bytes);
            Map.Entry<Long, Long> below = given.floorEntry(first);
            assertThat(below == null || below.getKey() + below.getValue() <= first)
                    .isTrue();
            assertThat(given.higherKey(first) == null || given.higherKey(first) >= first + bytes)
                    .isTrue();
            given.put(first, bytes);
        }
        given.forEach(allocator::free);
        // All is one again: the largest range below the window of interrupts can be had.
        long most = allocator.allocate(1L << 30);
        assertThat(most).isEqualTo(0x8000_0000L);
        allocator.free(most, 1L << 30);
    }
}
