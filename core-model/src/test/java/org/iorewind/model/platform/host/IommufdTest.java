package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BASE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BYTES;

import java.util.Objects;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.host.Iommufd.QueueType;
import org.junit.jupiter.api.Test;

/** amd-viommu reference 7.5: objects of iommufd on the same code as the calls of 2020. */
class IommufdTest {
    private final VirtualWorld world = VirtualWorld.booted();
    private final Iommufd iommufd = new Iommufd(world.driver());
    private final int ioas = iommufd.ioasAlloc();
    private final int device = iommufd.bind(HOST_DEVICE);
    private final int parent = iommufd.hwptAlloc(device, ioas, true);

    private static DeviceEntryImage entry(int domain) {
        return DeviceEntryImage.guest(domain, 0x20_0000, 1, 4, true);
    }

    private int viommu() {
        iommufd.ioasMap(ioas, 0, MACHINE_BASE, MACHINE_BYTES, 3);
        return iommufd.viommuAlloc(1, parent);
    }

    @Test
    void callsAreMarked() {
        world.bus().forget();
        int hwpt = iommufd.hwptAlloc(device, ioas, false);
        iommufd.destroy(hwpt);
        iommufd.destroy(hwpt);
        assertThat(world.bus().lines("enter", "leave"))
                .containsExactly(
                        "enter 0 iommufd.HWPT_ALLOC 0",
                        "leave 0 iommufd.HWPT_ALLOC 0",
                        "enter 0 iommufd.DESTROY 0",
                        "leave 0 iommufd.DESTROY 0",
                        "enter 0 iommufd.DESTROY 0",
                        "leave 0 iommufd.DESTROY -2");
    }

    @Test
    void aDeviceReachesWhatItsAddressSpaceMaps() {
        assertThat(iommufd.attach(device, parent)).isEqualTo(Errno.OK);
        assertThat(iommufd.ioasMap(ioas, 0x1000, MACHINE_BASE, 0x1000, 3)).isEqualTo(Errno.OK);
        assertThat(world.reach(HOST_DEVICE, 0x1000, AccessKind.READ)).isEqualTo(MACHINE_BASE);
        assertThat(iommufd.ioasUnmap(ioas, 0x1000, 0x1000)).isEqualTo(Errno.OK);
        assertThat(world.reach(HOST_DEVICE, 0x1000, AccessKind.READ)).isEqualTo(-1);
        assertThat(iommufd.destroy(parent)).isEqualTo(Errno.BUSY);
        assertThat(iommufd.destroy(ioas)).isEqualTo(Errno.BUSY);
        assertThat(iommufd.detach(device)).isEqualTo(Errno.OK);
        assertThat(iommufd.destroy(parent)).isEqualTo(Errno.OK);
        assertThat(iommufd.destroy(ioas)).isEqualTo(Errno.OK);
        assertThat(iommufd.destroy(device)).isEqualTo(Errno.OK);
    }

    @Test
    void aGuestTranslatesByItsOwnTablesOnTopOfTheParent() {
        int viommu = viommu();
        int vdevice = iommufd.vdeviceAlloc(viommu, device, GUEST_DEVICE);
        int nested = iommufd.hwptAllocNested(viommu, entry(0x25));
        assertThat(iommufd.attach(device, nested)).isEqualTo(Errno.OK);
        Viommu guest = Objects.requireNonNull(iommufd.viommu(viommu));
        assertThat(world.host().driver().deviceTable().get(HOST_DEVICE).domain())
                .isEqualTo(guest.hostDomain(0x25));
        assertThat(iommufd.attach(device, parent)).isEqualTo(Errno.OK);
        assertThat(world.reach(HOST_DEVICE, 0x1000, AccessKind.READ)).isEqualTo(MACHINE_BASE + 0x1000);
        assertThat(world.host().driver().deviceTable().get(HOST_DEVICE).quadword3())
                .isNotZero();
        assertThat(iommufd.destroy(nested)).isEqualTo(Errno.OK);
        assertThat(iommufd.detach(device)).isEqualTo(Errno.OK);
        assertThat(world.reach(HOST_DEVICE, 0x1000, AccessKind.READ)).isEqualTo(-1);
        assertThat(iommufd.destroy(device)).isEqualTo(Errno.BUSY);
        assertThat(iommufd.destroy(viommu)).isEqualTo(Errno.BUSY);
        assertThat(iommufd.destroy(vdevice)).isEqualTo(Errno.OK);
        assertThat(iommufd.destroy(viommu)).isEqualTo(Errno.OK);
        assertThat(world.driver().guests()).isEmpty();
        assertThat(iommufd.viommu(viommu)).isNull();
    }

    @Test
    void aNestedAttachNeedsTheVdeviceFirst() {
        // amd-viommu reference 4.3, rule 6.
        int viommu = viommu();
        int nested = iommufd.hwptAllocNested(viommu, entry(1));
        assertThat(iommufd.attach(device, nested)).isEqualTo(Errno.NO_ENTRY);
        int other = iommufd.viommuAlloc(2, parent);
        iommufd.vdeviceAlloc(other, device, GUEST_DEVICE);
        assertThat(iommufd.attach(device, nested)).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void aDeviceMayLeaveTheGuestsMemoryForOtherTables() {
        int viommu = viommu();
        iommufd.vdeviceAlloc(viommu, device, GUEST_DEVICE);
        int empty = iommufd.hwptAlloc(device, iommufd.ioasAlloc(), false);
        assertThat(iommufd.attach(device, empty)).isEqualTo(Errno.OK);
        assertThat(world.reach(HOST_DEVICE, 0x1000, AccessKind.READ)).isEqualTo(-1);
    }

    @Test
    void whatIsNotThereIsNotThere() {
        int viommu = viommu();
        assertThat(iommufd.ioasMap(device, 0, 0, 4096, 3)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.ioasUnmap(device, 0, 4096)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.hwptAlloc(ioas, ioas, false)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.hwptAlloc(device, device, false)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.hwptAllocNested(ioas, entry(1))).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.attach(ioas, parent)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.attach(device, 999)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.attach(device, ioas)).isEqualTo(Errno.INVALID);
        assertThat(iommufd.detach(ioas)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.viommuAlloc(1, ioas)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.vdeviceAlloc(ioas, device, 1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.vdeviceAlloc(viommu, ioas, 1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.hwQueueAlloc(ioas, QueueType.COMMAND, 0, 0, 9)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.setQueueFlags(ioas, 0)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.veventqAlloc(ioas, 1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.readEvent(ioas)).isNull();
        assertThat(iommufd.hardwareFeatures(ioas)).isZero();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        int viommu = viommu();
        assertThat(iommufd.bind(HOST_DEVICE)).isEqualTo(Errno.BUSY);
        assertThat(iommufd.bind(VirtualWorld.DEVICES)).isEqualTo(Errno.NO_DEVICE);
        assertThat(iommufd.viommuAlloc(1, iommufd.hwptAlloc(device, ioas, false)))
                .isEqualTo(Errno.INVALID);
        assertThat(iommufd.hwptAllocNested(viommu, entry(1).or(0, 1L << 9))).isEqualTo(Errno.INVALID);
        assertThat(iommufd.vdeviceAlloc(viommu, device, 0x1_0000)).isEqualTo(Errno.INVALID);
        iommufd.vdeviceAlloc(viommu, device, 1);
        assertThat(iommufd.vdeviceAlloc(viommu, device, 2)).isEqualTo(Errno.EXISTS);
        assertThat(iommufd.veventqAlloc(viommu, 0)).isEqualTo(Errno.INVALID);
    }

    @Test
    void whatTheGuestRefusesIsNotAttached() {
        int viommu = viommu();
        iommufd.vdeviceAlloc(viommu, device, GUEST_DEVICE);
        int nested = iommufd.hwptAllocNested(viommu, entry(1));
        while (world.host().domainIds().allocate() != DomainIds.NONE) {
            // Until none is left.
        }
        assertThat(iommufd.attach(device, nested)).isEqualTo(Errno.NO_SPACE);
        assertThat(iommufd.destroy(nested)).isEqualTo(Errno.OK);
    }

    @Test
    void eachGuestHasQueuesOfItsOwn() {
        int first = viommu();
        int second = iommufd.viommuAlloc(2, parent);
        assertThat(iommufd.hwQueueAlloc(first, QueueType.COMMAND, 0, 0x20_0000, 9))
                .isPositive();
        assertThat(iommufd.hwQueueAlloc(second, QueueType.COMMAND, 0, 0x30_0000, 9))
                .isPositive();
    }

    @Test
    void severalDevicesMayBeBound() {
        assertThat(iommufd.bind(HOST_DEVICE + 1)).isPositive();
    }

    @Test
    void withoutIdsThereIsNothing() {
        for (int id = 1; id <= 0xFFFF; id++) {
            world.driver().reserveGuestId(id);
        }
        assertThat(viommu()).isEqualTo(Errno.NO_SPACE);
        while (world.host().domainIds().allocate() != DomainIds.NONE) {
            // Until none is left.
        }
        assertThat(iommufd.hwptAlloc(device, ioas, false)).isEqualTo(Errno.NO_SPACE);
    }

    @Test
    void withoutATranslateDeviceTheGuestIdIsGivenBack() {
        HostDomain domain = Objects.requireNonNull(world.host().createDomain());
        for (int id = VirtualWorld.DEVICES / 2; id < VirtualWorld.DEVICES; id++) {
            world.host().attach(id, domain);
        }
        assertThat(viommu()).isEqualTo(Errno.NO_SPACE);
        world.host().detach(0x300);
        assertThat(Objects.requireNonNull(iommufd.viommu(viommu())).guestId()).isEqualTo(1);
    }

    @Test
    void queuesAreBuffersOfTheGuest() {
        int viommu = viommu();
        int queue = iommufd.hwQueueAlloc(viommu, QueueType.COMMAND, 0, 0x20_0000, 9);
        assertThat(queue).isPositive();
        assertThat(iommufd.hwQueueAlloc(viommu, QueueType.EVENT, 0, 0x30_0000, 8))
                .isPositive();
        assertThat(iommufd.setQueueFlags(viommu, 1L << 12 | 1L << 2)).isEqualTo(Errno.OK);
        GuestSlot slot = new GuestSlot(world.bus(), 0, 1);
        assertThat(slot.control(0x20)).isEqualTo(0x20_0109);
        assertThat(slot.control(0x28)).isEqualTo(0x30_0108);
        assertThat(iommufd.hwQueueAlloc(viommu, QueueType.COMMAND, 0, 0x20_0000, 9))
                .isEqualTo(Errno.EXISTS);
        assertThat(iommufd.hwQueueAlloc(viommu, QueueType.PPR, 1, 0x20_0000, 9)).isEqualTo(Errno.INVALID);
        assertThat(iommufd.hwQueueAlloc(viommu, QueueType.PPR, 0, 0x20_0008, 9)).isEqualTo(Errno.INVALID);
        assertThat(iommufd.hwQueueAlloc(viommu, QueueType.PPR, 0, 0x20_0000, 7)).isEqualTo(Errno.INVALID);
        assertThat(iommufd.hwQueueAlloc(viommu, QueueType.PPR, 0, 0x20_0000, 16))
                .isEqualTo(Errno.INVALID);
        assertThat(iommufd.hwQueueAlloc(viommu, QueueType.PPR, 0, MACHINE_BYTES, 9))
                .isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.hwQueueAlloc(viommu, QueueType.PPR, 0, MACHINE_BYTES - 4096, 9))
                .isEqualTo(Errno.NO_ENTRY);
        assertThat(iommufd.destroy(viommu)).isEqualTo(Errno.BUSY);
        assertThat(iommufd.destroy(queue)).isEqualTo(Errno.OK);
        assertThat(slot.control(0x20) >>> 8 & 1).isZero();
    }

    @Test
    void fixedBuffersAreMapped() {
        VirtualWorld other =
                VirtualWorld.booted(IommuDescription.physical(VirtualWorld.FEATURES, 0x8), ViommuOptions.usual());
        Iommufd its = new Iommufd(other.driver());
        int space = its.ioasAlloc();
        its.ioasMap(space, 0, MACHINE_BASE, MACHINE_BYTES, 3);
        int viommu = its.viommuAlloc(1, its.hwptAlloc(its.bind(HOST_DEVICE), space, true));
        assertThat(its.hwQueueAlloc(viommu, QueueType.COMMAND, 0, 0x20_0000, 9)).isPositive();
        assertThat(other.driver().privateAddress(0x28_0008_0000L)).isEqualTo(MACHINE_BASE + 0x20_0000);
    }

    @Test
    void eventsAreReadFromTheQueue() {
        int viommu = viommu();
        iommufd.vdeviceAlloc(viommu, device, GUEST_DEVICE);
        int queue = iommufd.veventqAlloc(viommu, 8);
        assertThat(iommufd.readEvent(queue)).isNull();
        world.bus().iommu(0).forceLogEntry(2L << 60 | HOST_DEVICE, 0x5000);
        world.host().handleLogs();
        assertThat(Objects.requireNonNull(iommufd.readEvent(queue)).quadword1()).isEqualTo(0x5000);
        assertThat(iommufd.destroy(queue)).isEqualTo(Errno.OK);
    }

    @Test
    void onlySomeFeaturesAreShown() {
        // GTSup, GASup, GIoSup, PPRSup, EPHSup, GATS, GLX, PASmax: not IA, XT, HATS, vIOMMU.
        assertThat(iommufd.hardwareFeatures(device))
                .isEqualTo(0x2L | 0x10 | 0x80 | 1L << 14 | 15L << 32 | 1L << 48 | 1L << 50);
    }
}
