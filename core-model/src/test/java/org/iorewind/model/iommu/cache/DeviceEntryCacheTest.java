package org.iorewind.model.iommu.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.table.DeviceEntry;
import org.junit.jupiter.api.Test;

class DeviceEntryCacheTest {
    @Test
    void anEntryThatTakesThePlaceOfAnotherEvictsIt() {
        DeviceEntryCache cache = new DeviceEntryCache(2);
        DeviceEntry entry = new DeviceEntry();
        entry.set(0x1000, 1, 2, 3, 4);
        cache.insert(4, entry);
        cache.noteFault(4);
        cache.insert(4, entry);
        assertThat(cache.hasLoggedFault(4)).isFalse();
        assertThat(cache.counts().evictions()).isZero();
        cache.insert(6, entry);
        assertThat(cache.find(4, entry)).isFalse();
        assertThat(cache.find(6, entry)).isTrue();
        assertThat(cache.counts().evictions()).isEqualTo(1);
        assertThat(cache.counts().insertions()).isEqualTo(3);
    }
}
