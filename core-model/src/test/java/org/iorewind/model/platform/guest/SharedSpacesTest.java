package org.iorewind.model.platform.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.SoftwareMachine.NO_PASID;
import static org.iorewind.model.platform.guest.Guests.RW;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;

/** Reference 5.2, 6.2 and 9.2: processes and devices that share address spaces. */
class SharedSpacesTest {
    private static final int OTHER = 0x38;
    private static final long GVA = 0x7F00_0000_1000L;

    private final SoftwareMachine machine = new SoftwareMachine();
    private final GuestDriver driver =
            Guests.attached(machine, Guests.options(TableFormat.V2), DeviceTraits.forSharing());
    private final SharedSpaces spaces = driver.sharedSpaces();

    private boolean reaches(int requester, int pasid, long address, AccessKind access) {
        return machine.bus().dma(0, requester, pasid, address, 8, access) == TranslationDecision.TRANSLATED;
    }

    private void request(int pasid, long address, int rights, int group, boolean last) {
        machine.bus().pageRequest(0, DEVICE, pasid, address, rights, group, last);
    }

    @Test
    void aBoundDeviceReachesTheSpaceByItsPasidOnly() {
        ProcessSpace space = spaces.create();
        assertThat(space.pasid()).isEqualTo(1);
        spaces.map(space, GVA, 0x40_0000, 0x1000, RW);
        assertThat(reaches(DEVICE, 1, GVA, AccessKind.WRITE)).isFalse();
        Guests.forget(machine);
        assertThat(spaces.bind(DEVICE, space)).isEqualTo(Errno.OK);
        // Even setting an entry is invalidated, with directories, and the device told (reference 9.2).
        assertThat(machine.taken())
                .extracting(Command::quadword1)
                .startsWith(0x7FFF_FFFF_FFFF_F007L, 0x7FFF_FFFF_FFFF_F005L);
        assertThat(machine.port().calls()).containsExactly("bind(", ")0");
        assertThat(reaches(DEVICE, 1, GVA, AccessKind.WRITE)).isTrue();
        assertThat(machine.bus().target()).isEqualTo(0x40_0000);
        assertThat(reaches(DEVICE, NO_PASID, GVA, AccessKind.WRITE)).isFalse();
        assertThat(spaces.bind(DEVICE, space)).isEqualTo(Errno.EXISTS);
        assertThat(driver.detach(DEVICE)).isEqualTo(Errno.BUSY);
        assertThat(spaces.destroy(space)).isEqualTo(Errno.BUSY);
        assertThat(spaces.unbind(DEVICE, space)).isEqualTo(Errno.OK);
        assertThat(reaches(DEVICE, 1, GVA, AccessKind.WRITE)).isFalse();
        assertThat(spaces.unbind(DEVICE, space)).isEqualTo(Errno.NO_ENTRY);
        assertThat(spaces.destroy(space)).isEqualTo(Errno.OK);
        assertThat(spaces.create().pasid()).isEqualTo(1);
    }

    @Test
    void anUnmapIsTakenFromEveryDevice() {
        driver.attach(OTHER, DeviceTraits.plain().pasidBits(9));
        ProcessSpace space = spaces.create();
        spaces.bind(DEVICE, space);
        spaces.bind(OTHER, space);
        spaces.map(space, GVA, 0x40_0000, 0x1000, RW);
        assertThat(reaches(DEVICE, 1, GVA, AccessKind.WRITE)).isTrue();
        assertThat(reaches(OTHER, 1, GVA, AccessKind.WRITE)).isTrue();
        Guests.forget(machine);
        assertThat(spaces.unmap(space, GVA, 0x1000)).isEqualTo(Errno.OK);
        // 03h and 04h for the device with ATS, 03h for the other, one wait.
        assertThat(machine.opcodes()).containsExactly(3, 4, 3, 1);
        assertThat(reaches(DEVICE, 1, GVA, AccessKind.WRITE)).isFalse();
        assertThat(reaches(OTHER, 1, GVA, AccessKind.WRITE)).isFalse();
        assertThat(spaces.unmap(space, GVA, 0x1000)).isEqualTo(Errno.NO_ENTRY);
        assertThat(spaces.map(space, GVA + 1, 0, 0x1000, RW)).isEqualTo(Errno.INVALID);
    }

    @Test
    void anUnmapOfASpaceThatNoDeviceHasNeedsNoCommand() {
        ProcessSpace space = spaces.create();
        spaces.map(space, GVA, 0x40_0000, 0x1000, RW);
        assertThat(spaces.unmap(space, GVA, 0x1000)).isEqualTo(Errno.OK);
        assertThat(machine.opcodes()).isEmpty();
    }

    @Test
    void withNpCacheAMapIsFlushedToo() {
        SoftwareMachine other = new SoftwareMachine();
        GuestDriver cached = Guests.attached(
                other, Guests.options(TableFormat.V2).notPresentCached(true), DeviceTraits.forSharing());
        ProcessSpace space = cached.sharedSpaces().create();
        cached.sharedSpaces().bind(DEVICE, space);
        other.taken();
        cached.sharedSpaces().map(space, GVA, 0x40_0000, 0x1000, RW);
        assertThat(other.opcodes()).containsExactly(3, 4, 1);
    }

    @Test
    void whoCannotShareIsRefused() {
        ProcessSpace space = spaces.create();
        assertThat(spaces.bind(0x40, space)).isEqualTo(Errno.NO_DEVICE);
        assertThat(spaces.unbind(0x40, space)).isEqualTo(Errno.NO_ENTRY);
        driver.attach(0x40, DeviceTraits.plain());
        assertThat(spaces.bind(0x40, space)).isEqualTo(Errno.RANGE);
        driver.attachUntranslated(0x48, DeviceTraits.forSharing());
        assertThat(spaces.bind(0x48, space)).isEqualTo(Errno.NOT_SUPPORTED);
        assertThat(spaces.unbind(0x48, space)).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void aMissingPageComesOnDemand() {
        ProcessSpace space = spaces.create();
        spaces.reserve(space, GVA, 0x2000, RW);
        spaces.bind(DEVICE, space);
        long allocated = machine.port().allocated();
        request(1, GVA + 0x123, RW, 5, false);
        request(1, GVA + 0x1000, 1, 5, true);
        Guests.forget(machine);
        assertThat(spaces.handlePageRequests()).isEqualTo(1);
        assertThat(machine.opcodes()).containsExactly(7, 1);
        assertThat(machine.responses()).containsExactly("48/1 group 5 code 0");
        assertThat(machine.port().calls())
                .startsWith("ppr(", "software-read 4", "map(", ")0")
                .endsWith(")0");
        assertThat(reaches(DEVICE, 1, GVA, AccessKind.WRITE)).isTrue();
        assertThat(machine.port().load(machine.bus().target())).isZero();
        // A page that is there already needs nothing but the answer.
        request(1, GVA, RW, 6, true);
        assertThat(spaces.handlePageRequests()).isEqualTo(1);
        assertThat(machine.responses()).last().isEqualTo("48/1 group 6 code 0");
        assertThat(spaces.unmap(space, GVA, 0x1000)).isEqualTo(Errno.OK);
        assertThat(reaches(DEVICE, 1, GVA, AccessKind.WRITE)).isFalse();
        assertThat(reaches(DEVICE, 1, GVA + 0x1000, AccessKind.READ)).isTrue();
        spaces.unbind(DEVICE, space);
        spaces.destroy(space);
        assertThat(machine.port().allocated()).isLessThan(allocated);
    }

    @Test
    void requestsForWhatTheProcessDoesNotHaveAreInvalid() {
        ProcessSpace space = spaces.create();
        spaces.reserve(space, GVA, 0x1000, 1);
        spaces.bind(DEVICE, space);
        request(1, GVA, RW, 1, true);
        request(1, GVA - 0x1000, 1, 2, true);
        request(1, GVA + 0x1000, 1, 3, true);
        request(9, GVA, 1, 4, true);
        request(NO_PASID, GVA, 1, 5, true);
        // One bad request spoils its group.
        request(1, GVA, 1, 6, false);
        request(1, GVA, RW, 6, true);
        // A stop marker wants no answer.
        request(1, 0, 0, 7, true);
        assertThat(spaces.handlePageRequests()).isEqualTo(6);
        assertThat(machine.responses())
                .containsExactly(
                        "48/1 group 1 code 1",
                        "48/1 group 2 code 1",
                        "48/1 group 3 code 1",
                        "48/9 group 4 code 1",
                        "48/-1 group 5 code 1",
                        "48/1 group 6 code 1");
        assertThat(spaces.handlePageRequests()).isZero();
    }

    @Test
    void aRequestOfADeviceThatIsGoneIsInvalid() {
        machine.iommu().forceLogEntry(0, 0);
        request(1, GVA, 1, 1, true);
        driver.detach(DEVICE);
        assertThat(spaces.handlePageRequests()).isEqualTo(1);
        assertThat(machine.responses()).containsExactly("48/1 group 1 code 1");
    }

    @Test
    void aRingThatStoppedMakesCallsFail() {
        ProcessSpace space = spaces.create();
        spaces.reserve(space, GVA, 0x1000, 1);
        spaces.bind(DEVICE, space);
        request(1, GVA, 1, 1, true);
        driver.iommu().commands().push(new Command(0, 0));
        assertThat(spaces.handlePageRequests()).isEqualTo(Errno.TIMED_OUT);
        assertThat(spaces.unbind(DEVICE, space)).isEqualTo(Errno.TIMED_OUT);
    }

    @Test
    void aGcr3TableHasAsManyLevelsAsTheDevicesPasidsNeed() {
        int[][] expected = {{0, 0}, {9, 0}, {10, 1}, {18, 1}, {19, 2}, {20, 2}};
        for (int[] each : expected) {
            SoftwareMachine other = new SoftwareMachine();
            GuestDriver guest = Guests.attached(
                    other, Guests.options(TableFormat.V2), DeviceTraits.plain().pasidBits(each[0]));
            long entry = guest.iommu().deviceTable().get(DEVICE).quadword0();
            assertThat(entry >>> 56 & 3).as("%d bits", each[0]).isEqualTo(each[1]);
        }
    }

    @Test
    void withoutEnhancedPageRequestsTheirBitInTheEntryStaysClear() {
        SoftwareMachine other = new SoftwareMachine(SoftwareMachine.FEATURES & ~(1L << 50));
        GuestDriver guest = Guests.attached(other, Guests.options(TableFormat.V2), DeviceTraits.forSharing());
        assertThat(guest.iommu().deviceTable().get(DEVICE).quadword0() >>> 52 & 3)
                .isZero();
        assertThat(driver.iommu().deviceTable().get(DEVICE).quadword0() >>> 52 & 3)
                .isEqualTo(3);
    }
}
