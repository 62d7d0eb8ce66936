package org.iorewind.model.iommu.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetAssociativeTlbTest {
    private final TranslationCache tlb = new SetAssociativeTlb(1, 8);

    @Test
    void tellsUnderWhichDomainAPageWasCached() {
        tlb.insert(0x30, 5, 0x1000, 0x7000, 12, 3);
        tlb.insert(0x30, 0xFFFF, 0x1000, 0x8000, 12, 1);
        assertThat(tlb.findForDevice(0x30, 0x1000)).isFalse();
        assertThat(tlb.findForDomain(5, 0x1FFF)).isTrue();
        assertThat(tlb.domain()).isEqualTo(5);
        assertThat(tlb.findForDomain(0xFFFF, 0x1000)).isTrue();
        assertThat(tlb.domain()).isEqualTo(0xFFFF);
        assertThat(tlb.isPassed()).isFalse();
    }

    /** The cached page is [4000h, 5FFFh]. */
    @ParameterizedTest
    @CsvSource({
        "0x0000, 0x3FFF, 0",
        "0x0000, 0x4000, 1",
        "0x4800, 0x48FF, 1",
        "0x5FFF, 0x7FFF, 1",
        "0x6000, 0x7FFF, 0",
        "0x0000, 0xFFFF, 1"
    })
    void aRangeDropsAPageThatItTouches(String first, String last, int dropped) {
        tlb.insert(0x30, 5, 0x5000, 0x8000, 13, 3);
        assertThat(tlb.invalidateDomain(5, Long.decode(first), Long.decode(last)))
                .isEqualTo(dropped);
        tlb.invalidateAll();
        tlb.insertGuest(5, 9, 0x5000, 0x8000, 12, 3, 13, false);
        assertThat(tlb.invalidateGuest(5, 9, Long.decode(first), Long.decode(last)))
                .isEqualTo(dropped);
    }

    @Test
    void listsWhatItHoldsWithoutUsingIt() {
        tlb.insert(0x30, 5, 0x5678, 0x8000, 13, 3);
        tlb.insertGuest(6, 9, 0x7000, 0x9000, 12, 5, 12, false);
        tlb.insertNotPresent(7, -1, 0xA000, false);
        var counts = tlb.hostCounters().counts();
        assertThat(tlb.entries())
                .containsExactlyInAnyOrder(
                        new CachedTranslation(-1, 5, -1, 0x5000, 0x8000, 13, 3, false, false),
                        new CachedTranslation(-1, 6, 9, 0x7000, 0x9000, 12, 5, false, false),
                        new CachedTranslation(-1, 7, -1, 0xA000, 0, 12, 0, false, true));
        assertThat(tlb.hostCounters().counts()).isEqualTo(counts);
        tlb.invalidateAll();
        assertThat(tlb.entries()).isEmpty();
    }
}
