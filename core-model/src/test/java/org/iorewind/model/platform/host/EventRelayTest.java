package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;

import java.util.Objects;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.driver.LogEntry;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;
import org.junit.jupiter.api.Test;

/** Talk, cases 1 and 2: events of guests in the host's log, and recovery (amd-viommu reference 6). */
class EventRelayTest {
    private final VirtualWorld world = VirtualWorld.booted(VirtualWorld.telling(), ViommuOptions.usual());
    private final VirtualMachine machine = world.machine(1);
    private final HardwareViommu iommu = world.hardware(machine, 0, ViommuExposure.DIRECT);
    private final Viommu viommu = Objects.requireNonNull(world.driver().guest(1));

    private GuestDriver guest() {
        GuestDriver guest = VirtualWorld.guest(machine, iommu, GuestOptions.of(TableFormat.V2));
        assertThat(guest.attach(GUEST_DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        world.bus().forget();
        return guest;
    }

    private void event(long q0, long q1) {
        world.bus().iommu(0).forceLogEntry(q0, q1);
        world.host().handleLogs();
    }

    @Test
    void aFaultGoesToTheGuestWithItsOwnIds() {
        GuestDriver guest = guest();
        assertThat(world.reach(HOST_DEVICE, 0x5000, AccessKind.READ)).isEqualTo(-1);
        world.host().takeInterrupts();
        // amd-viommu reference 9.2: S=1 INSERT path, Ch=2: INSERT_GUEST_EVENT and a wait.
        assertThat(world.bus().lines("command")).containsExactly("command 0 9", "command 0 1");
        assertThat(guest.faults().handle()).singleElement().satisfies(event -> {
            assertThat(event.requester()).isEqualTo(GUEST_DEVICE);
            assertThat(event.address()).isEqualTo(0x5000);
            assertThat(event.isPageFault()).isTrue();
        });
        LogEntry told = Objects.requireNonNull(viommu.events().poll());
        assertThat(told.quadword0() & 0xFFFF).isEqualTo(GUEST_DEVICE);
        assertThat(world.host().unhandledEvents()).isEmpty();
    }

    @Test
    void theGuestGetsAnInterruptForIt() {
        guest();
        int[] taken = new int[1];
        machine.onInterrupt(iommu, () -> taken[0]++);
        world.reach(HOST_DEVICE, 0x5000, AccessKind.READ);
        world.host().takeInterrupts();
        machine.takeInterrupts();
        assertThat(taken[0]).isEqualTo(1);
        assertThat(world.bus().lines("note 0 inject")).containsExactly("note 0 inject-interrupt 1");
    }

    @Test
    void aGuestWithoutALogIsNotTold() {
        // IO_PAGE_FAULT of the device, DomainID of the parent.
        long domain = viommu.parent().id();
        event(2L << 60 | domain << 32 | HOST_DEVICE, 0x5000);
        assertThat(world.bus().lines("command 0 9")).isEmpty();
        assertThat(Objects.requireNonNull(viommu.events().poll()).quadword0()).isEqualTo(2L << 60 | GUEST_DEVICE);
    }

    @Test
    void domainsAreTheGuestsOwn() {
        guest();
        int hostDomain = viommu.hostDomain(1);
        assertThat(hostDomain).isNotNegative();
        event(4L << 60 | (long) hostDomain << 32 | HOST_DEVICE, 0x5000);
        assertThat(Objects.requireNonNull(viommu.events().poll()).quadword0())
                .isEqualTo(4L << 60 | 1L << 32 | GUEST_DEVICE);
        event(4L << 60 | 0x7777L << 32 | HOST_DEVICE, 0x5000);
        assertThat(Objects.requireNonNull(viommu.events().poll()).quadword0()).isEqualTo(4L << 60 | GUEST_DEVICE);
        // ILLEGAL_DEV_TABLE_ENTRY holds no DomainID; GN=1 holds a PASID in its place.
        event(1L << 60 | 7L << 32 | HOST_DEVICE, 0);
        assertThat(Objects.requireNonNull(viommu.events().poll()).quadword0())
                .isEqualTo(1L << 60 | 7L << 32 | GUEST_DEVICE);
        event(2L << 60 | 1L << 48 | 7L << 32 | HOST_DEVICE, 0);
        assertThat(Objects.requireNonNull(viommu.events().poll()).quadword0())
                .isEqualTo(2L << 60 | 1L << 48 | 7L << 32 | GUEST_DEVICE);
    }

    @Test
    void theQueueOfTheVmmIsBounded() {
        viommu.events().setDepth(2);
        for (int i = 0; i < 3; i++) {
            event(2L << 60 | HOST_DEVICE, 0x1000L * i);
        }
        assertThat(viommu.events().size()).isEqualTo(2);
        assertThat(viommu.events().lost()).isEqualTo(1);
    }

    @Test
    void afterAHardwareErrorTheGuestIsStartedAnew() {
        GuestDriver guest = guest();
        // VIOMMU_HARDWARE_ERROR of GuestID 1.
        event(0xCL << 60 | 1, 0x28_0008_0000L);
        assertThat(world.bus().lines("command", "write 0 0 VF"))
                .startsWith(
                        "command 0 a",
                        "command 0 1",
                        "write 0 0 VF_CONTROL 50 3ff0000",
                        "write 0 0 VF_CONTROL 58 0",
                        "write 0 0 VF_CONTROL 78 0");
        // The ring comes last, enabled as it was.
        assertThat(world.bus().lines("write 0 0 VF")).last().asString().startsWith("write 0 0 VF_CONTROL 60 ");
        // The guest knows nothing of it, and goes on.
        long iova = guest.map(GUEST_DEVICE, 0x200_0000, 4096, 3);
        assertThat(guest.unmap(GUEST_DEVICE, iova, 4096)).isEqualTo(Errno.OK);
    }

    @Test
    void aRingOutsideTheGuestsMemoryIsAHardwareErrorThatTheHostEnds() {
        guest();
        iommu.write(0x18, 8, 0);
        iommu.write(0x08, 8, 0x0900_0000_0000_0000L | VirtualWorld.MACHINE_BYTES);
        iommu.write(0x18, 8, 1L << 12);
        iommu.write(0x2008, 8, 0x10);
        assertThat(world.bus().lines("guest-stopped")).containsExactly("guest-stopped 1");
        world.bus().forget();
        world.host().takeInterrupts();
        assertThat(world.bus().lines("command 0 a")).hasSize(1);
        // CmdBufRun again, head and tail 0 (amd-viommu reference 6.3).
        assertThat(iommu.read(0x2020, 8) & 0x10).isEqualTo(0x10);
        assertThat(iommu.read(0x2008, 8)).isZero();
    }

    @Test
    void anEventWithVnrIsAHardwareErrorToo() {
        guest();
        long vnr = 1L << 31 | 1L << 27;
        event(2L << 60 | vnr | viommu.translateDevice(), 0x1000);
        assertThat(world.bus().lines("command 0 a")).hasSize(1);
        event(5L << 60 | vnr | 1, 0x1000);
        assertThat(world.bus().lines("command 0 a")).hasSize(2);
        // Without VNR nothing is stopped, and the event is not the guest's.
        event(2L << 60 | 1L << 31 | viommu.translateDevice(), 0x1000);
        event(5L << 60 | 1L << 31 | 1, 0x1000);
        assertThat(world.bus().lines("command 0 a")).hasSize(2);
        assertThat(viommu.events().size()).isZero();
        assertThat(world.host().unhandledEvents()).isEmpty();
    }

    @Test
    void aRefusedInsertionIsKnown() {
        event(0xBL << 60 | 1L << 32, 0x1000);
        assertThat(world.host().unhandledEvents()).isEmpty();
    }

    @Test
    void eventsOfNobodyAreTheHostsOwn() {
        event(0xCL << 60 | 9, 0);
        event(0xBL << 60 | 9L << 32, 0);
        event(5L << 60, 0);
        event(2L << 60 | 0x77, 0);
        event(2L << 60 | viommu.translateDevice(), 0);
        event(0xAL << 60, 0);
        assertThat(world.host().unhandledEvents()).hasSize(6);
    }
}
