package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.VirtualWorld.GUEST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.HOST_DEVICE;
import static org.iorewind.model.platform.VirtualWorld.MACHINE_BASE;

import java.util.Objects;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.vmm.NestParent;
import org.junit.jupiter.api.Test;

/** The control calls: what they do in which order (amd-viommu reference 7.2), and what they refuse (7.4). */
class ViommuCallsTest {
    private static final long GCR3 = 0x20_0000L;
    private final VirtualWorld world = VirtualWorld.booted();
    private final ViommuCalls calls = world.calls();
    private final NestParent parent = world.parent(world.machine(1));

    private int guest() {
        return calls.vmInit(1, parent.domain());
    }

    private Viommu viommu(int guestId) {
        return Objects.requireNonNull(calls.driver().guest(guestId));
    }

    private static DeviceEntryImage entry(int domain) {
        return DeviceEntryImage.guest(domain, GCR3, 1, 4, true);
    }

    @Test
    void aGuestIsMadeInOrder() {
        world.bus().forget();
        assertThat(guest()).isEqualTo(1);
        assertThat(calls.driver()).isSameAs(world.driver());
        // 4. RESET_VMMIO and a wait; 5. the translate entry, its flush and a wait; 6. VFCtrl 10h; 7. maps of 1 MiB and
        // 512 KiB,
        // each flushed: 3FFh is the highest DeviceID of the table.
        assertThat(world.bus()
                        .lines(
                                "enter 0 VIOMMU",
                                "command",
                                "write 0 0 VF",
                                "clear 0 PRIVATE",
                                "store 0 DEVICE",
                                "leave 0 VIOMMU"))
                .containsExactly(
                        "enter 0 VIOMMU_VM_INIT 0",
                        "command 0 a",
                        "command 0 1",
                        "store 0 DEVICE_TABLE",
                        "command 0 2",
                        "command 0 1",
                        "write 0 0 VF_CONTROL 50 3ff0000",
                        "clear 0 PRIVATE 100000",
                        "store 0 DEVICE_TABLE",
                        "command 0 2",
                        "command 0 1",
                        "command 0 3",
                        "command 0 1",
                        "clear 0 PRIVATE 80000",
                        "command 0 3",
                        "command 0 1",
                        "leave 0 VIOMMU_VM_INIT 0");
        Viommu made = viommu(1);
        assertThat(made.guestId()).isEqualTo(1);
        assertThat(made.number()).isEqualTo(1);
        assertThat(made.translateDevice()).isEqualTo(0x3FF);
        assertThat(made.parent()).isSameAs(parent.domain());
        // amd-viommu reference 14.3, 3: the translate device leads from GPA to SPA.
        assertThat(world.reach(0x3FF, 0x1000, AccessKind.WRITE)).isEqualTo(MACHINE_BASE + 0x1000);
        // amd-viommu reference 14.1.
        assertThat(world.driver().privateAddress(0x10_0010_0000L)).isNotNegative();
        assertThat(world.driver().privateAddress(0x20_0008_0000L)).isNotNegative();
    }

    @Test
    void mapsMayBeInitialisedAtOnce() {
        VirtualWorld other = VirtualWorld.booted(
                VirtualWorld.description(), ViommuOptions.usual().idMaps(ViommuOptions.IdMaps.ALL_AT_ONCE));
        NestParent its = other.parent(other.machine(1));
        other.bus().forget();
        assertThat(other.calls().vmInit(1, its.domain())).isEqualTo(1);
        assertThat(other.bus().count("write 0 0 VF_CONTROL 40")).isEqualTo(65_536);
        assertThat(other.bus().count("write 0 0 VF_CONTROL 48")).isEqualTo(65_536);
        // amd-viommu reference 14.2: "clear" of guest DeviceID FFFFh leads to host DeviceID 0.
        assertThat(other.bus().lines()).contains("write 0 0 VF_CONTROL 40 bfffc00000000001");
        // Host DomainID of the parent: 2, after the private one.
        assertThat(its.domain().id()).isEqualTo(2);
        assertThat(other.bus().lines()).contains("write 0 0 VF_CONTROL 48 bfffc00000008001");
    }

    @Test
    void aDestroyedGuestLeavesNothing() {
        int guest = guest();
        calls.deviceAttach(guest, HOST_DEVICE, GUEST_DEVICE);
        calls.attachNested(guest, GUEST_DEVICE, entry(5));
        int domains = world.host().domainIds().used();
        assertThat(calls.vmDestroy(guest)).isEqualTo(Errno.OK);
        assertThat(world.host().domainIds().used()).isEqualTo(domains - 1);
        assertThat(world.driver().guests()).isEmpty();
        assertThat(world.driver().privateAddress(0x10_0010_0000L)).isEqualTo(-1);
        assertThat(world.reach(0x3FF, 0x1000, AccessKind.READ)).isEqualTo(-1);
        // The device keeps the machine's memory.
        assertThat(world.reach(HOST_DEVICE, 0x1000, AccessKind.READ)).isEqualTo(MACHINE_BASE + 0x1000);
        assertThat(calls.vmDestroy(guest)).isEqualTo(Errno.NO_ENTRY);
        assertThat(guest()).isEqualTo(1);
    }

    @Test
    void aGuestThatIsNoneIsNotThere() {
        assertThat(calls.deviceAttach(9, HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.deviceDetach(9, GUEST_DEVICE)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.domainAttach(9, GUEST_DEVICE, 1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.domainDetach(9, GUEST_DEVICE, 1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.mmioWrite(9, 0x18, 8, 0)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.mmioRead(9, 0x18, 8)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.commandBufferUpdate(9, 0, 4096)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.attachNested(9, GUEST_DEVICE, entry(1))).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.attachParent(9, GUEST_DEVICE)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.attachBlocked(9, GUEST_DEVICE)).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void withoutVirtualIommusThereAreNoGuests() {
        VirtualWorld other = new VirtualWorld(VirtualWorld.description(), ViommuOptions.usual());
        other.host().boot();
        NestParent its = other.parent(other.machine(1));
        assertThat(other.calls().vmInit(1, its.domain())).isEqualTo(Errno.NO_DEVICE);
        assertThat(other.calls().vmDestroy(1)).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void withoutATranslateDeviceThereIsNoGuest() {
        for (int device = VirtualWorld.DEVICES / 2; device < VirtualWorld.DEVICES; device++) {
            world.host().attach(device, parent.domain());
        }
        assertThat(guest()).isEqualTo(Errno.NO_SPACE);
        world.host().detach(0x300);
        assertThat(guest()).isEqualTo(1);
        assertThat(viommu(1).translateDevice()).isEqualTo(0x300);
    }

    @Test
    void withoutAGuestIdThereIsNoGuest() {
        for (int id = 1; id <= 0xFFFF; id++) {
            assertThat(world.driver().reserveGuestId(id)).isEqualTo(id);
        }
        assertThat(guest()).isEqualTo(Errno.NO_SPACE);
    }

    @Test
    void twoGuestsHaveTranslateDevicesOfTheirOwn() {
        guest();
        assertThat(calls.vmInit(2, parent.domain())).isEqualTo(2);
        assertThat(viommu(2).translateDevice()).isEqualTo(0x3FE);
        assertThat(calls.vmInit(2, parent.domain())).isEqualTo(0x7FFF);
    }

    @Test
    void aDeviceIsMappedBeforeItsEntryNamesIt() {
        int guest = guest();
        world.bus().forget();
        assertThat(calls.deviceAttach(guest, HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.OK);
        // amd-viommu reference 14.3, 2. DevID map: 10h to 41h, valid, commit.
        assertThat(world.bus().lines("write", "store 0 DEVICE"))
                .startsWith("write 0 0 VF_CONTROL 40 8004000000104001", "store 0 DEVICE_TABLE");
        DeviceEntryImage entry = world.host().driver().deviceTable().get(HOST_DEVICE);
        // vImuEn, GDeviceID 10h, GuestID 1.
        assertThat(entry.quadword3()).isEqualTo(0x0000_0001_0010_8000L);
        assertThat(viommu(guest).guestDevices()).containsExactly(GUEST_DEVICE);
        world.bus().forget();
        assertThat(calls.deviceDetach(guest, GUEST_DEVICE)).isEqualTo(Errno.OK);
        assertThat(world.bus().lines("write 0 0 VF", "store 0 DEVICE"))
                .containsExactly("store 0 DEVICE_TABLE", "write 0 0 VF_CONTROL 40 8004000000000000");
        assertThat(world.host().driver().deviceTable().get(HOST_DEVICE).quadword3())
                .isZero();
    }

    @Test
    void devicesAreRefusedByName() {
        int guest = guest();
        int other = calls.vmInit(2, parent.domain());
        assertThat(calls.deviceAttach(guest, HOST_DEVICE, 0x1_0000)).isEqualTo(Errno.INVALID);
        assertThat(calls.deviceAttach(guest, VirtualWorld.DEVICES, GUEST_DEVICE))
                .isEqualTo(Errno.NO_DEVICE);
        assertThat(calls.deviceAttach(guest, HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.OK);
        assertThat(calls.deviceAttach(guest, HOST_DEVICE + 1, GUEST_DEVICE)).isEqualTo(Errno.EXISTS);
        assertThat(calls.deviceAttach(other, HOST_DEVICE, GUEST_DEVICE)).isEqualTo(Errno.BUSY);
        assertThat(calls.deviceDetach(other, GUEST_DEVICE)).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void domainsAreCountedAndNeverShared() {
        int guest = guest();
        int other = calls.vmInit(2, parent.domain());
        calls.deviceAttach(guest, HOST_DEVICE, GUEST_DEVICE);
        calls.deviceAttach(guest, HOST_DEVICE + 1, GUEST_DEVICE + 1);
        calls.deviceAttach(other, HOST_DEVICE + 2, GUEST_DEVICE);
        assertThat(calls.domainAttach(guest, GUEST_DEVICE, 0x25)).isEqualTo(Errno.OK);
        assertThat(calls.domainAttach(guest, GUEST_DEVICE + 1, 0x25)).isEqualTo(Errno.OK);
        assertThat(calls.domainAttach(guest, GUEST_DEVICE, 0x25)).isEqualTo(Errno.OK);
        assertThat(calls.domainAttach(other, GUEST_DEVICE, 0x25)).isEqualTo(Errno.OK);
        // amd-viommu reference 14.3, 1.
        int host = viommu(guest).hostDomain(0x25);
        assertThat(viommu(other).hostDomain(0x25)).isNotEqualTo(host);
        assertThat(parent.domain().nested()).contains(host, viommu(other).hostDomain(0x25));
        assertThat(calls.domainAttach(guest, GUEST_DEVICE, 0x26)).isEqualTo(Errno.BUSY);
        assertThat(calls.domainAttach(guest, GUEST_DEVICE + 5, 0x25)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.domainDetach(guest, GUEST_DEVICE, 0x26)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.domainDetach(guest, GUEST_DEVICE + 5, 0x26)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.domainDetach(guest, GUEST_DEVICE, 0x25)).isEqualTo(Errno.OK);
        assertThat(viommu(guest).hostDomain(0x25)).isEqualTo(host);
        world.bus().forget();
        assertThat(calls.domainDetach(guest, GUEST_DEVICE + 1, 0x25)).isEqualTo(Errno.OK);
        assertThat(viommu(guest).hostDomain(0x25)).isEqualTo(Errno.NO_ENTRY);
        // The map leads to the parent's DomainID, 2; what is cached of the host's DomainID is dropped.
        assertThat(world.bus().lines("write 0 0 VF_CONTROL", "command"))
                .endsWith("write 0 0 VF_CONTROL 48 8009400000008001", "command 0 3", "command 0 1");
        assertThat(parent.domain().nested()).doesNotContain(host);
    }

    @Test
    void domainIdsAreRefusedByName() {
        int guest = guest();
        calls.deviceAttach(guest, HOST_DEVICE, GUEST_DEVICE);
        assertThat(calls.domainAttach(guest, GUEST_DEVICE, 0x1_0000)).isEqualTo(Errno.INVALID);
        while (world.host().domainIds().allocate() != DomainIds.NONE) {
            // Until none is left.
        }
        assertThat(calls.domainAttach(guest, GUEST_DEVICE, 1)).isEqualTo(Errno.NO_SPACE);
        assertThat(calls.attachNested(guest, GUEST_DEVICE, entry(1))).isEqualTo(Errno.NO_SPACE);
        assertThat(viommu(guest).attachNested(GUEST_DEVICE, entry(1))).isEqualTo(Errno.NO_SPACE);
    }

    @Test
    void nestedEntriesAreMergedAndReplaced() {
        int guest = guest();
        calls.deviceAttach(guest, HOST_DEVICE, GUEST_DEVICE);
        assertThat(calls.attachNested(guest, GUEST_DEVICE, entry(0x25))).isEqualTo(Errno.OK);
        int first = viommu(guest).hostDomain(0x25);
        assertThat(world.host().driver().deviceTable().get(HOST_DEVICE))
                .isEqualTo(NestedEntry.owned(
                        NestedEntry.merge(entry(0x25), parent.domain().entry(), first), GUEST_DEVICE, 1));
        assertThat(calls.attachNested(guest, GUEST_DEVICE, entry(0x26))).isEqualTo(Errno.OK);
        assertThat(viommu(guest).hostDomain(0x25)).isEqualTo(Errno.NO_ENTRY);
        assertThat(viommu(guest).hostDomain(0x26)).isNotNegative();
        assertThat(calls.attachNested(guest, GUEST_DEVICE, entry(1).or(0, 1L << 9)))
                .isEqualTo(Errno.INVALID);
        assertThat(calls.attachNested(guest, GUEST_DEVICE + 1, entry(1))).isEqualTo(Errno.NO_ENTRY);
        assertThat(viommu(guest).attachNested(GUEST_DEVICE + 1, entry(1))).isEqualTo(Errno.NO_ENTRY);
        assertThat(viommu(guest).attachNested(GUEST_DEVICE, entry(1).or(0, 1L << 9)))
                .isEqualTo(Errno.INVALID);
        assertThat(calls.attachBlocked(guest, GUEST_DEVICE)).isEqualTo(Errno.OK);
        assertThat(world.reach(HOST_DEVICE, 0, AccessKind.READ)).isEqualTo(-1);
        assertThat(viommu(guest).hostDomain(0x26)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.attachParent(guest, GUEST_DEVICE)).isEqualTo(Errno.OK);
        assertThat(world.reach(HOST_DEVICE, 0, AccessKind.READ)).isEqualTo(MACHINE_BASE);
        assertThat(calls.attachParent(guest, 1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(calls.attachBlocked(guest, 1)).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void devicesWithAtsKeepIt() {
        world.host().attachWithAts(HOST_DEVICE, parent.domain());
        int guest = guest();
        calls.deviceAttach(guest, HOST_DEVICE, GUEST_DEVICE);
        assertThat(world.host().driver().deviceTable().get(HOST_DEVICE).quadword1() >>> 32 & 1)
                .isEqualTo(1);
    }

    @Test
    void unmapsOfTheParentReachEveryDomainBelowIt() {
        int guest = guest();
        for (int i = 0; i < 3; i++) {
            calls.deviceAttach(guest, HOST_DEVICE + i, GUEST_DEVICE + i);
            calls.attachNested(guest, GUEST_DEVICE + i, entry(0x25 + i));
        }
        world.bus().forget();
        assertThat(parent.space().unmap(0, VirtualWorld.MACHINE_BYTES)).isEqualTo(Errno.OK);
        // amd-viommu reference 4.3, rule 5, and 9.2: Ch = 1 + (number of hDomIDs) + 1.
        assertThat(world.bus().lines("command"))
                .containsExactly("command 0 3", "command 0 3", "command 0 3", "command 0 3", "command 0 1");
    }

    @Test
    void withoutGcr3ModeTheRootIsTranslated() {
        VirtualWorld other =
                VirtualWorld.booted(IommuDescription.physical(VirtualWorld.FEATURES, 0x10), ViommuOptions.usual());
        int guest = other.calls().vmInit(1, other.parent(other.machine(1)).domain());
        other.calls().deviceAttach(guest, HOST_DEVICE, GUEST_DEVICE);
        assertThat(other.calls().attachNested(guest, GUEST_DEVICE, entry(1))).isEqualTo(Errno.OK);
        DeviceEntryImage merged = other.host().driver().deviceTable().get(HOST_DEVICE);
        DeviceEntryImage expected = DeviceEntryImage.guest(0, MACHINE_BASE + GCR3, 1, 4, true);
        assertThat(merged.quadword1() & 0xFFFF_F800_FFFF_0000L).isEqualTo(expected.quadword1());
        DeviceEntryImage outside = DeviceEntryImage.guest(1, 0x40_0000_0000L, 1, 4, true);
        assertThat(other.calls().attachNested(guest, GUEST_DEVICE, outside)).isEqualTo(Errno.INVALID);
    }

    @Test
    void registersAreWrittenAndReadBack() {
        int guest = guest();
        assertThat(calls.mmioWrite(guest, 0x08, 8, 0x0900_0000_0020_0000L)).isEqualTo(Errno.OK);
        assertThat(calls.mmioRead(guest, 0x08, 8)).isEqualTo(Errno.OK);
        assertThat(calls.value()).isEqualTo(0x0900_0000_0020_0000L);
        assertThat(calls.mmioWrite(guest, 0x2010, 8, 0x40)).isEqualTo(Errno.OK);
        calls.mmioRead(guest, 0x2010, 8);
        assertThat(calls.value()).isEqualTo(0x40);
        assertThat(calls.mmioWrite(guest, 0x00, 8, 0x1000)).isEqualTo(Errno.OK);
        assertThat(calls.mmioWrite(guest, 0x170, 8, 0x41_0000_0500L)).isEqualTo(Errno.OK);
        calls.mmioRead(guest, 0x170, 8);
        assertThat(calls.value()).isEqualTo(0x41_0000_0500L);
        assertThat(calls.mmioWrite(guest, 0x20, 8, 1)).isEqualTo(Errno.INVALID);
        assertThat(calls.mmioWrite(guest, 0x3000, 8, 1)).isEqualTo(Errno.INVALID);
        assertThat(calls.commandBufferUpdate(guest, 0x20_0000, 0x2000)).isEqualTo(Errno.NOT_SUPPORTED);
    }

    @Test
    void withFixedBuffersPagesAreMappedAtThePrivateSlots() {
        VirtualWorld other =
                VirtualWorld.booted(IommuDescription.physical(VirtualWorld.FEATURES, 0x8), ViommuOptions.usual());
        int guest = other.calls().vmInit(1, other.parent(other.machine(1)).domain());
        other.bus().forget();
        assertThat(other.calls().commandBufferUpdate(guest, 0x20_0000, 0x2000)).isEqualTo(Errno.OK);
        assertThat(other.bus().lines("note")).containsExactly("note 0 pin 2");
        // amd-viommu reference 14.1, GID 1.
        assertThat(other.driver().privateAddress(0x28_0008_0000L)).isEqualTo(MACHINE_BASE + 0x20_0000);
        assertThat(other.driver().privateAddress(0x28_0008_1000L)).isEqualTo(MACHINE_BASE + 0x20_1000);
        assertThat(other.driver().privateAddress(0x28_0008_2000L)).isEqualTo(-1);
        assertThat(other.calls().commandBufferUpdate(guest, 0x30_0000, 0x1000)).isEqualTo(Errno.OK);
        assertThat(other.driver().privateAddress(0x28_0008_0000L)).isEqualTo(MACHINE_BASE + 0x30_0000);
        assertThat(other.driver().privateAddress(0x28_0008_1000L)).isEqualTo(-1);
        assertThat(other.calls().commandBufferUpdate(guest, 0x30_0000, 0)).isEqualTo(Errno.INVALID);
        assertThat(other.calls().commandBufferUpdate(guest, 0x30_0000, 0x10_0000))
                .isEqualTo(Errno.INVALID);
        assertThat(other.calls().commandBufferUpdate(guest, 0x30_0008, 0x1000)).isEqualTo(Errno.INVALID);
        assertThat(other.calls().commandBufferUpdate(guest, 0x4000_0000, 0x1000))
                .isEqualTo(Errno.NO_ENTRY);
        long eight = 0x0800_0000_0000_0000L;
        assertThat(other.calls().mmioWrite(guest, 0x10, 8, eight | 0x40_0000)).isEqualTo(Errno.OK);
        assertThat(other.calls().mmioWrite(guest, 0xF8, 8, eight | 0x41_0000)).isEqualTo(Errno.OK);
        assertThat(other.calls().mmioWrite(guest, 0x38, 8, eight | 0x42_0000)).isEqualTo(Errno.OK);
        assertThat(other.calls().mmioWrite(guest, 0xF0, 8, eight | 0x43_0000)).isEqualTo(Errno.OK);
        assertThat(other.driver().privateAddress(0x40_0008_0000L)).isEqualTo(MACHINE_BASE + 0x40_0000);
        assertThat(other.driver().privateAddress(0x48_0008_0000L)).isEqualTo(MACHINE_BASE + 0x41_0000);
        assertThat(other.driver().privateAddress(0x30_0008_0000L)).isEqualTo(MACHINE_BASE + 0x42_0000);
        assertThat(other.driver().privateAddress(0x38_0008_0000L)).isEqualTo(MACHINE_BASE + 0x43_0000);
        other.calls().vmDestroy(guest);
        assertThat(other.driver().privateAddress(0x40_0008_0000L)).isEqualTo(-1);
    }
}
