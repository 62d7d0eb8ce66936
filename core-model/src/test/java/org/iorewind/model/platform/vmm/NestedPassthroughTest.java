package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BASE;

import java.util.Objects;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.HostOptions;
import org.iorewind.model.platform.host.ViommuCalls;
import org.iorewind.model.platform.host.ViommuDriver;
import org.iorewind.model.platform.host.ViommuOptions;
import org.junit.jupiter.api.Test;

/** Talk, use cases: a guest that passes its device on to a guest of its own. */
class NestedPassthroughTest {
    private static final long INNER_BASE = 0x100_0000L;
    private static final long INNER_BYTES = 0x100_0000L;
    private static final int INNER_DEVICE = 0x20;
    private final VirtualWorld world = VirtualWorld.booted();
    private final VirtualMachine outer = world.machine(1);
    private final VirtualMachine inner = outer.nested(2, INNER_BASE, INNER_BYTES);

    private HostDriver hostInGuest(VirtualIommu iommu, HostOptions options) {
        HostDriver host = new HostDriver(
                new GuestPort(outer, iommu),
                0,
                options.driver(DriverOptions.linux().devices(128)));
        assertThat(host.boot()).isEqualTo(Errno.OK);
        return host;
    }

    private SoftwareViommu shadowed() {
        SoftwareViommu iommu = new SoftwareViommu(outer, 0, SoftwareOptions.shadowing());
        assertThat(iommu.attach(world.host(), HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.OK);
        return iommu;
    }

    private long reach(long address) {
        return world.reach(HOST_DEVICE, address, AccessKind.WRITE);
    }

    @Test
    void behindAShadowingIommuTheInnerGuestsMemoryIsReached() {
        HostDriver host = hostInGuest(shadowed(), HostOptions.linux().notPresentCached());
        NestParent memory = Objects.requireNonNull(NestParent.of(inner, host));
        assertThat(host.attach(GUEST_DEVICE, memory.domain())).isEqualTo(Errno.OK);
        assertThat(reach(0x5000)).isEqualTo(MACHINE_BASE + INNER_BASE + 0x5000);
        assertThat(reach(INNER_BYTES)).isEqualTo(-1);
    }

    @Test
    void behindHardwareTheOuterGuestUsesItsOwnFormat() {
        HardwareViommu iommu = world.hardware(outer, 0, ViommuExposure.DIRECT);
        HostDriver host = hostInGuest(iommu, HostOptions.linux().format(HostOptions.TableFormat.V2));
        NestParent memory = Objects.requireNonNull(NestParent.of(inner, host));
        assertThat(host.attach(GUEST_DEVICE, memory.domain())).isEqualTo(Errno.OK);
        assertThat(reach(0x5000)).isEqualTo(MACHINE_BASE + INNER_BASE + 0x5000);
        assertThat(reach(INNER_BYTES)).isEqualTo(-1);
    }

    @Test
    void tablesOfTheHostsFormatAreNoUseBehindHardware() {
        // amd-viommu reference 0.3: guest v1 tables are not virtualised.
        HardwareViommu iommu = world.hardware(outer, 0, ViommuExposure.DIRECT);
        HostDriver host = hostInGuest(iommu, HostOptions.linux());
        NestParent memory = Objects.requireNonNull(NestParent.of(inner, host));
        host.attach(GUEST_DEVICE, memory.domain());
        assertThat(reach(0x5000)).isEqualTo(-1);
        assertThat(iommu.refusedEntries()).isEqualTo(1);
    }

    @Test
    void theInnerGuestMayHaveAnIommuItself() {
        HostDriver host = hostInGuest(shadowed(), HostOptions.linux().notPresentCached());
        innerWork(host);
    }

    @Test
    void theInnerGuestMayHaveAnIommuItselfOnTopOfHardware() {
        HardwareViommu iommu = world.hardware(outer, 0, ViommuExposure.DIRECT);
        innerWork(hostInGuest(iommu, HostOptions.linux().format(HostOptions.TableFormat.V2)));
    }

    /** The inner machine's VMM runs in the outer one: its exits, markers and stores carry the numbers of both. */
    private void innerWork(HostDriver host) {
        SoftwareViommu iommu = new SoftwareViommu(inner, 0, SoftwareOptions.shadowing());
        assertThat(iommu.attach(host, GUEST_DEVICE, INNER_DEVICE)).isEqualTo(Errno.OK);
        GuestDriver guest =
                VirtualWorld.guest(inner, iommu, GuestOptions.of(TableFormat.V1).notPresentCached(true));
        assertThat(guest.attach(INNER_DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        long buffer = 0x80_0000L;
        world.bus().forget();
        long iova = guest.map(INNER_DEVICE, buffer, 0x1000, 3);
        assertThat(reach(iova)).isEqualTo(MACHINE_BASE + INNER_BASE + buffer);
        assertThat(world.bus().count("exit 2 MMIO")).isEqualTo(2);
        assertThat(world.bus().count("enter 1 shadow-sync")).isEqualTo(1);
        assertThat(world.bus().count("enter 1 IOAS_MAP")).isEqualTo(1);
        assertThat(guest.unmap(INNER_DEVICE, iova, 0x1000)).isEqualTo(Errno.OK);
        assertThat(reach(iova)).isEqualTo(-1);
    }

    @Test
    void theOuterGuestHasNoHardwareForItsGuests() {
        HardwareViommu iommu = world.hardware(outer, 0, ViommuExposure.DIRECT);
        HostDriver host = hostInGuest(iommu, HostOptions.linux().format(HostOptions.TableFormat.V2));
        ViommuDriver driver = new ViommuDriver(world.bus(), 0, host, ViommuOptions.usual());
        assertThat(driver.boot()).isEqualTo(Errno.NO_DEVICE);
        HardwareViommu its = new HardwareViommu(
                inner,
                0,
                new ViommuCalls(driver),
                Objects.requireNonNull(NestParent.of(inner, host)),
                ViommuExposure.DIRECT);
        assertThat(its.plug()).isEqualTo(Errno.NO_DEVICE);
    }
}
