package org.iorewind.model.iommu.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InterruptEntryCacheTest {
    @Test
    void anEntryThatTakesThePlaceOfAnotherEvictsIt() {
        InterruptEntryCache cache = new InterruptEntryCache(1);
        cache.insert(5, 1, 0x1000, 1, 2);
        cache.insert(5, 1, 0x1000, 3, 4);
        cache.insert(5, 2, 0x1010, 5, 6);
        assertThat(cache.find(5, 1)).isFalse();
        assertThat(cache.find(5, 2)).isTrue();
        assertThat(cache.low()).isEqualTo(5);
        assertThat(cache.counts().evictions()).isEqualTo(1);
        assertThat(cache.counts().insertions()).isEqualTo(3);
    }
}
