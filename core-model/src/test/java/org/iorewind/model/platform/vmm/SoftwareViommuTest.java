package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BASE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BYTES;

import java.util.Objects;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.InterruptTables;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.HostOptions;
import org.junit.jupiter.api.Test;

/** amd-viommu reference 9.2, 9.4: amd-iommu for emulated and for passthrough devices. */
class SoftwareViommuTest {
    private static final long BUFFER = 0x200_0000L;
    private final VirtualWorld world = VirtualWorld.booted();
    private final VirtualMachine machine = world.machine(1);
    private final SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.shadowing());

    private GuestDriver guest() {
        assertThat(iommu.attach(world.host(), HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.OK);
        GuestDriver guest = VirtualWorld.guest(
                machine, iommu, GuestOptions.of(TableFormat.V1).notPresentCached(true));
        assertThat(guest.attach(GUEST_DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        world.bus().forget();
        return guest;
    }

    private ShadowTable shadow() {
        return Objects.requireNonNull(iommu.shadow(GUEST_DEVICE));
    }

    private long reach(long address) {
        return world.reach(HOST_DEVICE, address, AccessKind.WRITE);
    }

    @Test
    void aMapCostsWhatTheReferenceSays() {
        GuestDriver guest = guest();
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        // NpCache forces Cg=2, X=2; one map call of the leaf; P=1; Ch=0.
        assertThat(world.bus().count("exit 1 MMIO")).isEqualTo(2);
        assertThat(world.bus().count("command " + iommu.number())).isEqualTo(2);
        assertThat(world.bus().count("enter 0 IOAS_MAP")).isEqualTo(1);
        assertThat(world.bus().lines("note 0 pin")).containsExactly("note 0 pin 1");
        assertThat(world.bus().count("command 0 ")).isZero();
        assertThat(world.bus().count("enter 0 shadow-sync")).isEqualTo(1);
        assertThat(reach(iova)).isEqualTo(MACHINE_BASE + BUFFER);
        assertThat(shadow().size()).isEqualTo(1);
        assertThat(shadow().space().size()).isEqualTo(1);
    }

    @Test
    void aStrictUnmapCostsWhatTheReferenceSays() {
        GuestDriver guest = guest();
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        reach(iova);
        world.bus().forget();
        assertThat(guest.unmap(GUEST_DEVICE, iova, 0x1000)).isEqualTo(Errno.OK);
        // Cg=2; X=2; one unmap call; unpin 1; Ch=2.
        assertThat(world.bus().count("exit 1 MMIO")).isEqualTo(2);
        assertThat(world.bus().count("command " + iommu.number())).isEqualTo(2);
        assertThat(world.bus().count("enter 0 IOAS_UNMAP")).isEqualTo(1);
        assertThat(world.bus().lines("note 0 unpin")).containsExactly("note 0 unpin 1");
        assertThat(world.bus().lines("command 0 ")).containsExactly("command 0 3", "command 0 1");
        // amd-viommu reference 14.3, 6.
        assertThat(reach(iova)).isEqualTo(-1);
    }

    @Test
    void beforeTheGuestTurnsItsIommuOnTheDeviceHasAllItsMemory() {
        iommu.attach(world.host(), HOST_DEVICE, GUEST_DEVICE);
        assertThat(reach(0x5000)).isEqualTo(MACHINE_BASE + 0x5000);
        assertThat(reach(MACHINE_BYTES)).isEqualTo(-1);
        VirtualWorld.guest(machine, iommu, GuestOptions.of(TableFormat.V1).notPresentCached(true));
        // The driver lets nothing of unknown devices pass.
        assertThat(reach(0x5000)).isEqualTo(-1);
    }

    @Test
    void anotherEntryIsAnotherAddressSpace() {
        GuestDriver guest = guest();
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        guest.iommu().deviceTable().set(GUEST_DEVICE, DeviceEntryImage.identity(1));
        assertThat(reach(iova)).isEqualTo(MACHINE_BASE + BUFFER);
        invalidate(guest);
        assertThat(reach(0x5000)).isEqualTo(MACHINE_BASE + 0x5000);
        guest.iommu().deviceTable().set(GUEST_DEVICE, DeviceEntryImage.OPEN);
        invalidate(guest);
        assertThat(reach(0x5000)).isEqualTo(MACHINE_BASE + 0x5000);
        guest.iommu().deviceTable().set(GUEST_DEVICE, new DeviceEntryImage(1, 0, 0, 0));
        invalidate(guest);
        assertThat(reach(0x5000)).isEqualTo(-1);
    }

    private static void invalidate(GuestDriver guest) {
        guest.iommu().commands().push(Command.invalidateDeviceEntry(GUEST_DEVICE));
        guest.iommu().commands().push(Command.invalidateDeviceEntry(GUEST_DEVICE + 1));
        guest.iommu().commands().complete();
    }

    @Test
    void formatsThatCannotBeShadowedAreBlockedAndCounted() {
        GuestDriver guest = guest();
        guest.iommu().deviceTable().set(GUEST_DEVICE, DeviceEntryImage.guest(1, BUFFER, 1, 4, true));
        invalidate(guest);
        assertThat(reach(0x5000)).isEqualTo(-1);
        assertThat(shadow().errors(ShadowError.FORMAT)).isEqualTo(1);
        guest.iommu()
                .deviceTable()
                .set(GUEST_DEVICE, DeviceEntryImage.identity(1).or(0, 7L << 9));
        invalidate(guest);
        assertThat(shadow().errors(ShadowError.FORMAT)).isEqualTo(2);
    }

    @Test
    void devicesBeyondTheGuestsTableAreBlocked() {
        iommu.attach(world.host(), HOST_DEVICE, 0x300);
        VirtualWorld.guest(machine, iommu, GuestOptions.of(TableFormat.V1).notPresentCached(true));
        assertThat(reach(0x5000)).isEqualTo(-1);
    }

    @Test
    void invalidatingEverythingLooksAtEverything() {
        GuestDriver guest = guest();
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        iommu.attach(world.host(), HOST_DEVICE + 1, GUEST_DEVICE + 1);
        world.bus().forget();
        guest.iommu().commands().push(Command.invalidateAll());
        guest.iommu().commands().complete();
        assertThat(world.bus().count("enter 0 shadow-sync")).isEqualTo(1);
        assertThat(world.bus().count("enter 0 IOAS")).isZero();
        assertThat(reach(iova)).isEqualTo(MACHINE_BASE + BUFFER);
    }

    @Test
    void otherDomainsAreLeftAlone() {
        GuestDriver guest = guest();
        guest.map(GUEST_DEVICE, BUFFER, 0x1000, 3);
        world.bus().forget();
        guest.iommu().commands().push(Command.invalidatePages(0x99, AddressSpan.EVERYTHING, true));
        guest.iommu().commands().complete();
        assertThat(world.bus().count("enter 0 shadow-sync")).isZero();
    }

    @Test
    void aChangedTargetFollowsTheInvalidation() {
        GuestDriver guest = guest();
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x20_0000, 3);
        assertThat(shadow().size()).isEqualTo(1);
        // Half of a large page goes: the driver keeps the page, so the whole stays.
        guest.protect(GUEST_DEVICE, iova, 0x20_0000, 1);
        assertThat(world.reach(HOST_DEVICE, iova, AccessKind.READ)).isEqualTo(MACHINE_BASE + BUFFER);
        assertThat(reach(iova)).isEqualTo(-1);
    }

    @Test
    void aPageThatAnInvalidationCutsIsLookedAtWhole() {
        GuestDriver guest = guest();
        long iova = guest.map(GUEST_DEVICE, BUFFER, 0x20_0000, 3);
        assertThat(shadow().size()).isEqualTo(1);
        world.bus().forget();
        guest.iommu().commands().push(Command.invalidatePages(1, AddressSpan.of(iova + 0x10_000, 0x1000), false));
        guest.iommu().commands().complete();
        assertThat(world.bus().lines("enter 0")).containsExactly("enter 0 shadow-sync " + Long.toHexString(iova));
        assertThat(reach(iova + 0x10_000)).isEqualTo(MACHINE_BASE + BUFFER + 0x10_000);
    }

    @Test
    void memoryThatTheGuestDoesNotHaveIsNotMapped() {
        GuestDriver guest = guest();
        long iova = guest.map(GUEST_DEVICE, MACHINE_BYTES, 0x1000, 3);
        assertThat(reach(iova)).isEqualTo(-1);
        assertThat(shadow().errors(ShadowError.OUTSIDE_MEMORY)).isEqualTo(1);
        assertThat(shadow().errors(ShadowError.OUT_OF_REACH)).isZero();
    }

    @Test
    void beyondTheEntryLimitOfVfioPagesAreMissing() {
        GuestDriver guest = guest();
        world.bus().quiet();
        long table = guest.iommu().port().allocate(129 * 0x1000, 0x1000);
        // 129 tables of 512 pages of 4 KiB under one table of level 2: 66,048 pages.
        for (int i = 0; i < 129; i++) {
            long leaf = i < 128 ? table + (i + 1) * 0x1000L : table + 0x1000L;
            guest.iommu().port().store(MemoryRole.HOST_TABLE, table + i * 8L, leaf | 1L << 9 | 3L << 61 | 1);
            for (int page = 0; page < 512; page++) {
                guest.iommu().port().store(MemoryRole.HOST_TABLE, leaf + page * 8L, BUFFER | 3L << 61 | 1);
            }
        }
        guest.iommu().deviceTable().set(GUEST_DEVICE, DeviceEntryImage.host(5, table, 2));
        invalidate(guest);
        assertThat(shadow().size()).isEqualTo(65_535);
        assertThat(shadow().errors(ShadowError.TABLES_TOO_LARGE)).isEqualTo(1);
        // A second look at what comes after finds the limit itself.
        guest.iommu().commands().push(Command.invalidatePages(5, AddressSpan.of(128L * 512 * 0x1000, 0x20_0000), true));
        guest.iommu().commands().complete();
        assertThat(shadow().errors(ShadowError.DMA_ENTRY_LIMIT)).isEqualTo(512);
    }

    @Test
    void devicesAreRefusedByName() {
        assertThat(iommu.attach(world.host(), VirtualWorld.DEVICES, GUEST_DEVICE))
                .isEqualTo(Errno.NO_DEVICE);
        assertThat(iommu.attach(world.host(), HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.OK);
        assertThat(iommu.attach(world.host(), HOST_DEVICE + 1, GUEST_DEVICE)).isEqualTo(Errno.EXISTS);
        assertThat(iommu.detach(GUEST_DEVICE + 1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommu.detach(GUEST_DEVICE)).isEqualTo(Errno.OK);
        assertThat(reach(0x5000)).isEqualTo(-1);
        assertThat(iommu.shadow(GUEST_DEVICE)).isNull();
        SoftwareViommu emulated = new SoftwareViommu(machine, 1, SoftwareOptions.emulated());
        assertThat(emulated.attach(world.host(), HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.NOT_SUPPORTED);
        while (world.host().domainIds().allocate() != DomainIds.NONE) {
            // Until none is left.
        }
        assertThat(iommu.attach(world.host(), HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.NO_SPACE);
    }

    @Test
    void interruptsOfEmulatedDevicesAreRemappedByTheGuestsTable() {
        GuestDriver guest = guest();
        int index = interrupt(guest);
        InterruptDecision decision = world.bus()
                .interrupt(
                        iommu.number(),
                        GUEST_DEVICE,
                        InterruptTables.message(index).address(),
                        InterruptTables.message(index).data());
        assertThat(decision).isEqualTo(InterruptDecision.REMAPPED);
        machine.takeInterrupts();
        assertThat(machine.deviceInterrupts()).isEqualTo(1);
        assertThat(machine.lastInterruptData() & 0xFF).isEqualTo(0x41);
        assertThat(machine.lastInterruptAddress() >>> 12 & 0xFF).isEqualTo(5);
    }

    private int interrupt(GuestDriver guest) {
        assertThat(guest.interrupts().setUp(GUEST_DEVICE)).isEqualTo(Errno.OK);
        int index = guest.interrupts().allocate(GUEST_DEVICE, 0x41, 5);
        assertThat(index).isNotNegative();
        return index;
    }

    @Test
    void interruptsOfPassthroughDevicesAreRemappedTwice() {
        GuestDriver guest = guest();
        int index = interrupt(guest);
        long address = InterruptTables.message(index).address();
        int data = InterruptTables.message(index).data();
        // The host lets the device's own message pass, for it has given it no table.
        assertThat(iommu.passthroughInterrupt(GUEST_DEVICE, 0xFEE0_0000L, 0x30, address, data))
                .isEqualTo(Errno.OK);
        assertThat(machine.deviceInterrupts()).isEqualTo(1);
        assertThat(machine.lastInterruptData() & 0xFF).isEqualTo(0x41);
        // With a table of zeros it lets nothing pass.
        long table = world.host().port().allocate(0x1000, 0x1000);
        world.host().port().clear(MemoryRole.INTERRUPT_TABLE, table, 0x1000);
        world.host().setInterruptTable(HOST_DEVICE, table, 8);
        assertThat(iommu.passthroughInterrupt(GUEST_DEVICE, 0xFEE0_0000L, 0x30, address, data))
                .isEqualTo(Errno.NO_ENTRY);
        assertThat(iommu.passthroughInterrupt(1, 0xFEE0_0000L, 0x30, address, data))
                .isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void whatTheGuestsTableRefusesIsNotDelivered() {
        GuestDriver guest = guest();
        interrupt(guest);
        assertThat(iommu.passthroughInterrupt(GUEST_DEVICE, 0xFEE0_0000L, 0x30, 0xFEE0_0000L, 0x1F0))
                .isEqualTo(Errno.NO_ENTRY);
        assertThat(machine.deviceInterrupts()).isZero();
    }

    @Test
    void interruptsThatNobodyTakesAreBounded() {
        for (int i = 0; i < 2000; i++) {
            world.bus().interrupt(iommu.number(), GUEST_DEVICE, 0xFEE0_0000L, 0x30);
        }
        machine.takeInterrupts();
        assertThat(machine.deviceInterrupts()).isEqualTo(1024);
    }

    @Test
    void aFaultOfAnEmulatedDeviceInterruptsTheGuest() {
        GuestDriver guest = guest();
        int[] taken = new int[1];
        machine.onInterrupt(iommu, () -> taken[0] += guest.faults().handle().size());
        assertThat(world.reach(iommu.number(), GUEST_DEVICE, 0x7000, AccessKind.READ))
                .isEqualTo(-1);
        assertThat(world.reach(iommu.number(), GUEST_DEVICE, 0x8000, AccessKind.READ))
                .isEqualTo(-1);
        machine.takeInterrupts();
        assertThat(taken[0]).isEqualTo(2);
        // A fault of the passthrough device is in the host's log only.
        assertThat(reach(0x7000)).isEqualTo(-1);
        machine.takeInterrupts();
        assertThat(taken[0]).isEqualTo(2);
        world.host().takeInterrupts();
        assertThat(world.host().unhandledEvents()).hasSize(1);
    }

    @Test
    void completionWaitsInterruptTheGuestIfItWants() {
        GuestDriver guest = guest();
        // ComWaitIntEn, then COMPLETION_WAIT with i=1.
        guest.iommu().control().set(1 << 4);
        guest.iommu().commands().push(new Command(1L << 60 | 2, 0));
        guest.iommu().commands().ring();
        assertThat(machine.isInterruptWaiting()).isTrue();
        assertThat(world.bus().lines("note 0 inject")).hasSize(1);
    }

    @Test
    void pageRequestsOfEmulatedDevicesInterruptTheGuest() {
        SoftwareOptions options = new SoftwareOptions(SoftwareOptions.emulated().features() | 0x2, false);
        SoftwareViommu emulated = new SoftwareViommu(machine, 1, options);
        GuestDriver guest = VirtualWorld.guest(machine, emulated, GuestOptions.of(TableFormat.V1));
        assertThat(guest.attach(GUEST_DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        world.bus().pageRequest(emulated.number(), GUEST_DEVICE, -1, 0x5000, 1, 0, true);
        machine.takeInterrupts();
        assertThat(world.bus().lines("note 0 inject")).isNotEmpty();
        assertThat(guest.iommu().pageRequests().drain()).hasSize(1);
    }

    @Test
    void pagesBeyondTheReachOfTheHostsTablesAreCounted() {
        int number = world.bus().addIommu(VirtualWorld.description());
        HostDriver host = HostDriver.of(
                world.bus(),
                number,
                new PageAllocator(0x8000_0000L, 0x1000_0000L),
                world.host().options().format(HostOptions.TableFormat.V2));
        host.boot();
        assertThat(iommu.attach(host, HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.OK);
        GuestDriver guest = VirtualWorld.guest(
                machine, iommu, GuestOptions.of(TableFormat.V1).notPresentCached(true));
        // Entry 1 of level 6 skips to level 1: address 2^57, where four levels of v2 reach 2^47.
        machine.store(MemoryRole.HOST_TABLE, BUFFER + 8, BUFFER + 0x1000 | 1L << 9 | 3L << 61 | 1);
        machine.store(MemoryRole.HOST_TABLE, BUFFER + 0x1000, 0x5000 | 3L << 61 | 1);
        guest.iommu().deviceTable().set(GUEST_DEVICE, DeviceEntryImage.host(5, BUFFER, 6));
        invalidate(guest);
        assertThat(shadow().errors(ShadowError.OUT_OF_REACH)).isEqualTo(1);
        assertThat(shadow().size()).isZero();
    }

    @Test
    void registersAreReadFromTheEmulatedIommu() {
        guest();
        assertThat(iommu.read(0x18, 8) & 1).isEqualTo(1);
        assertThat(world.bus().lines("exit")).containsExactly("exit 1 MMIO fed80018");
        SoftwareViommu second = new SoftwareViommu(machine, 1, SoftwareOptions.emulated());
        second.write(0x18, 4, 0);
        assertThat(world.bus().lines("exit")).last().isEqualTo("exit 1 MMIO fed84018");
    }
}
