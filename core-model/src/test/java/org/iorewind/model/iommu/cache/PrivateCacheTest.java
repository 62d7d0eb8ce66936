package org.iorewind.model.iommu.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.StateImage;
import org.iorewind.model.iommu.AccessKind;
import org.junit.jupiter.api.Test;

class PrivateCacheTest {
    private final PrivateCache cache = new PrivateCache(64);

    @Test
    void anEntryServesItsFrameWithItsRights() {
        cache.insert(2, 7, 0x28_0000_1000L, 0x5000, AccessKind.RIGHT_READ);
        assertThat(cache.find(2, 0x28_0000_1FF0L, AccessKind.READ)).isTrue();
        assertThat(cache.physical(0x28_0000_1FF0L)).isEqualTo(0x5FF0);
        assertThat(cache.domain()).isEqualTo(7);
        assertThat(cache.find(2, 0x28_0000_1FF0L, AccessKind.WRITE)).isFalse();
        assertThat(cache.find(3, 0x28_0000_1FF0L, AccessKind.READ)).isFalse();
        assertThat(cache.find(2, 0x28_0000_2FF0L, AccessKind.READ)).isFalse();
    }

    @Test
    void itGoesWithItsDeviceItsPagesAndItsDomain() {
        fill();
        cache.invalidateDevice(3);
        cache.invalidateDevice(2);
        expectGone();
        fill();
        cache.invalidate(8, 0, -1);
        cache.invalidate(7, 0x2000, 0x2FFF);
        cache.invalidate(7, 0, 0xFFF);
        assertThat(cache.find(2, 0x1000, AccessKind.READ)).isTrue();
        cache.invalidate(7, 0x1000, 0x1FFF);
        expectGone();
        fill();
        cache.invalidateDomains(domain -> domain == 8);
        assertThat(cache.find(2, 0x1000, AccessKind.READ)).isTrue();
        cache.invalidateDomains(domain -> domain == 7);
        expectGone();
    }

    private void fill() {
        cache.insert(2, 7, 0x1000, 0x5000, AccessKind.RIGHTS_ALL);
        cache.insert(2, 7, 0x1000, 0x5000, AccessKind.RIGHTS_ALL);
    }

    private void expectGone() {
        assertThat(cache.find(2, 0x1000, AccessKind.READ)).isFalse();
    }

    @Test
    void aRestoredCacheAnswersAlike() {
        fill();
        StateImage image = new StateImage();
        cache.saveTo(image);
        PrivateCache other = new PrivateCache(64);
        other.insert(4, 4, 0x4000, 0x4000, AccessKind.RIGHTS_ALL);
        other.restoreFrom(image.reader());
        assertThat(other.find(2, 0x1234, AccessKind.WRITE)).isTrue();
        assertThat(other.physical(0x1234)).isEqualTo(0x5234);
        assertThat(other.find(4, 0x4000, AccessKind.READ)).isFalse();
    }

    @Test
    void withoutPlacesNothingIsCached() {
        PrivateCache none = new PrivateCache(0);
        none.insert(2, 7, 0x1000, 0x5000, AccessKind.RIGHTS_ALL);
        assertThat(none.find(2, 0x1000, AccessKind.READ)).isFalse();
    }
}
