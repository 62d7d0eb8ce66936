package org.iorewind.model.platform.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.ats.AtsAnswerDescriptor;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.LoneIommu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceAtcTest {
    private static final int DEVICE = 0x30;
    private static final int NO_PASID = EffectSink.NO_PASID;
    private static final int RW = AtsAnswerDescriptor.READ | AtsAnswerDescriptor.WRITE;
    private static final long TABLE = 0x10_0000;
    private static final long ROOT = 0x20_0000;
    private static final long RIGHTS = 3L << 61;

    private final DeviceAtc device = new DeviceAtc(DEVICE, 4);

    private void answer(int pasid, long page, int shift, int bits) {
        device.translationAnswer(
                DEVICE,
                pasid,
                page,
                AtsStatus.SUCCESS,
                TranslationDecision.TRANSLATED,
                5,
                page + 0x100_0000_0000L,
                shift,
                bits,
                false);
    }

    private void invalidate(int pasid, long first, long size, int type) {
        device.deviceInvalidation(DEVICE, pasid, first, size, type, DEVICE, 32, 0);
    }

    private static DevicePort behind(EffectSink sink, long q0, long q1) {
        SparseMemory memory = SparseMemory.zeroFilled();
        memory.writeLong(TABLE + DEVICE * 32, q0);
        memory.writeLong(TABLE + DEVICE * 32 + 8, q1);
        memory.writeLong(ROOT + 8, 0x40_0000 | 1L << 59 | RIGHTS | 1);
        memory.writeLong(ROOT + 16, 0x50_0000 | 1L << 61 | 1);
        Iommu iommu = new Iommu(
                IommuOptions.of(Profile.SPEC).toBuilder().deviceEntryCache(0).build(), memory, sink);
        iommu.mmioWrite(0, 8, TABLE);
        iommu.mmioWrite(0x18, 8, 1);
        return LoneIommu.port(iommu, DEVICE);
    }

    @Test
    void anAnswerIsKeptForItsPageAndItsPasid() {
        answer(NO_PASID, 0x20_0000, 21, RW);
        answer(7, 0x1000, 12, RW);
        assertThat(device.cached(NO_PASID, 0x3F_FFFF)).isEqualTo(0x100_003F_FFFFL);
        assertThat(device.cached(7, 0x1234)).isEqualTo(0x100_0000_1234L);
        assertThat(device.cached(NO_PASID, 0x1234)).isEqualTo(-1);
        assertThat(device.cached(8, 0x1234)).isEqualTo(-1);
        assertThat(device.cached(NO_PASID, 0x40_0000)).isEqualTo(-1);
    }

    @Test
    void answersWithoutRightsOrForOthersAreNotKept() {
        answer(NO_PASID, 0x1000, 12, 0);
        device.translationAnswer(
                1, NO_PASID, 0x1000, AtsStatus.SUCCESS, TranslationDecision.TRANSLATED, 5, 0, 12, RW, false);
        assertThat(device.size()).isZero();
    }

    @Test
    void aNewAnswerReplacesTheOldOneAndTheOldestGoesFirst() {
        answer(NO_PASID, 0x1000, 12, RW);
        answer(NO_PASID, 0x1000, 12, AtsAnswerDescriptor.READ);
        assertThat(device.size()).isOne();
        for (int page = 2; page <= 5; page++) {
            answer(NO_PASID, page << 12, 12, RW);
        }
        assertThat(device.size()).isEqualTo(4);
        assertThat(device.cached(NO_PASID, 0x1000)).isEqualTo(-1);
        assertThat(device.cached(NO_PASID, 0x2000)).isNotEqualTo(-1);
        device.reset();
        assertThat(device.size()).isZero();
    }

    @Test
    void aGlobalPageServesEveryPasidButNoneWithout() {
        answer(7, 0x1000, 12, RW | AtsAnswerDescriptor.GLOBAL);
        assertThat(device.cached(8, 0x1000)).isNotEqualTo(-1);
        assertThat(device.cached(NO_PASID, 0x1000)).isEqualTo(-1);
        // What was asked without a PASID serves no PASID, however global the page.
        answer(NO_PASID, 0x2000, 12, RW | AtsAnswerDescriptor.GLOBAL);
        assertThat(device.cached(8, 0x2000)).isEqualTo(-1);
        assertThat(device.cached(NO_PASID, 0x2000)).isNotEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        // pasid, first, size, type, entries left: without PASID 200000..3FFFFF; PASID 7 1000; PASID 8 1000 (global),
        // 5000
        "-1, 3FF000, 4096, 0, 3",
        "-1, 400000, 4096, 0, 4",
        "-1, 0, 2097152, 0, 4",
        "-1, 0, -1, 0, 3",
        "-1, 0, -1, 1, 3",
        "7, 1000, 4096, 0, 2",
        "7, 2000, 4096, 0, 4",
        "7, 0, 16384, 2, 2",
        "7, 0, -1, 0, 2",
        "7, 0, -1, 1, 1",
        "9, 5000, 4096, 0, 4",
        "9, 5000, 4096, 1, 3"
    })
    void anInvalidationDropsItsRangeOfItsAddressSpace(int pasid, String first, long size, int type, int left) {
        answer(NO_PASID, 0x20_0000, 21, RW);
        answer(7, 0x1000, 12, RW);
        answer(8, 0x5000, 12, RW);
        answer(8, 0x1000, 12, RW | AtsAnswerDescriptor.GLOBAL);
        invalidate(pasid, Long.parseLong(first, 16), size, type);
        assertThat(device.size()).isEqualTo(left);
    }

    @Test
    void anInvalidationForAnotherDeviceDropsNothing() {
        answer(NO_PASID, 0x1000, 12, RW);
        device.deviceInvalidation(1, NO_PASID, 0, -1, 0, 1, 32, 0);
        assertThat(device.size()).isOne();
    }

    @Test
    void aPageForUntranslatedRequestsOnlyIsUsedSo() {
        DevicePort port = behind(device, ROOT | 1 << 9 | RIGHTS | 3, 1L << 32);
        assertThat(device.access(port, NO_PASID, 0x1000, AccessKind.WRITE)).isEqualTo(AtcAccess.UNTRANSLATED);
        assertThat(device.lastDecision()).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(device.size()).isOne();
    }

    @Test
    void aCachedRightThatDoesNotSufficeIsAskedForAgain() {
        DevicePort port = behind(device, ROOT | 1 << 9 | RIGHTS | 3, 1L << 32);
        assertThat(device.access(port, NO_PASID, 0x2000, AccessKind.READ)).isEqualTo(AtcAccess.TRANSLATED);
        assertThat(device.access(port, NO_PASID, 0x2000, AccessKind.WRITE)).isEqualTo(AtcAccess.PAGE_NEEDED);
        assertThat(device.lastStatus()).isEqualTo(AtsStatus.SUCCESS);
        assertThat(device.size()).isOne();
    }

    @Test
    void aDeviceThatMayNotAskDoesWithout() {
        DevicePort port = behind(device, ROOT | 1 << 9 | RIGHTS | 3, 0);
        assertThat(device.access(port, NO_PASID, 0x2000, AccessKind.READ)).isEqualTo(AtcAccess.UNTRANSLATED);
        assertThat(device.lastStatus()).isEqualTo(AtsStatus.UNSUPPORTED_REQUEST);
        assertThat(device.access(port, NO_PASID, 0x2000, AccessKind.READ)).isEqualTo(AtcAccess.UNTRANSLATED);
        assertThat(device.lastDecision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    @Test
    void anAnswerThatCannotBeHadFails() {
        DevicePort port = behind(device, ROOT | 1 << 9 | RIGHTS | 3, 1L << 32);
        assertThat(device.access(port, NO_PASID, 0xFEE0_0000L, AccessKind.READ)).isEqualTo(AtcAccess.FAILED);
        SparseMemory unknown = SparseMemory.recordedOnly();
        Iommu undecided = new Iommu(IommuOptions.of(Profile.SPEC), unknown, device);
        undecided.mmioWrite(0x18, 8, 1);
        assertThat(unknown.load(0, 1)).isEqualTo(MemoryStatus.NOT_RECORDED);
        assertThat(device.access(LoneIommu.port(undecided, DEVICE), NO_PASID, 0x1000, AccessKind.READ))
                .isEqualTo(AtcAccess.FAILED);
    }
}
