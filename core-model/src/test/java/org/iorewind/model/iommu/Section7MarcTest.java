package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.register.MarcApertures;
import org.iorewind.model.iommu.register.RegisterFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference 7.4, 1.3, 1.9: relocation apertures. */
class Section7MarcTest {
    private static final int FIRST = 0x200;
    private static final int STEP = 0x18;
    private static final long MARC_EN = 1L << 40;
    private static final long ENABLE = 1;
    private static final long READ_ONLY = 2;

    private final RegisterFile registers = new RegisterFile();
    private final MarcApertures apertures = new MarcApertures(registers, options(1));

    private static IommuOptions options(long support) {
        return IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(support << 42)
                .build();
    }

    private void aperture(int number, long base, long relocation, long length) {
        registers.set(FIRST + STEP * number, base);
        registers.set(FIRST + STEP * number + 8, relocation);
        registers.set(FIRST + STEP * number + 16, length);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theRegistersOfFourAperturesExistWithMarcSup(long support) {
        Machine machine = new Machine(options(support));
        for (int number = 0; number < 4; number++) {
            for (int offset = FIRST + STEP * number; offset < FIRST + STEP * (number + 1); offset += 8) {
                machine.write(offset, -1);
            }
            assertThat(machine.iommu.register(FIRST + STEP * number)).isEqualTo(0x000F_FFFF_FFFF_F000L);
            assertThat(machine.iommu.register(FIRST + STEP * number + 8)).isEqualTo(0x000F_FFFF_FFFF_F003L);
            assertThat(machine.iommu.register(FIRST + STEP * number + 16)).isEqualTo(0x000F_FFFF_FFFF_F000L);
        }
        for (int offset : new int[] {FIRST - 8, FIRST + 4 * STEP}) {
            machine.write(offset, -1);
            assertThat(machine.iommu.register(offset)).isZero();
        }
    }

    @Test
    void withoutMarcSupThereAreNone() {
        Machine machine = new Machine(options(0));
        machine.write(FIRST, -1);
        assertThat(machine.iommu.register(FIRST)).isZero();
        registers.set(0x18, MARC_EN);
        aperture(0, 0x1000, 0x9000 | ENABLE, 0x1000);
        assertThat(new MarcApertures(registers, options(0)).covers(0x1000)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0x3FFF, false, 0",
        "0x4000, true, 0x90000",
        "0x5ABC, true, 0x91ABC",
        "0x5FFF, true, 0x91FFF",
        "0x6000, false, 0",
    })
    void anAddressInTheApertureKeepsItsPlaceInIt(String address, boolean isCovered, String relocated) {
        registers.set(0x18, MARC_EN);
        aperture(3, 0x4000, 0x9_0000 | ENABLE, 0x2000);
        assertThat(apertures.covers(Long.decode(address))).isEqualTo(isCovered);
        assertThat(apertures.relocated()).isEqualTo(Long.decode(relocated));
        assertThat(apertures.isReadOnly()).isFalse();
    }

    @Test
    void bothSwitchesAreNeeded() {
        aperture(0, 0x4000, 0x9_0000 | ENABLE, 0x1000);
        assertThat(apertures.covers(0x4000)).isFalse();
        registers.set(0x18, MARC_EN);
        assertThat(apertures.covers(0x4000)).isTrue();
        aperture(0, 0x4000, 0x9_0000, 0x1000);
        assertThat(apertures.covers(0x4000)).isFalse();
    }

    @Test
    void aLengthOfZeroCoversNothing() {
        registers.set(0x18, MARC_EN);
        aperture(0, 0x4000, 0x9_0000 | ENABLE, 0);
        assertThat(apertures.covers(0x4000)).isFalse();
    }

    @Test
    void theLowestNumberOfOverlappingAperturesCounts() {
        registers.set(0x18, MARC_EN);
        aperture(1, 0x4000, 0x9_0000 | ENABLE | READ_ONLY, 0x2000);
        aperture(2, 0x4000, 0xA_0000 | ENABLE, 0x4000);
        assertThat(apertures.covers(0x4000)).isTrue();
        assertThat(apertures.relocated()).isEqualTo(0x9_0000);
        assertThat(apertures.isReadOnly()).isTrue();
        assertThat(apertures.covers(0x6000)).isTrue();
        assertThat(apertures.relocated()).isEqualTo(0xA_2000);
        assertThat(apertures.isReadOnly()).isFalse();
    }

    @Test
    void addressesOfTheUpperHalfAreInNoAperture() {
        registers.set(0x18, MARC_EN);
        aperture(0, 0, 0x9_0000 | ENABLE, 0x000F_FFFF_FFFF_F000L);
        assertThat(apertures.covers(-1)).isFalse();
        assertThat(apertures.covers(0x000F_FFFF_FFFF_EFFFL)).isTrue();
    }

    private static Machine relocating(long flags) {
        Machine machine = Machine.started(options(1));
        machine.write(FIRST, 0x70_0000);
        machine.write(FIRST + 8, 0x90_0000 | flags);
        machine.write(FIRST + 16, 0x2000);
        machine.write(0x18, Machine.ENABLED | MARC_EN);
        return machine;
    }

    @Test
    void anApertureTakesThePlaceOfTranslation() {
        Machine machine = relocating(1);
        Machine.Translation answer = machine.written(0x70_1234);
        assertThat(answer.decision()).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(answer.result()).isEqualTo(0x90_1000);
        assertThat(answer.shift()).isEqualTo(12);
        assertThat(machine.read(0x70_2000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
    }

    @Test
    void aReadOnlyApertureRefusesWrites() {
        Machine machine = relocating(3);
        assertThat(machine.read(0x70_0000).result()).isEqualTo(0x90_0000);
        assertThat(machine.written(0x70_0000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(machine.lastEvent().code()).isEqualTo(2);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x070);
    }

    @Test
    void translationsThatADeviceAsksForAreRelocatedToo() {
        Machine machine = relocating(1);
        long ats = 1L << 32;
        machine.deviceEntry(Machine.DEVICE, Machine.ROOT | 3 << 9 | Machine.READ_WRITE | 3, ats | Machine.DOMAIN, 0, 0);
        machine.command(2L << 60 | Machine.DEVICE, 0);
        assertThat(machine.iommu.translationRequest(
                        Machine.DEVICE, EffectSink.NO_PASID, 0x70_0000, 4096, false, false, false))
                .isEqualTo(AtsStatus.SUCCESS);
    }
}
