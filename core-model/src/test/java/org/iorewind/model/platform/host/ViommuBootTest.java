package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** amd-viommu reference 7.1: boot, step by step. */
class ViommuBootTest {
    private static final long GST_BUFFER = 1L << 60;
    private static final long GCR3 = 1L << 58;
    private static final long V_CMD = 1L << 52;
    private static final long VIOMMU = 1L << 53;

    private static VirtualWorld world(long features, long features2) {
        VirtualWorld world = new VirtualWorld(
                IommuDescription.physical(features, features2),
                ViommuOptions.usual().withoutFixedBuffers());
        assertThat(world.host().boot()).isEqualTo(Errno.OK);
        world.bus().forget();
        return world;
    }

    @Test
    void theStepsComeInOrder() {
        VirtualWorld world = world(VirtualWorld.FEATURES, VirtualWorld.FEATURES_2);
        assertThat(world.driver().boot()).isEqualTo(Errno.OK);
        assertThat(world.driver().isOn()).isTrue();
        assertThat(world.driver().areBuffersFixed()).isFalse();
        long control = 0x3_F40DL;
        // 3. both BARs, found by the capability list and read; 6. registers of 4 MiB, dirty status of 8 KiB;
        // 8. the IOMMU's own entry, its flush and a wait; 9. GstBufferTRPMode; 10. GCR3TRPMode; 11. vCmdEn, then
        // vIommuEn.
        assertThat(world.bus()
                        .lines(
                                "read 0 0 PCI_CONFIG 34",
                                "clear 0 PRIVATE",
                                "command",
                                "write 0 0 HOST 18",
                                "store 0 DEVICE"))
                .containsExactly(
                        "read 0 0 PCI_CONFIG 34",
                        "clear 0 PRIVATE 400000",
                        "clear 0 PRIVATE 2000",
                        "store 0 DEVICE_TABLE",
                        "command 0 2",
                        "command 0 1",
                        write(control | GST_BUFFER),
                        write(control | GST_BUFFER | GCR3),
                        write(control | GST_BUFFER | GCR3 | V_CMD),
                        write(control | GST_BUFFER | GCR3 | V_CMD | VIOMMU));
        assertThat(world.bus().iommu(0).register(0x18)).isEqualTo(control | GST_BUFFER | GCR3 | V_CMD | VIOMMU);
        assertThat(world.driver().privateAddress(0x40_1FF8)).isNotNegative();
        assertThat(world.driver().privateAddress(0x40_2000)).isEqualTo(-1);
    }

    private static String write(long control) {
        return "write 0 0 HOST 18 " + Long.toHexString(control);
    }

    @Test
    void whatItCostsIsMarked() {
        VirtualWorld world = world(VirtualWorld.FEATURES, VirtualWorld.FEATURES_2);
        world.driver().boot();
        assertThat(world.bus().lines("enter", "leave")).containsExactly("enter 0 boot 0", "leave 0 boot 0");
    }

    @Test
    void withoutTheFeatureItStopsQuietly() {
        VirtualWorld world = world(VirtualWorld.FEATURES & ~(1L << 55), VirtualWorld.FEATURES_2);
        assertThat(world.driver().boot()).isEqualTo(Errno.NO_DEVICE);
        assertThat(world.bus().lines())
                .as("marks, and no access")
                .containsExactly("enter 0 boot 0", "leave 0 boot -19");
        assertThat(world.driver().isOn()).isFalse();
        assertThat(world.driver().complaint()).isEqualTo("the IOMMU has no vIOMMU");
        assertThat(world.driver().privateAddress(0)).isEqualTo(-1);
    }

    @Test
    void withoutGuestTablesItIsRefused() {
        VirtualWorld world = world(VirtualWorld.FEATURES & ~(1L << 4), VirtualWorld.FEATURES_2);
        assertThat(world.driver().boot()).isEqualTo(Errno.NOT_SUPPORTED);
    }

    @Test
    void withoutLongInterruptEntriesItIsRefused() {
        VirtualWorld world = world(VirtualWorld.FEATURES & ~(1L << 7), VirtualWorld.FEATURES_2);
        assertThat(world.driver().boot()).isEqualTo(Errno.NOT_SUPPORTED);
    }

    /** Offset of the vendor-specific capability. */
    private static int capability(VirtualWorld world) {
        int at = (int) world.bus().readRegister(0, 0, RegisterSpace.PCI_CONFIG, 0x34, 4) & 0xFC;
        while ((world.bus().readRegister(0, 0, RegisterSpace.PCI_CONFIG, at, 4) & 0xFF) != 0x09) {
            at = (int) world.bus().readRegister(0, 0, RegisterSpace.PCI_CONFIG, at, 4) >>> 8 & 0xFC;
        }
        return at;
    }

    @ParameterizedTest
    @ValueSource(ints = {0x08, 0x10})
    void aBarThatIsNotEnabledIsABugOfTheFirmware(int bar) {
        VirtualWorld world = world(VirtualWorld.FEATURES, VirtualWorld.FEATURES_2);
        world.bus().firmwareSays(capability(world) + bar, 0);
        assertThat(world.driver().boot()).isEqualTo(Errno.INVALID);
        assertThat(world.driver().complaint()).startsWith("firmware bug");
    }

    @Test
    void withoutTheCapabilityItIsRefused() {
        VirtualWorld world = world(VirtualWorld.FEATURES, VirtualWorld.FEATURES_2);
        world.bus().firmwareSays(0x34, 0);
        assertThat(world.driver().boot()).isEqualTo(Errno.NO_DEVICE);
    }

    @Test
    void capabilitiesInACircleEnd() {
        VirtualWorld world = world(VirtualWorld.FEATURES, VirtualWorld.FEATURES_2);
        world.bus().firmwareSays(0x34, 0x40);
        world.bus().firmwareSays(0x40, 0x400F);
        assertThat(world.driver().boot()).isEqualTo(Errno.NO_DEVICE);
    }

    @Test
    void withoutGcr3ModeRootsAreTranslatedByTheHost() {
        VirtualWorld world = world(VirtualWorld.FEATURES, 0x10);
        assertThat(world.driver().boot()).isEqualTo(Errno.OK);
        assertThat(world.bus().iommu(0).register(0x18) & GCR3).isZero();
    }

    @Test
    void withoutGuestBufferModeNewDriversRefuse() {
        VirtualWorld world = world(VirtualWorld.FEATURES, 0x8);
        assertThat(world.driver().boot()).isEqualTo(Errno.NOT_SUPPORTED);
        assertThat(world.bus().iommu(0).register(0x18) & (V_CMD | VIOMMU)).isZero();
    }

    @Test
    void withoutGuestBufferModeOldDriversTakeFixedBuffers() {
        VirtualWorld world =
                VirtualWorld.booted(IommuDescription.physical(VirtualWorld.FEATURES, 0x8), ViommuOptions.usual());
        assertThat(world.driver().areBuffersFixed()).isTrue();
        assertThat(world.bus().iommu(0).register(0x18) & (V_CMD | VIOMMU)).isEqualTo(V_CMD | VIOMMU);
    }

    @Test
    void withoutADomainIdItIsRefused() {
        VirtualWorld world = world(VirtualWorld.FEATURES, VirtualWorld.FEATURES_2);
        while (world.host().domainIds().allocate() != DomainIds.NONE) {
            // Until none is left.
        }
        assertThat(world.driver().boot()).isEqualTo(Errno.NO_SPACE);
    }

    @Test
    void hardwareThatTakesNoCommandsIsTold() {
        VirtualWorld world = world(VirtualWorld.FEATURES, VirtualWorld.FEATURES_2);
        world.bus().iommu(0).forceRegister(0x18, 1 | 1L << 17);
        assertThat(world.driver().boot()).isEqualTo(Errno.TIMED_OUT);
    }
}
