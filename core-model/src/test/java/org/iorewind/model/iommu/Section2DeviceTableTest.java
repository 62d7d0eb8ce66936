package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 2.1 to 2.5. */
class Section2DeviceTableTest {
    private static final long VALID = ROOT | 3 << 9 | READ_WRITE | 3;

    private final Machine machine = Machine.started(
            IommuOptions.of(Profile.SPEC).toBuilder().deviceEntryCache(0).build());

    private Machine.Translation withEntry(long q0, long q1) {
        machine.deviceEntry(DEVICE, q0, q1, 0, 0);
        return machine.read(0x1000);
    }

    @Test
    void everythingPassesWhileTheIommuIsOff() {
        machine.write(0x18, 0);
        Machine.Translation passed = machine.written(0xFEE0_1234L);
        assertThat(passed)
                .isEqualTo(new Machine.Translation(TranslationDecision.PASSED, -1, 0xFEE0_1000L, 0, 3, false));
    }

    @Test
    void anInvalidEntryPassesEvenWithReservedBits() {
        Machine.Translation passed = withEntry(0x7CL, 0);
        assertThat(passed).isEqualTo(new Machine.Translation(TranslationDecision.PASSED, 0, 0x1000, 0, 3, false));
        assertThat(machine.events).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "4", "5", "6", "7", "8", "52", "53", "54", "55", "56", "57", "58", "60", "63"})
    void aReservedBitOfQuadwordZeroIsReportedWithRz(int bit) {
        assertThat(withEntry(VALID | 1L << bit, DOMAIN).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(machine.lastEvent().code()).isEqualTo(1);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x080);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x1000);
    }

    @ParameterizedTest
    @CsvSource({"16", "31", "42", "43", "63"})
    void aReservedBitOfQuadwordOneIsReported(int bit) {
        assertThat(withEntry(VALID, 1L << bit).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
    }

    @Test
    void theBitsOfASupportedFeatureAreNotReserved() {
        long features = 2L << 10 | 1L << 4 | 1L << 31 | 1L << 48 | 1L << 50;
        Machine rich = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(features)
                .build());
        rich.deviceEntry(DEVICE, VALID | 3L << 52 | 1L << 57 | 1L << 60, DOMAIN | 1L << 42 | 1L << 50, 0, 0);
        rich.command(2L << 60 | DEVICE, 0);
        assertThat(rich.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
    }

    @Test
    void reservedBitsOfTheInterruptHalfDoNotMatterToMemory() {
        machine.map(0x1000, Machine.PAGE_A | READ_WRITE | 1);
        machine.deviceEntry(DEVICE, VALID, DOMAIN, 1 | 1L << 52, 1);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    @Test
    void aReservedIoControlIsIllegal() {
        assertThat(withEntry(VALID, 3L << 35).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(machine.lastEvent().flags()).isZero();
    }

    @Test
    void aDeviceBeyondTheTableFaults() {
        machine.write(0, Machine.DEVICE_TABLE);
        assertThat(machine.dma(127, 0x1000, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
        assertThat(machine.dma(128, 0x1000, AccessKind.WRITE).decision())
                .isEqualTo(TranslationDecision.DEVICE_OUT_OF_TABLE);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | 0x020L << 48 | 128);
    }

    @Test
    void anUnreadableEntryIsAHardwareError() {
        long entry = Machine.DEVICE_TABLE + 32L * DEVICE;
        machine.memory.injectFailure(entry + 24, 8, MemoryStatus.POISON);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TranslationDecision.HARDWARE_ERROR);
        assertThat(machine.lastEvent().q0()).isEqualTo(3L << 60 | 0x620L << 48 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(entry);
        machine.memory.injectFailure(entry, 8, MemoryStatus.ABORT);
        machine.read(0x1000);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x200);
    }

    @Test
    void translationOffRefusesWithAPageFault() {
        assertThat(withEntry(VALID & ~2L, DOMAIN).decision()).isEqualTo(TranslationDecision.TRANSLATION_OFF);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | (long) DOMAIN << 32 | DEVICE);
    }

    @Test
    void modeZeroPassesWithTheRightsOfTheEntry() {
        machine.deviceEntry(DEVICE, READ_ONLY | 3, DOMAIN, 0, 0);
        assertThat(machine.read(0x1234))
                .isEqualTo(new Machine.Translation(TranslationDecision.PASSED, DOMAIN, 0x1000, 0, 1, false));
        assertThat(machine.written(0x1234).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x070);
        assertThat(machine.dma(DEVICE, 0x1234, AccessKind.ATOMIC).decision())
                .isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(machine.dma(DEVICE, 0x1234, AccessKind.UNKNOWN).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @Test
    void aBlockedEntryRefusesEverything() {
        assertThat(withEntry(3, DOMAIN).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
    }

    @Test
    void modeSevenAndModesBeyondTheHardwareAreIllegal() {
        assertThat(withEntry(VALID | 7 << 9, DOMAIN).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(machine.lastEvent().code()).isEqualTo(1);
        assertThat(machine.lastEvent().flags()).isZero();
        Machine small = Machine.started(
                IommuOptions.of(Profile.SPEC).toBuilder().extendedFeatures(0).build());
        small.deviceEntry(DEVICE, ROOT | 5 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        assertThat(small.read(0).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        Machine none = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(3L << 10)
                .build());
        assertThat(none.read(0).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
    }

    /** Reference 2.3: V, TV, SNPSup, enabled, illegal (MC-210). */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, true, true",
        "1, 1, 1, false, false",
        "1, 1, 0, true, false",
        "1, 0, 1, true, false",
        "0, 1, 1, true, false"
    })
    void underSnpModeZeroIsIllegal(int v, int tv, long offered, boolean isEnabled, boolean isIllegal) {
        Machine secure = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | offered << 63)
                .snpEnabled(isEnabled)
                .deviceEntryCache(0)
                .build());
        secure.deviceEntry(DEVICE, READ_WRITE | tv << 1 | v, DOMAIN, 0, 0);
        assertThat(secure.read(0x1000).decision() == TranslationDecision.BAD_DEVICE_ENTRY)
                .isEqualTo(isIllegal);
        assertThat(secure.events.stream().filter(event -> event.code() == 1 && event.flags() == 0))
                .hasSize(isIllegal ? 1 : 0);
        secure.deviceEntry(DEVICE, VALID, DOMAIN, 0, 0);
        assertThat(secure.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
    }

    /** Reference 2.3: V, TV, HATS, root, illegal (MC-211). */
    @ParameterizedTest
    @CsvSource({"1, 1, 3, 0x1000, true", "1, 1, 3, 0, false", "1, 1, 2, 0x1000, false", "1, 0, 3, 0x1000, false"})
    void aHostRootWithoutHostTranslationIsIllegal(int v, int tv, long hats, String root, boolean isIllegal) {
        Machine none = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(hats << 10)
                .deviceEntryCache(0)
                .build());
        none.deviceEntry(DEVICE, Long.decode(root) | READ_WRITE | tv << 1 | v, DOMAIN, 0, 0);
        assertThat(none.read(0x5000).decision() == TranslationDecision.BAD_DEVICE_ENTRY)
                .isEqualTo(isIllegal);
        assertThat(none.events.stream().filter(event -> event.code() == 1 && event.flags() == 0))
                .hasSize(isIllegal ? 1 : 0);
    }

    @Test
    void theMsiWindowAndTheHyperTransportRangesAreNoMemory() {
        assertThat(machine.read(0xFEE0_0000L).decision()).isEqualTo(TranslationDecision.ABORTED);
        assertThat(machine.read(0xFEEF_FFFFL).decision()).isEqualTo(TranslationDecision.ABORTED);
        assertThat(machine.read(0xFEF0_0000L).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(machine.read(0xFD_0000_0000L).decision()).isEqualTo(TranslationDecision.ABORTED);
        Machine ignoring = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures2(1 << 11)
                .build());
        assertThat(ignoring.read(0xFF_FFFF_FFFFL).decision()).isEqualTo(TranslationDecision.ADDRESS_TOO_WIDE);
    }

    @Test
    void theExclusionRangePassesForAllOrForMarkedDevices() {
        machine.write(0x20, 0x1000 | 1);
        machine.write(0x28, 0x2000);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        machine.deviceEntry(DEVICE, VALID, DOMAIN | 1L << 39, 0, 0);
        assertThat(machine.read(0x0FFF).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(machine.read(0x2FFF).decision()).isEqualTo(TranslationDecision.PASSED);
        assertThat(machine.read(0x3000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        machine.deviceEntry(DEVICE, VALID, DOMAIN, 0, 0);
        machine.write(0x20, 0x1000 | 3);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @Test
    void segmentsThatTheHardwareLacksDoNotCount() {
        machine.write(0x18, Machine.ENABLED | 7L << 34);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
    }
}
