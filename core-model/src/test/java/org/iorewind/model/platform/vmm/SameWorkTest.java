package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BASE;

import java.util.Map;
import java.util.TreeMap;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.junit.jupiter.api.Test;

/** Issue: the same guest work under every kind of vIOMMU ends with the same function from gIOVA to SPA (amd-viommu reference 14.3, 9). */
class SameWorkTest {
    private static final long PAGE = 4096;
    private static final int RIGHTS = 3;

    private final VirtualWorld world = VirtualWorld.booted();
    private final VirtualMachine machine = world.machine(1);

    @Test
    void directHardware() {
        hardware(ViommuExposure.DIRECT);
    }

    @Test
    void trappedHardware() {
        hardware(ViommuExposure.TRAPPED);
    }

    private void hardware(ViommuExposure exposure) {
        HardwareViommu iommu = world.hardware(machine, 0, exposure);
        GuestDriver guest = VirtualWorld.guest(machine, iommu, GuestOptions.of(TableFormat.V2));
        work(guest, 0, HOST_DEVICE, MACHINE_BASE);
    }

    @Test
    void shadowTables() {
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.shadowing());
        assertThat(iommu.attach(world.host(), HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.OK);
        GuestDriver guest = VirtualWorld.guest(
                machine, iommu, GuestOptions.of(TableFormat.V1).notPresentCached(true));
        work(guest, 0, HOST_DEVICE, MACHINE_BASE);
    }

    @Test
    void emulatedDevice() {
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.emulated());
        GuestDriver guest = VirtualWorld.guest(machine, iommu, GuestOptions.of(TableFormat.V1));
        work(guest, iommu.number(), GUEST_DEVICE, 0);
    }

    /** Maps and unmaps as a fixed sequence of numbers says, and looks after each step where every page leads. */
    private void work(GuestDriver guest, int iommu, int device, long base) {
        assertThat(guest.attach(GUEST_DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        Map<Long, Long> mapped = new TreeMap<>();
        long seed = 12345;
        for (int step = 0; step < 200; step++) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            int choice = (int) (seed >>> 40);
            if (mapped.size() < 3 || (choice & 3) != 0) {
                long physical = 0x200_0000L + (choice >>> 2 & 0x3FF) * PAGE;
                long iova = guest.map(GUEST_DEVICE, physical, PAGE, RIGHTS);
                assertThat(iova).isNotNegative();
                mapped.put(iova, physical);
            } else {
                long iova = ((TreeMap<Long, Long>) mapped).firstKey();
                assertThat(guest.unmap(GUEST_DEVICE, iova, PAGE)).isEqualTo(Errno.OK);
                mapped.remove(iova);
                assertThat(world.reach(iommu, device, iova, AccessKind.WRITE)).isEqualTo(-1);
            }
            mapped.forEach((iova, physical) -> assertThat(world.reach(iommu, device, iova + 8, AccessKind.WRITE))
                    .isEqualTo(base + physical + 8));
        }
    }
}
