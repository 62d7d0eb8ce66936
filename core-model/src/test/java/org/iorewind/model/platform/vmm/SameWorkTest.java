package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BASE;

import java.util.TreeMap;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue: the same guest work under every kind of vIOMMU ends with the same function from gIOVA to SPA (amd-viommu reference 14.3, 9). */
class SameWorkTest {
    private static final long PAGE = 4096;
    private static final int RIGHTS = 3;

    private final VirtualWorld world = VirtualWorld.booted();
    private final VirtualMachine machine = world.machine(1);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void directHardware(long seed) {
        hardware(ViommuExposure.DIRECT, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void trappedHardware(long seed) {
        hardware(ViommuExposure.TRAPPED, seed);
    }

    private void hardware(ViommuExposure exposure, long seed) {
        HardwareViommu iommu = world.hardware(machine, 0, exposure);
        GuestDriver guest = VirtualWorld.guest(machine, iommu, GuestOptions.of(TableFormat.V2));
        work(guest, 0, HOST_DEVICE, MACHINE_BASE, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shadowTables(long seed) {
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.shadowing());
        assertThat(iommu.attach(world.host(), HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.OK);
        GuestDriver guest = VirtualWorld.guest(
                machine, iommu, GuestOptions.of(TableFormat.V1).notPresentCached(true));
        work(guest, 0, HOST_DEVICE, MACHINE_BASE, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void emulatedDevice(long seed) {
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.emulated());
        GuestDriver guest = VirtualWorld.guest(machine, iommu, GuestOptions.of(TableFormat.V1));
        work(guest, iommu.number(), GUEST_DEVICE, 0, seed);
    }

    /**
     * Maps and unmaps one to four pages as the seed says, and looks after each step where every page leads: where the guest wants it,
     * whatever kind of IOMMU it has.
     */
    private void work(GuestDriver guest, int iommu, int device, long base, long seed) {
        assertThat(guest.attach(GUEST_DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        TreeMap<Long, long[]> mapped = new TreeMap<>();
        long random = seed;
        for (int step = 0; step < 100; step++) {
            random = random * 6364136223846793005L + 1442695040888963407L;
            int choice = (int) (random >>> 40);
            if (mapped.size() < 3 || (choice & 3) != 0) {
                long physical = 0x200_0000L + (choice >>> 2 & 0x3FF) * PAGE;
                long bytes = (1 + (choice >>> 12 & 3)) * PAGE;
                long iova = guest.map(GUEST_DEVICE, physical, bytes, RIGHTS);
                assertThat(iova).isNotNegative();
                mapped.put(iova, new long[] {physical, bytes});
            } else {
                long iova = mapped.firstKey();
                long bytes = mapped.remove(iova)[1];
                assertThat(guest.unmap(GUEST_DEVICE, iova, bytes)).isEqualTo(Errno.OK);
                for (long done = 0; done < bytes; done += PAGE) {
                    assertThat(world.reach(iommu, device, iova + done, AccessKind.WRITE))
                            .isEqualTo(-1);
                }
            }
            mapped.forEach((iova, page) -> {
                for (long done = 0; done < page[1]; done += PAGE) {
                    assertThat(world.reach(iommu, device, iova + done + 8, AccessKind.WRITE))
                            .isEqualTo(base + page[0] + done + 8);
                }
            });
        }
    }
}
