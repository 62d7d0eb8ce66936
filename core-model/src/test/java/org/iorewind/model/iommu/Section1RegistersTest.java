package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Reference 1.3 to 1.13. */
class Section1RegistersTest {
    private static final long RESET_LENGTH = 8L << 56;

    private final Machine machine = new Machine(IommuOptions.of(Profile.SPEC));
    private final Iommu iommu = machine.iommu;

    @Test
    void resetSetsCoherentAndTheLengthCodes() {
        machine.start(Machine.ENABLED);
        iommu.reset();
        assertThat(iommu.register(0x18)).isEqualTo(1L << 10);
        assertThat(iommu.register(0x08)).isEqualTo(RESET_LENGTH);
        assertThat(iommu.register(0x10)).isEqualTo(RESET_LENGTH);
        assertThat(iommu.register(0xE0)).isEqualTo(RESET_LENGTH);
        assertThat(iommu.register(0x30)).isEqualTo(iommu.options().extendedFeatures());
        assertThat(iommu.register(0x00)).isZero();
        assertThat(iommu.register(0x20)).isZero();
        assertThat(iommu.register(0x28)).as("low bits read as ones").isEqualTo(0xFFF);
        assertThat(machine.hash()).isEqualTo(new Machine(IommuOptions.of(Profile.SPEC)).hash());
    }

    @Test
    void theBasesOfOptionalLogsHaveALengthCodeAfterResetOnlyIfTheyExist() {
        for (int bit = 0; bit < 64; bit++) {
            Machine other = new Machine(IommuOptions.of(Profile.SPEC).toBuilder()
                    .extendedFeatures(1L << bit)
                    .build());
            assertThat(other.iommu.register(0x38)).as("EFR bit %d", bit).isEqualTo(bit == 1 ? RESET_LENGTH : 0);
            assertThat(other.iommu.register(0xE0)).as("EFR bit %d", bit).isEqualTo(bit == 7 ? RESET_LENGTH : 0);
        }
    }

    @Test
    void reservedBitsDoNotTakeWrites() {
        machine.write(0x00, -1);
        machine.write(0x08, -1);
        machine.write(0x18, -1);
        machine.write(0x20, -1);
        machine.write(0x28, 0x5000);
        machine.write(0x30, -1);
        machine.write(0x2010, -1);
        assertThat(iommu.register(0x00)).isEqualTo(0x000F_FFFF_FFFF_F1FFL);
        assertThat(iommu.register(0x08)).isEqualTo(0x0F0F_FFFF_FFFF_F000L);
        assertThat(iommu.register(0x18)).isEqualTo(~(1L << 49 | 1L << 57 | 1L << 60));
        assertThat(iommu.register(0x20)).isEqualTo(0x000F_FFFF_FFFF_F003L);
        assertThat(iommu.register(0x28)).isEqualTo(0x5FFF);
        assertThat(iommu.register(0x30)).isEqualTo(iommu.options().extendedFeatures());
        assertThat(iommu.register(0x2010)).isEqualTo(0x7FFF0);
    }

    @Test
    void registersOfAbsentFeaturesReadZero() {
        for (int offset : new int[] {0x100, 0x130, 0x2030, 0x2040 + 0x10, 0x40, 0x1FF8}) {
            machine.write(offset, -1);
            assertThat(iommu.register(offset)).as("%x", offset).isZero();
        }
    }

    @Test
    void registersOfPresentFeaturesTakeWrites() {
        Machine rich = new Machine(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(1L << 1 | 1L << 2 | 1L << 7 | 3L << 38)
                .build());
        int[] offsets = {0x38, 0xE0, 0xE8, 0x100, 0x130, 0x170, 0x178, 0x180, 0x2030, 0x2038, 0x2040, 0x2048};
        for (int offset : offsets) {
            rich.write(offset, -1);
            assertThat(rich.iommu.register(offset)).as("%x", offset).isNotZero();
        }
        assertThat(rich.iommu.register(0x2040)).isEqualTo(0x7FFF8);
    }

    @Test
    void aFourByteWriteChangesOneHalf() {
        machine.write(0x00, 0x0001_2345_6789_A000L);
        iommu.mmioWrite(0x04, 4, 0x000F_0000);
        assertThat(iommu.register(0x00)).isEqualTo(0x000F_0000_6789_A000L);
        iommu.mmioWrite(0x00, 4, 0x1003);
        assertThat(iommu.register(0x00)).isEqualTo(0x000F_0000_0000_1003L);
        assertThat(iommu.mmioRead(0x04, 4)).isEqualTo(0x000F_0000);
        assertThat(iommu.mmioRead(0x00, 8)).isEqualTo(0x000F_0000_0000_1003L);
    }

    @Test
    void narrowAndMisalignedAccessesDoNothing() {
        machine.write(0x00, 0x5000);
        for (int size : new int[] {1, 2, 3, 16, 0}) {
            iommu.mmioWrite(0x00, size, 0);
            assertThat(iommu.mmioRead(0x00, size)).isZero();
        }
        iommu.mmioWrite(0x04, 8, 0);
        iommu.mmioWrite(0x02, 4, 0);
        assertThat(iommu.register(0x00)).isEqualTo(0x5000);
        assertThat(machine.told).isEmpty();
    }

    @Test
    void accessesBeyondTheWindowAreNamed() {
        iommu.mmioWrite(0x4000, 8, 1);
        assertThat(iommu.mmioRead(0x4_0000, 8)).isZero();
        assertThat(iommu.mmioRead(-8, 8)).isZero();
        iommu.forceRegister(0x4000, 5);
        assertThat(iommu.register(0x4000)).isZero();
        assertThat(machine.told)
                .containsExactly("not modelled MMIO_SPACE", "not modelled MMIO_SPACE", "not modelled MMIO_SPACE");
        Machine qemu = new Machine(IommuOptions.of(Profile.QEMU_11_1).toBuilder()
                .extendedFeatures(1L << 9)
                .build());
        qemu.write(0x4_0000, 1);
        assertThat(qemu.iommu.mmioRead(-8, 8)).isZero();
        assertThat(qemu.told).containsExactly("not modelled PERFORMANCE_COUNTERS", "not modelled MMIO_SPACE");
    }

    @Test
    void writingABaseResetsItsPointers() {
        machine.write(0x2000, 0x40);
        machine.write(0x2008, 0x80);
        machine.write(0x2010, 0x40);
        machine.write(0x2018, 0x80);
        machine.write(0x08, RESET_LENGTH | 0x1000);
        assertThat(iommu.register(0x2000) | iommu.register(0x2008)).isZero();
        assertThat(iommu.register(0x2018)).isEqualTo(0x80);
        machine.write(0x10, RESET_LENGTH | 0x1000);
        assertThat(iommu.register(0x2010) | iommu.register(0x2018)).isZero();
    }

    @Test
    void statusBitsClearByWritingOneAndRunBitsIgnoreWrites() {
        iommu.forceRegister(0x2020, 0x7FFFF);
        machine.write(0x2020, 0);
        assertThat(machine.status()).isEqualTo(0x7FFFF);
        machine.write(0x2020, 0x2);
        assertThat(machine.status()).isEqualTo(0x7FFFD);
        machine.write(0x2020, -1);
        assertThat(machine.status()).isEqualTo(0x7FFFF & ~0x68E67);
    }

    @Test
    void theRingStartsWhenTheSecondOfTwoEnableBitsAppears() {
        machine.write(0x08, Machine.RING | RESET_LENGTH);
        machine.memory.writeLong(Machine.RING, 1L << 60 | Machine.STORE | 1);
        machine.memory.writeLong(Machine.RING + 8, 77);
        machine.write(0x2008, 0x10);
        machine.write(0x18, 1L << 12);
        assertThat(machine.told).isEmpty();
        assertThat(machine.status()).isZero();
        machine.write(0x18, 1L << 12 | 1);
        assertThat(machine.told).containsExactly("command 1 at 0", "store 320000 77");
        assertThat(machine.status()).isEqualTo(0x10);
        machine.write(0x18, 1L << 12);
        assertThat(machine.status()).isZero();
    }

    @Test
    void aReservedLengthCodeKeepsTheRingStopped() {
        machine.write(0x08, Machine.RING | 7L << 56);
        machine.write(0x18, 0x1001);
        assertThat(machine.status()).isZero();
    }

    @Test
    void forcedRegistersHaveNoSideEffectsButRunBits() {
        iommu.forceRegister(0x08, Machine.RING | RESET_LENGTH);
        iommu.forceRegister(0x2008, 0x10);
        iommu.forceRegister(0x18, Machine.ENABLED);
        assertThat(machine.status()).isEqualTo(0x18);
        assertThat(machine.told).isEmpty();
        assertThat(iommu.register(0x2008)).isEqualTo(0x10);
        iommu.forceRegister(0x18, 0);
        assertThat(machine.status()).isZero();
    }

    @Test
    void controlBitsWithoutAModelAreNamedOnce() {
        machine.write(0x18, 1L << 55 | 1L << 18 | 1L << 37 | 1L << 40 | 1L << 53);
        assertThat(machine.told)
                .containsExactlyInAnyOrder(
                        "not modelled GUEST_APIC",
                        "not modelled IMPLEMENTATION_CONTROL",
                        "not modelled PRIVILEGED_ABORT",
                        "not modelled VIOMMU");
        machine.told.clear();
        machine.write(0x18, 1L << 55);
        assertThat(machine.told).isEmpty();
    }

    @Test
    void theReverseMapTableOfSnpIsNamedWhenTheIommuIsEnabled() {
        Machine secure = new Machine(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(1L << 63)
                .build());
        secure.write(0x18, 1L << 2);
        assertThat(secure.told).isEmpty();
        secure.write(0x18, 1);
        secure.write(0x18, 1);
        assertThat(secure.told).containsExactly("not modelled REVERSE_MAP");
    }
}
