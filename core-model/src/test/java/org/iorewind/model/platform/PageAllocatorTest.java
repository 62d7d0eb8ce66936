package org.iorewind.model.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PageAllocatorTest {
    private static final long BASE = 0x10_1000;

    @Test
    void theLowestRangeThatFitsIsGiven() {
        PageAllocator pages = new PageAllocator(BASE, 0x10_0000);

        assertThat(pages.allocate(1, 4096)).isEqualTo(0x10_1000);
        assertThat(pages.allocate(0x2000, 0x1_0000)).isEqualTo(0x11_0000);
        assertThat(pages.allocate(4096, 4096)).isEqualTo(0x10_2000);
        assertThat(pages.left()).isEqualTo(0x10_0000 - 0x4000);
    }

    @Test
    void whatIsFreedJoinsItsNeighbours() {
        PageAllocator pages = new PageAllocator(BASE, 0x3000);
        long first = pages.allocate(4096, 4096);
        long second = pages.allocate(4096, 4096);
        long third = pages.allocate(4096, 4096);
        pages.free(first, 4096);
        pages.free(third, 4096);
        pages.free(second, 4096);

        assertThat(pages.allocate(0x3000, 4096)).isEqualTo(BASE);
    }

    @Test
    void whenNothingFitsTheMessageSaysHowMuchIsLeft() {
        PageAllocator pages = new PageAllocator(BASE, 0x2000);

        assertThatThrownBy(() -> pages.allocate(0x3000, 4096))
                .isInstanceOf(OutOfMemoryException.class)
                .hasMessage("expected 12288 bytes of free memory, found left=8192: give the machine more memory");
    }

    @Property(tries = 200)
    void rangesNeverOverlapAndAllComesBack(@ForAll @Size(min = 1, max = 60) List<@IntRange(max = 40) Integer> steps) {
        PageAllocator pages = new PageAllocator(BASE, 0x40_0000);
        List<long[]> held = new ArrayList<>();
        for (int step : steps) {
            if (step > 30 && !held.isEmpty()) {
                long[] range = held.remove(step % held.size());
                pages.free(range[0], range[1]);
            } else {
                long bytes = (step % 5 + 1) * 4096L;
                long start = pages.allocate(bytes, 4096L << step % 4);
                assertThat(start % (4096L << step % 4)).isZero();
                for (long[] other : held) {
                    assertThat(start + bytes <= other[0] || other[0] + other[1] <= start)
                            .isTrue();
                }
                held.add(new long[] {start, bytes});
            }
        }
        for (long[] range : held) {
            pages.free(range[0], range[1]);
        }
        assertThat(pages.left()).isEqualTo(0x40_0000);
        assertThat(pages.allocate(0x40_0000, 4096)).isEqualTo(BASE);
    }
}
