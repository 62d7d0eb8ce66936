package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BASE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BYTES;

import java.util.Objects;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.EntryStores;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.HostDomain;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.ViommuCalls;
import org.iorewind.model.platform.host.ViommuDriver;
import org.iorewind.model.platform.host.ViommuOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** amd-viommu reference 7.3, 9.2, 10.4: amd-viommu. */
class HardwareViommuTest {
    private static final long BUFFER = 0x200_0000L;
    private final VirtualWorld world = VirtualWorld.booted();
    private final VirtualMachine machine = world.machine(1);

    private static GuestOptions options() {
        return GuestOptions.of(TableFormat.V2);
    }

    private GuestDriver attached(HardwareViommu iommu) {
        GuestDriver guest = VirtualWorld.guest(machine, iommu, options());
        assertThat(guest.attach(GUEST_DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        world.bus().forget();
        return guest;
    }

    private long reach(long address) {
        return world.reach(HOST_DEVICE, address, AccessKind.WRITE);
    }

    @Test
    void allOfTheMachinesMemoryIsPinned() {
        world.hardware(machine, 0, ViommuExposure.DIRECT);
        assertThat(world.bus().lines("note 0 pin")).containsExactly("note 0 pin " + MACHINE_BYTES / 4096);
    }

    @Test
    void aMapCostsNothingButTheGuestsOwnStores() {
        GuestDriver guest = attached(world.hardware(machine, 0, ViommuExposure.TRAPPED));
        guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        world.bus().forget();
        long iova = guest.map(GUEST_DEVICE, BUFFER + 0x1000, 0x1000, 3);
        // amd-viommu reference 9.2: Wg=Lg, X=S=Cg=Ch=0.
        assertThat(world.bus().lines("store 1 GUEST_TABLE")).hasSize(1);
        assertThat(world.bus().lines("exit", "enter 0", "command", "guest-command"))
                .isEmpty();
        assertThat(reach(iova)).isEqualTo(MACHINE_BASE + BUFFER + 0x1000);
    }

    @Test
    void aStrictUnmapExitsForEachTailStoreWhereTheyAreTrapped() {
        GuestDriver guest = attached(world.hardware(machine, 0, ViommuExposure.TRAPPED));
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        reach(iova);
        world.bus().forget();
        assertThat(guest.unmap(GUEST_DEVICE, iova, 0x1000)).isEqualTo(Errno.OK);
        // amd-viommu reference 9.2: Cg=2, X=2, S=2 (MMIO_ACCESS), Ch=0.
        assertThat(world.bus().lines("guest-command")).containsExactly("guest-command 1 3", "guest-command 1 1");
        assertThat(world.bus().lines("exit")).containsExactly("exit 1 MMIO fed82008", "exit 1 MMIO fed82008");
        assertThat(world.bus().count("enter 0 VIOMMU_MMIO_ACCESS")).isEqualTo(2);
        assertThat(world.bus().count("command 0")).isZero();
        assertThat(reach(iova)).isEqualTo(-1);
    }

    @Test
    void aStrictUnmapExitsNeverWhereTheGuestHasThePage() {
        GuestDriver guest = attached(world.hardware(machine, 0, ViommuExposure.DIRECT));
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        reach(iova);
        world.bus().forget();
        assertThat(guest.unmap(GUEST_DEVICE, iova, 0x1000)).isEqualTo(Errno.OK);
        // amd-viommu reference 9.2: Cg=2, X=S=Ch=0.
        assertThat(world.bus().lines("guest-command")).containsExactly("guest-command 1 3", "guest-command 1 1");
        assertThat(world.bus().lines("exit", "enter 0", "command")).isEmpty();
        assertThat(reach(iova)).isEqualTo(-1);
    }

    @Test
    void anAttachIsInterceptedInTheDeviceTable() {
        HardwareViommu iommu = world.hardware(machine, 0, ViommuExposure.DIRECT);
        GuestDriver guest = VirtualWorld.guest(
                machine, iommu, options().driver(options().driver().entryStores(EntryStores.HALVES)));
        assertThat(reach(0x5000)).isEqualTo(-1);
        world.bus().forget();
        guest.attach(GUEST_DEVICE, DeviceTraits.plain());
        // amd-viommu reference 9.2: X=1..4; S=2 (HWPT alloc and attach) and the DomID map; Ch=2.
        assertThat(world.bus().lines("exit")).hasSize(2).allMatch(line -> line.startsWith("exit 1 TABLE_WRITE"));
        assertThat(world.bus().lines("enter 0 VIOMMU", "enter 0 iommufd"))
                .containsExactly(
                        "enter 0 iommufd.HWPT_ALLOC 10",
                        "enter 0 VIOMMU_DOMAIN_ATTACH 1",
                        "enter 0 iommufd.HWPT_ATTACH 10");
        assertThat(world.bus().lines("command 0")).containsExactly("command 0 2", "command 0 1");
        assertThat(guest.detach(GUEST_DEVICE)).isEqualTo(Errno.OK);
        assertThat(reach(0x5000)).isEqualTo(-1);
    }

    @Test
    void whileTheGuestsIommuIsOffTheDeviceHasAllItsMemory() {
        HardwareViommu iommu = world.hardware(machine, 0, ViommuExposure.DIRECT);
        assertThat(reach(0x5000)).isEqualTo(MACHINE_BASE + 0x5000);
        GuestDriver guest = attached(iommu);
        assertThat(reach(0x5000)).isEqualTo(-1);
        guest.iommu().control().clear(1);
        assertThat(reach(0x5000)).isEqualTo(MACHINE_BASE + 0x5000);
    }

    @Test
    void entriesThatTheHostRefusesBlockTheDevice() {
        HardwareViommu iommu = world.hardware(machine, 0, ViommuExposure.DIRECT);
        GuestDriver guest = attached(iommu);
        guest.iommu().deviceTable().set(GUEST_DEVICE, DeviceEntryImage.identity(1));
        assertThat(reach(0x5000)).isEqualTo(MACHINE_BASE + 0x5000);
        guest.iommu().deviceTable().set(GUEST_DEVICE, DeviceEntryImage.host(1, 0x20_0000, 3));
        assertThat(reach(0x5000)).isEqualTo(-1);
        assertThat(iommu.refusedEntries()).isEqualTo(1);
        guest.iommu().deviceTable().set(GUEST_DEVICE, DeviceEntryImage.OPEN);
        assertThat(reach(0x5000)).isEqualTo(-1);
        guest.iommu().deviceTable().set(GUEST_DEVICE + 1, DeviceEntryImage.identity(1));
        assertThat(reach(0x5000)).isEqualTo(-1);
    }

    @Test
    void devicesBeyondTheGuestsTableAreBlocked() {
        HardwareViommu iommu = world.hardware(machine, 0, ViommuExposure.DIRECT);
        assertThat(iommu.attach(HOST_DEVICE + 5, 0x300)).isEqualTo(Errno.OK);
        attached(iommu);
        assertThat(world.reach(HOST_DEVICE + 5, 0x5000, AccessKind.READ)).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void registersAnswerAsTheGuestWroteThem(ViommuExposure exposure) {
        HardwareViommu iommu = world.hardware(machine, 3, exposure);
        world.bus().forget();
        iommu.write(0x08, 4, 0x20_0000);
        assertThat(world.bus().lines("enter")).isEmpty();
        iommu.write(0x0C, 4, 0x0900_0000);
        assertThat(world.bus().lines("exit", "enter"))
                .containsExactly("exit 1 MMIO fed8c008", "exit 1 MMIO fed8c00c", "enter 0 VIOMMU_MMIO_ACCESS 8");
        assertThat(iommu.read(0x08, 8)).isEqualTo(0x0900_0000_0020_0000L);
        assertThat(iommu.read(0x0C, 4)).isEqualTo(0x0900_0000L);
        iommu.write(0x20, 8, 0x1000);
        assertThat(iommu.read(0x20, 8)).isEqualTo(0x1000);
        iommu.write(0x170, 8, 0x41_0000_0500L);
        iommu.write(0x10, 8, 0x0900_0000_0030_0000L);
        iommu.write(0x2010, 8, 0x20);
        assertThat(iommu.read(0x2010, 8)).isEqualTo(0x20);
        // PPR, XT, GT, IA, GA, GATS 0, two levels of GCR3, 16-bit PASIDs, GIo, EPH.
        assertThat(iommu.read(0x30, 8))
                .isEqualTo(0x2L | 4 | 0x10 | 0x40 | 0x80 | 1L << 14 | 15L << 32 | 1L << 48 | 1L << 50);
        assertThat(iommu.read(0x1A0, 8)).isZero();
    }

    @Test
    void withFixedBuffersTheRingIsMappedByItsOwnCall() {
        VirtualWorld other =
                VirtualWorld.booted(IommuDescription.physical(VirtualWorld.FEATURES, 0x8), ViommuOptions.usual());
        VirtualMachine its = other.machine(1);
        HardwareViommu iommu = other.hardware(its, 0, ViommuExposure.DIRECT);
        other.bus().forget();
        iommu.write(0x08, 8, 0x0900_0000_0020_0000L);
        // amd-viommu reference 9.2: S=2 for the command base in mode 0.
        assertThat(other.bus().lines("enter"))
                .containsExactly("enter 0 VIOMMU_CMDBUF_MAP_UPDATE 200000", "enter 0 VIOMMU_MMIO_ACCESS 8");
        GuestDriver guest = VirtualWorld.guest(its, iommu, options());
        assertThat(guest.attach(GUEST_DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        assertThat(other.reach(HOST_DEVICE, iova, AccessKind.WRITE)).isEqualTo(MACHINE_BASE + BUFFER);
        assertThat(guest.unmap(GUEST_DEVICE, iova, 0x1000)).isEqualTo(Errno.OK);
        assertThat(other.reach(HOST_DEVICE, iova, AccessKind.WRITE)).isEqualTo(-1);
    }

    @Test
    void aFaultInTheGuestsTablesReachesTheGuestWithoutAnExit() {
        HardwareViommu iommu = world.hardware(machine, 0, ViommuExposure.DIRECT);
        GuestDriver guest = attached(iommu);
        int[] faults = new int[1];
        machine.onInterrupt(iommu, () -> faults[0] += guest.faults().handle().size());
        assertThat(reach(0x7000)).isEqualTo(-1);
        machine.takeInterrupts();
        // amd-viommu reference 9.2, DIRECT: 0 exits, I=1.
        assertThat(faults[0]).isEqualTo(1);
        assertThat(world.bus().lines("note 0 inject")).hasSize(1);
        assertThat(world.bus().lines("exit", "command 0")).isEmpty();
    }

    @Test
    void severalInstancesHaveDevicesOfTheirOwn() {
        NestParent parent = world.parent(machine);
        HardwareViommu first = new HardwareViommu(machine, 0, world.calls(), parent, ViommuExposure.DIRECT);
        HardwareViommu second = new HardwareViommu(machine, 1, world.calls(), parent, ViommuExposure.DIRECT);
        assertThat(first.guestId()).isNegative();
        assertThat(first.plug()).isEqualTo(Errno.OK);
        assertThat(second.plug()).isEqualTo(Errno.OK);
        assertThat(first.guestId()).isEqualTo(1);
        assertThat(second.guestId()).isEqualTo(0x7FFF);
        first.attach(HOST_DEVICE, GUEST_DEVICE);
        assertThat(second.attach(HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.BUSY);
        second.attach(HOST_DEVICE + 1, GUEST_DEVICE);
        GuestDriver one = attached(first);
        GuestDriver two = attached(second);
        long iova = one.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        assertThat(two.map(GUEST_DEVICE, BUFFER + 0x1000, 0x1000, 3)).isEqualTo(iova);
        assertThat(reach(iova)).isEqualTo(MACHINE_BASE + BUFFER);
        assertThat(world.reach(HOST_DEVICE + 1, iova, AccessKind.READ)).isEqualTo(MACHINE_BASE + BUFFER + 0x1000);
    }

    @Test
    void instancesMayBeOfDifferentPhysicalIommus() {
        int number = world.bus().addIommu(VirtualWorld.description());
        HostDriver host = HostDriver.of(
                world.bus(),
                number,
                new PageAllocator(0x8000_0000L, 0x1000_0000L),
                world.host().options());
        host.boot();
        ViommuDriver driver = new ViommuDriver(world.bus(), number, host, ViommuOptions.usual());
        assertThat(driver.boot()).isEqualTo(Errno.OK);
        assertThat(driver.iommu()).isEqualTo(number);
        HardwareViommu first = world.hardware(machine, 0, ViommuExposure.DIRECT);
        HardwareViommu second = new HardwareViommu(
                machine,
                1,
                new ViommuCalls(driver),
                Objects.requireNonNull(NestParent.of(machine, host)),
                ViommuExposure.DIRECT);
        assertThat(second.plug()).isEqualTo(Errno.OK);
        // GuestIDs are each IOMMU's own.
        assertThat(second.guestId()).isEqualTo(first.guestId());
        second.attach(HOST_DEVICE, GUEST_DEVICE);
        attached(first);
        GuestDriver guest = attached(second);
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        assertThat(world.reach(number, HOST_DEVICE, iova, AccessKind.READ)).isEqualTo(MACHINE_BASE + BUFFER);
        assertThat(reach(iova)).isEqualTo(-1);
    }

    @Test
    void afterItIsUnpluggedTheDeviceHasTheMachinesMemory() {
        HardwareViommu iommu = world.hardware(machine, 0, ViommuExposure.DIRECT);
        attached(iommu);
        assertThat(iommu.detach(GUEST_DEVICE)).isEqualTo(Errno.OK);
        assertThat(iommu.detach(GUEST_DEVICE)).isEqualTo(Errno.NO_ENTRY);
        assertThat(reach(0x5000)).isEqualTo(MACHINE_BASE + 0x5000);
        assertThat(iommu.unplug()).isEqualTo(Errno.OK);
        assertThat(iommu.unplug()).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void withoutHardwareThereIsNone() {
        VirtualWorld plain = new VirtualWorld(IommuDescription.physical(0x40, 0), ViommuOptions.usual());
        plain.host().boot();
        plain.driver().boot();
        VirtualMachine its = plain.machine(1);
        HardwareViommu iommu = new HardwareViommu(its, 0, plain.calls(), plain.parent(its), ViommuExposure.DIRECT);
        assertThat(iommu.plug()).isEqualTo(Errno.NO_DEVICE);
    }

    @Test
    void withoutADomainIdOrPlaceThereIsNoParent() {
        HostDomain taken = Objects.requireNonNull(world.host().createDomain());
        assertThat(taken.nested()).isEmpty();
        VirtualMachine odd =
                new VirtualMachine(world.bus(), 5, MACHINE_BASE, MACHINE_BYTES).nested(6, 0x800, MACHINE_BYTES);
        assertThat(NestParent.of(odd, world.host())).isNull();
        while (world.host().domainIds().allocate() != DomainIds.NONE) {
            // Until none is left.
        }
        assertThat(NestParent.of(machine, world.host())).isNull();
    }

    @Test
    void interruptsOfDevicesAreRemappedByTheHostOnly() {
        HardwareViommu iommu = world.hardware(machine, 0, ViommuExposure.DIRECT);
        assertThat(iommu.passthroughInterrupt(GUEST_DEVICE, 0xFEE0_0000L, 0x30, 0xFEE0_5000L, 0x41))
                .isEqualTo(Errno.OK);
        assertThat(machine.lastInterruptAddress()).isEqualTo(0xFEE0_5000L);
        assertThat(machine.lastInterruptData()).isEqualTo(0x41);
        long table = world.host().port().allocate(0x1000, 0x1000);
        world.host().port().clear(MemoryRole.INTERRUPT_TABLE, table, 0x1000);
        world.host().setInterruptTable(HOST_DEVICE, table, 8);
        assertThat(iommu.passthroughInterrupt(GUEST_DEVICE, 0xFEE0_0000L, 0x30, 0xFEE0_5000L, 0x41))
                .isEqualTo(Errno.NO_ENTRY);
        assertThat(iommu.passthroughInterrupt(1, 0, 0, 0, 0)).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void aStalePageOfTheParentIsGoneAfterTheHostsUnmap() {
        HardwareViommu iommu = world.hardware(machine, 0, ViommuExposure.DIRECT);
        GuestDriver guest = attached(iommu);
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        assertThat(reach(iova)).isEqualTo(MACHINE_BASE + BUFFER);
        // amd-viommu reference 14.3, 5.
        HostDomain parent = Objects.requireNonNull(world.driver().guest(1)).parent();
        assertThat(world.host().unmap(parent, 0, MACHINE_BYTES)).isEqualTo(Errno.OK);
        assertThat(reach(iova)).isEqualTo(-1);
    }
}
