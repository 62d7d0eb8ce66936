package org.iorewind.model.iommu.counter;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Reference 1.12: match registers. */
class CounterMatchPropertyTest {
    private static final long MATCH_EN = 1L << 31;

    @Property
    void aMaskedMatchComparesTheBitsOfTheMask(
            @ForAll @IntRange(max = 0xF_FFFF) int value,
            @ForAll @IntRange(max = 0xF_FFFF) int mask,
            @ForAll @IntRange(max = 0xF_FFFF) int id) {
        long register = (long) mask << 32 | MATCH_EN | value;
        assertThat(CounterDescriptor.matches(register, id)).isEqualTo((value & mask) == (id & mask));
        assertThat(CounterDescriptor.matches(register, -1)).isFalse();
        assertThat(CounterDescriptor.matches(register & ~MATCH_EN, -1)).isTrue();
    }
}
