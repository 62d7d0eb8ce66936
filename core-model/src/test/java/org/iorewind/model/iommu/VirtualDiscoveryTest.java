package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** amd-viommu reference 1: how software finds hardware vIOMMU. */
class VirtualDiscoveryTest {
    private final GuestBench bench = new GuestBench();
    private final Machine machine = bench.machine;

    @Test
    void efrShowsTheFeature() {
        assertThat(machine.iommu.register(0x30) >>> 55 & 1).isEqualTo(1);
        assertThat(machine.iommu.register(0x1A0) & 0x18).isEqualTo(0x18);
    }

    @Test
    void theVendorSpecificCapabilityIsTheLastInTheChain() {
        long pointer = machine.iommu.configRead(0x34, 1);
        long last = 0;
        while (pointer != 0) {
            last = pointer;
            pointer = machine.iommu.configRead((int) pointer + 1, 1);
        }
        assertThat(machine.iommu.configRead((int) last, 1)).isEqualTo(0x09);
        assertThat(machine.iommu.configRead((int) last + 2, 1)).isEqualTo(0x18);
    }

    @Test
    void bothBarsStandWhereFirmwarePutThemAndAreEnabled() {
        assertThat(machine.iommu.configRead(0x80, 4)).isEqualTo(1);
        assertThat(machine.iommu.configRead(0x84, 4)).isEqualTo(0x10);
        assertThat(machine.iommu.configRead(0x88, 4)).isEqualTo(0x1000_0001L);
        assertThat(machine.iommu.configRead(0x8C, 4)).isEqualTo(0x10);
        machine.iommu.configWrite(0x80, 4, 0);
        assertThat(machine.iommu.configRead(0x80, 4)).isEqualTo(1);
    }

    @Test
    void firmwareMayLeaveTheBarsOff() {
        VirtualOptions off = new VirtualOptions(2, 0, false, 0x40_0000, false);
        Machine other = new Machine(GuestBench.options().virtual(off).build());
        assertThat(other.iommu.configRead(0x80, 4)).isZero();
        assertThat(other.iommu.configRead(0x88, 4)).isEqualTo(0x40_0000);
    }

    @Test
    void barsAreAlignedToTheirSizes() {
        assertThatThrownBy(() -> new VirtualOptions(2, 0x1000_0001L, true, 0, true))
                .hasMessageContaining("VF BAR")
                .hasMessageContaining("0x10000000");
        assertThatThrownBy(() -> new VirtualOptions(2, 0, true, 0x20_0000, true))
                .hasMessageContaining("VF-control BAR");
        assertThatThrownBy(() -> VirtualOptions.DEFAULT.withDevice(0x1_0000)).hasMessageContaining("65536");
        assertThatThrownBy(() -> VirtualOptions.DEFAULT.withDevice(-1)).hasMessageContaining("-1");
    }

    @Test
    void withoutTheFeatureThereIsNothing() {
        Machine plain = new Machine(IommuOptions.of(Profile.SPEC));
        assertThat(plain.iommu.configRead(0x75, 1)).isZero();
        assertThat(plain.iommu.configRead(0x78, 4)).isZero();
        plain.iommu.write(RegisterSpace.VF, 0x1008, 8, 0x10);
        assertThat(plain.iommu.read(RegisterSpace.VF_CONTROL, 0x40, 8)).isZero();
        assertThat(plain.told).containsExactly("not modelled MMIO_SPACE", "not modelled MMIO_SPACE");
        plain.write(0x18, 3L << 52);
        assertThat(plain.told).contains("not modelled VIOMMU");
    }

    @Test
    void aQemuProfileHasNoneWhateverEfrSays() {
        assertThat(IommuOptions.of(Profile.QEMU_11_1).toBuilder()
                        .extendedFeatures(-1)
                        .build()
                        .hasVirtualIommus())
                .isFalse();
    }

    @Test
    void theControlBitsAreModelled() {
        machine.told.clear();
        machine.write(0x18, GuestBench.CONTROL);
        assertThat(machine.told).noneMatch(line -> line.startsWith("not modelled"));
        assertThat(machine.iommu.register(0x18)).isEqualTo(GuestBench.CONTROL);
    }

    @Test
    void gstBufferTrpModeReadsBackOnlyWhereItIsSupported() {
        machine.write(0x18, GuestBench.CONTROL | 1L << 60);
        assertThat(machine.iommu.register(0x18) >>> 60).isEqualTo(1);
        Machine other =
                new Machine(GuestBench.options().extendedFeatures2(1L << 3).build());
        other.write(0x18, 1L << 60 | 1L << 58);
        assertThat(other.iommu.register(0x18)).isEqualTo(1L << 58);
    }

    @Test
    void theStatusRegisterOfVirtualIommusReadsZero() {
        machine.write(0x190, -1);
        assertThat(machine.iommu.mmioRead(0x190, 8)).isZero();
    }

    @Test
    void vImuEnIsReservedWithoutTheFeature() {
        long q3 = 0x0000_0003_0100_8000L;
        Machine plain = Machine.started(Profile.SPEC);
        plain.deviceEntry(Machine.DEVICE, 3, Machine.DOMAIN, Machine.INTERRUPT_TABLE | 1, q3);
        plain.command(2L << 60 | Machine.DEVICE, 0);
        plain.interrupt(0xFEE0_0000L, 0);
        assertThat(plain.lastEvent().q0()).isEqualTo(1L << 60 | 0x088L << 48 | Machine.DEVICE);
        machine.deviceEntry(Machine.DEVICE, 3, Machine.DOMAIN, Machine.INTERRUPT_TABLE | 1, q3);
        machine.interrupt(0xFEE0_0000L, 0);
        assertThat(machine.events).isEmpty();
    }
}
