package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BASE;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.junit.jupiter.api.Test;

/** Talk: both kinds of IOMMU in one machine, each with its own devices. */
class HybridTest {
    private static final long BUFFER = 0x200_0000L;
    private final VirtualWorld world = VirtualWorld.booted();
    private final VirtualMachine machine = world.machine(1);

    @Test
    void emulatedAndPassthroughDevicesHaveTablesOfTheirOwn() {
        HardwareViommu hardware = world.hardware(machine, 0, ViommuExposure.DIRECT);
        SoftwareViommu software = new SoftwareViommu(machine, 1, SoftwareOptions.emulated());
        GuestDriver passthrough = VirtualWorld.guest(machine, hardware, GuestOptions.of(TableFormat.V2));
        GuestDriver emulated = VirtualWorld.guest(machine, software, GuestOptions.of(TableFormat.V1));
        assertThat(passthrough.attach(GUEST_DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        assertThat(emulated.attach(GUEST_DEVICE + 1, DeviceTraits.plain())).isEqualTo(Errno.OK);
        long first = passthrough.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        long second = emulated.map(GUEST_DEVICE + 1, BUFFER + 0x1000, 0x1000, 3);
        assertThat(world.reach(HOST_DEVICE, first, AccessKind.WRITE)).isEqualTo(MACHINE_BASE + BUFFER);
        assertThat(world.reach(software.number(), GUEST_DEVICE + 1, second, AccessKind.WRITE))
                .isEqualTo(BUFFER + 0x1000);
        world.bus().forget();
        assertThat(passthrough.unmap(GUEST_DEVICE, first, 0x1000)).isEqualTo(Errno.OK);
        assertThat(world.bus().lines("exit")).isEmpty();
        assertThat(emulated.unmap(GUEST_DEVICE + 1, second, 0x1000)).isEqualTo(Errno.OK);
        assertThat(world.bus().lines("exit")).hasSize(2);
        assertThat(world.reach(software.number(), GUEST_DEVICE + 1, second, AccessKind.WRITE))
                .isEqualTo(-1);
    }
}
