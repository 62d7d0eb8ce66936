package org.iorewind.model.iommu.quirk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.iorewind.model.iommu.CacheCounts;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.cache.CachedTranslation;
import org.iorewind.model.iommu.cache.TranslationCache;
import org.junit.jupiter.api.Test;

class QemuTlbTest {
    private static final int KEYS = 1000;

    private final TranslationCache tlb = Quirks.of(Profile.QEMU_11_1).tlb().make(1, 1);
    private final int[] requesters = new int[KEYS];
    private final long[] addresses = new long[KEYS];

    private void fill() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < KEYS; i++) {
            requesters[i] = random.nextInt(0x1_0000);
            addresses[i] = random.nextLong() & -0x1000;
            tlb.insert(requesters[i], i, addresses[i], i * 0x1000L, 12, 3);
        }
    }

    private void expectFound(int i) {
        assertThat(tlb.findForDevice(requesters[i], addresses[i] | 0xFFF)).isTrue();
        assertThat(tlb.result()).isEqualTo(i * 0x1000L);
        assertThat(tlb.domain()).isEqualTo(i);
    }

    @Test
    void nothingInItIsOfAGuest() {
        fill();
        assertThat(tlb.invalidateDomains(domain -> true)).isZero();
        expectFound(0);
    }

    @Test
    void whoOnlyAsksIsNotCounted() {
        fill();
        CacheCounts counts = tlb.hostCounters().counts();
        assertThat(tlb.holds(requesters[0], -1, addresses[0] | 0xFFF)).isTrue();
        assertThat(tlb.holds(requesters[0] ^ 1, -1, addresses[0])).isFalse();
        assertThat(tlb.hostCounters().counts()).isEqualTo(counts);
    }

    @Test
    void keysThatMeetInOneSlotAreKeptApart() {
        fill();
        for (int i = 0; i < KEYS; i++) {
            expectFound(i);
            assertThat(tlb.findForDevice(requesters[i] ^ 1, addresses[i])).isFalse();
            assertThat(tlb.findForDevice(requesters[i], addresses[i] ^ 0x1000)).isFalse();
        }
    }

    @Test
    void whatStaysIsFoundAfterAnInvalidation() {
        fill();
        for (int domain = 0; domain < KEYS; domain += 2) {
            assertThat(tlb.invalidateDomain(domain, 0, -1)).isEqualTo(1);
        }
        for (int i = 0; i < KEYS; i++) {
            assertThat(tlb.findForDevice(requesters[i], addresses[i])).isEqualTo(i % 2 == 1);
        }
        assertThat(tlb.invalidateAll()).isEqualTo(KEYS / 2);
    }

    @Test
    void anInsertUnderAKnownKeyReplacesIt() {
        tlb.insert(1, 2, 0x5000, 0x7000, 12, 3);
        tlb.insert(1, 3, 0x5FFF, 0x20_0000, 21, 1);
        assertThat(tlb.findForDevice(1, 0x5000)).isTrue();
        assertThat(tlb.result()).isEqualTo(0x20_0000);
        assertThat(tlb.pageShift()).isEqualTo(21);
        assertThat(tlb.rights()).isEqualTo(1);
        assertThat(tlb.domain()).isEqualTo(3);
        assertThat(tlb.invalidateAll()).isEqualTo(1);
    }

    @Test
    void guestTranslationsAreUnknownToIt() {
        tlb.insertGuest(2, 1, 0x5000, 0x7000, 12, 3, 12, false);
        assertThat(tlb.findForGuest(2, 1, 0x5000)).isFalse();
        assertThat(tlb.invalidateGuest(2, 1, 0, -1)).isZero();
        assertThat(tlb.invalidateCombined(2)).isZero();
        assertThat(tlb.invalidateAll()).isZero();
    }

    @Test
    void itCountsAsOneCacheOfHostTranslations() {
        tlb.findForDevice(1, 0x5000);
        tlb.insert(1, 2, 0x5000, 0x7000, 12, 3);
        tlb.findForDevice(1, 0x5000);
        tlb.invalidateAll();
        assertThat(tlb.hostCounters().counts()).isEqualTo(new CacheCounts(1, 1, 1, 0, 1));
        assertThat(tlb.guestCounters().counts()).isEqualTo(new CacheCounts(0, 0, 0, 0, 0));
    }

    @Test
    void listsWhatItHolds() {
        tlb.insert(0x30, 5, 0x5678, 0x8000, 12, 3);
        tlb.insertPassed(0x38, 6, 0x7123, 1);
        assertThat(tlb.entries())
                .containsExactly(
                        new CachedTranslation(0x30, 5, -1, 0x5000, 0x8000, 12, 3, false, false),
                        new CachedTranslation(0x38, 6, -1, 0x7000, 0x7000, 0, 1, true, false));
    }
}
