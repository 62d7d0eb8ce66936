package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BASE;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.ProcessSpace;
import org.iorewind.model.platform.guest.TableFormat;
import org.junit.jupiter.api.Test;

/** Talk, phases 1 and 3: a guest's process shares its memory with a passthrough device, page by page on demand. */
class SharedMemoryTest {
    private static final long ADDRESS = 0x7000_0000L;
    private final VirtualWorld world = VirtualWorld.booted();
    private final VirtualMachine machine = world.machine(1);

    @Test
    void pageRequestsGoToTheGuestAndItsAnswersToTheDeviceWithoutAnExit() {
        NestParent parent = world.parent(machine);
        world.host().attachWithAts(HOST_DEVICE, parent.domain());
        HardwareViommu iommu = new HardwareViommu(machine, 0, world.calls(), parent, ViommuExposure.DIRECT);
        assertThat(iommu.plug()).isEqualTo(Errno.OK);
        assertThat(iommu.attach(HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.OK);
        GuestDriver guest = VirtualWorld.guest(machine, iommu, GuestOptions.of(TableFormat.V2));
        assertThat(guest.attach(GUEST_DEVICE, DeviceTraits.forSharing().pasidBits(16)))
                .isEqualTo(Errno.OK);
        ProcessSpace space = guest.sharedSpaces().create();
        guest.sharedSpaces().reserve(space, ADDRESS, 0x10_000, 3);
        assertThat(guest.sharedSpaces().bind(GUEST_DEVICE, space)).isEqualTo(Errno.OK);
        List<Integer> answers = new ArrayList<>();
        world.bus().listen(0, new EffectSink() {
            @Override
            public void pageResponse(int requester, int pasid, int tagOrGroup, int code) {
                answers.add(requester);
                answers.add(code);
            }
        });
        world.bus().forget();

        world.bus().pageRequest(0, HOST_DEVICE, space.pasid(), ADDRESS, 1 | 2 | 8, 5, true);
        // amd-viommu reference 9.2, PPR in HW-direct: the guest's log, its COMPLETE_PPR on its own ring, X=0.
        assertThat(guest.sharedSpaces().handlePageRequests()).isEqualTo(1);
        assertThat(world.bus().lines("guest-command")).containsExactly("guest-command 1 7", "guest-command 1 1");
        assertThat(world.bus().lines("exit", "command 0")).isEmpty();
        assertThat(answers).containsExactly(HOST_DEVICE, 0);
        machine.takeInterrupts();
        assertThat(world.bus().lines("note 0 inject")).hasSize(1);

        long physical = space.table().translate(ADDRESS);
        assertThat(DevicePort.isReached(world.bus().dma(0, HOST_DEVICE, space.pasid(), ADDRESS, 8, AccessKind.WRITE)))
                .isTrue();
        assertThat(world.bus().target()).isEqualTo(MACHINE_BASE + physical);
    }
}
