package org.iorewind.model.iommu.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryRequestTest {
    private static final int READ_AND_WRITE = 3;
    private static final int USER = 4;
    private static final int EXECUTE = 8;

    private final MemoryRequest request = new MemoryRequest();

    @ParameterizedTest
    @EnumSource
    void isTheRequestLastTakenOver(RequestKind kind) {
        request.set(RequestKind.UNTRANSLATED, 1, 2, 3, AccessKind.READ);
        request.setPrefix(true, true);
        request.set(kind, 0x30, 0xA_BCDE, 0x1234, AccessKind.WRITE);
        assertThat(request.kind()).isEqualTo(kind);
        assertThat(request.requester()).isEqualTo(0x30);
        assertThat(request.pasid()).isEqualTo(0xA_BCDE);
        assertThat(request.guestPasid()).isEqualTo(0xA_BCDE);
        assertThat(request.address()).isEqualTo(0x1234);
        // A question for a translation needs no right: its answer tells of them.
        assertThat(request.isAllowedBy(READ_AND_WRITE)).isEqualTo(!kind.movesData());
        assertThat(request.isAllowedBy(READ_AND_WRITE | USER)).isTrue();
    }

    @Test
    void aPrefixNeedsAPasid() {
        request.set(RequestKind.UNTRANSLATED, 0x30, NO_PASID, 0, AccessKind.READ);
        request.setPrefix(true, true);
        assertThat(request.pasid()).isEqualTo(NO_PASID);
        assertThat(request.guestPasid()).isZero();
        assertThat(request.guestFlags()).isEqualTo(EventDescriptor.FLAG_US);
        assertThat(request.isAllowedBy(READ_AND_WRITE)).isFalse();
        request.set(RequestKind.UNTRANSLATED, 0x30, 1, 0, AccessKind.READ);
        request.setPrefix(true, true);
        assertThat(request.guestFlags()).isEqualTo(EventDescriptor.FLAG_NX);
        assertThat(request.isAllowedBy(READ_AND_WRITE)).isFalse();
        assertThat(request.isAllowedBy(READ_AND_WRITE | EXECUTE)).isTrue();
    }
}
