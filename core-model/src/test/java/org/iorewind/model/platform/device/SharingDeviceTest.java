package org.iorewind.model.platform.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.SoftwareMachine.FEATURES;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.DeviceAnswers;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.ProcessSpace;
import org.iorewind.model.platform.guest.SharedSpaces;
import org.iorewind.model.platform.guest.TableFormat;
import org.junit.jupiter.api.Test;

/** Reference 5.2 and 7.1: a device in the address space of a process, its cache and its page requests. */
class SharingDeviceTest {
    private static final int RW = 3;
    private static final long GVA = 0x7F00_0000_1000L;

    private final SoftwareMachine machine = new SoftwareMachine(IommuOptions.of(Profile.SPEC).toBuilder()
            .extendedFeatures(FEATURES)
            .deviceAnswers(DeviceAnswers.AS_INPUT)
            .build());
    private final GuestDriver driver = new GuestDriver(
            machine.port(),
            GuestOptions.of(TableFormat.V2)
                    .driver(DriverOptions.linux().devices(256).lengths(9, 8)));
    private final SharedSpaces spaces = driver.sharedSpaces();

    private SharingDevice device(InvalidationManners manners) {
        SharingDevice device = SharingDevice.behind(new DevicePort(machine.bus(), 0, DEVICE, 0), 8, manners);
        driver.iommu().commands().whileWaiting(device::answerInvalidations);
        driver.boot();
        assertThat(driver.attach(DEVICE, DeviceTraits.forSharing()))
                .isEqualTo(manners == InvalidationManners.KEEPS_SILENT ? Errno.TIMED_OUT : Errno.OK);
        return device;
    }

    private ProcessSpace bound() {
        ProcessSpace space = spaces.create();
        spaces.reserve(space, GVA, 0x10_0000, RW);
        spaces.bind(DEVICE, space);
        return space;
    }

    @Test
    void aMissingPageIsAskedForAndTheWorkIsDoneWhenItIsThere() {
        SharingDevice device = device(InvalidationManners.OBEYS);
        ProcessSpace space = bound();
        assertThat(device.submit(space.pasid(), GVA, AccessKind.WRITE)).isFalse();
        assertThat(device.submit(space.pasid(), GVA + 0x1000, AccessKind.READ)).isFalse();
        assertThat(device.waiting()).isEqualTo(2);
        assertThat(device.resume()).isZero();
        assertThat(spaces.handlePageRequests()).isEqualTo(2);
        assertThat(device.resume()).isEqualTo(2);
        assertThat(device.waiting()).isZero();
        assertThat(device.done()).isEqualTo(2);
        // From now on the cache answers.
        assertThat(device.submit(space.pasid(), GVA + 8, AccessKind.WRITE)).isTrue();
        assertThat(device.failed()).isZero();
        assertThat(device.cache().size()).isEqualTo(2);
    }

    @Test
    void aPageThatTheProcessDoesNotHaveFailsTheWork() {
        SharingDevice device = device(InvalidationManners.OBEYS);
        ProcessSpace space = bound();
        device.submit(space.pasid(), GVA - 0x1000, AccessKind.READ);
        spaces.handlePageRequests();
        assertThat(device.resume()).isZero();
        assertThat(device.failed()).isEqualTo(1);
    }

    @Test
    void anObedientDeviceLosesWhatIsUnmapped() {
        SharingDevice device = device(InvalidationManners.OBEYS);
        ProcessSpace space = bound();
        spaces.map(space, GVA, 0x40_0000, 0x1000, RW);
        assertThat(device.submit(space.pasid(), GVA, AccessKind.WRITE)).isTrue();
        assertThat(spaces.unmap(space, GVA, 0x1000)).isEqualTo(Errno.OK);
        assertThat(device.cache().size()).isZero();
        assertThat(device.submit(space.pasid(), GVA, AccessKind.WRITE)).isFalse();
        // The page comes, but goes again before the device tries: its work fails.
        spaces.handlePageRequests();
        spaces.unmap(space, GVA, 0x1000);
        assertThat(device.resume()).isZero();
        assertThat(device.failed()).isEqualTo(1);
    }

    @Test
    void aDeviceThatIgnoresInvalidationsKeepsThePageOfOthers() {
        SharingDevice device = device(InvalidationManners.IGNORES);
        ProcessSpace space = bound();
        spaces.map(space, GVA, 0x40_0000, 0x1000, RW);
        device.submit(space.pasid(), GVA, AccessKind.WRITE);
        assertThat(spaces.unmap(space, GVA, 0x1000)).isEqualTo(Errno.OK);
        assertThat(device.submit(space.pasid(), GVA, AccessKind.WRITE)).isTrue();
        assertThat(machine.bus().target()).isEqualTo(0x40_0000);
    }

    @Test
    void aDeviceThatKeepsSilentHoldsUpTheRing() {
        device(InvalidationManners.KEEPS_SILENT);
        assertThat(driver.iommu().commands().complete()).isFalse();
        assertThat(driver.detach(DEVICE)).isEqualTo(Errno.TIMED_OUT);
    }

    @Test
    void invalidationsForOthersAreNotItsOwn() {
        SharingDevice device = device(InvalidationManners.OBEYS);
        driver.iommu()
                .commands()
                .push(Command.invalidateDevicePages(
                        0x38, 32, -1, org.iorewind.model.platform.driver.AddressSpan.EVERYTHING));
        device.answerInvalidations();
        assertThat(driver.iommu().commands().complete()).isFalse();
    }

    @Test
    void answersForOthersAreNotItsOwn() {
        SharingDevice device = device(InvalidationManners.OBEYS);
        ProcessSpace space = bound();
        device.submit(space.pasid(), GVA, AccessKind.READ);
        for (Command wrong : new Command[] {
            Command.completePageRequest(0x38, space.pasid(), 0, 0),
            Command.completePageRequest(DEVICE, space.pasid(), 1, 0),
            Command.completePageRequest(DEVICE, space.pasid() + 1, 0, 0)
        }) {
            driver.iommu().commands().push(wrong);
        }
        device.resume();
        assertThat(device.waiting()).isEqualTo(1);
    }

    @Test
    void aRequestThatIsLostFailsTheWork() {
        SharingDevice device = device(InvalidationManners.OBEYS);
        ProcessSpace space = bound();
        for (int i = 0; i < 256; i++) {
            device.submit(space.pasid(), GVA, AccessKind.READ);
        }
        assertThat(device.resume()).isZero();
        assertThat(device.failed()).isEqualTo(1);
        assertThat(device.waiting()).isEqualTo(255);
    }

    @Test
    void whatTheIommuCannotAnswerFails() {
        SharingDevice device = device(InvalidationManners.OBEYS);
        assertThat(device.submit(-1, 0xFEE0_0000L, AccessKind.READ)).isFalse();
        assertThat(device.failed()).isEqualTo(1);
        // Page requests without PASID are invalid in Linux.
        assertThat(device.submit(-1, 0x5000, AccessKind.READ)).isFalse();
        spaces.handlePageRequests();
        device.resume();
        assertThat(device.failed()).isEqualTo(2);
    }

    @Test
    void withoutTranslationServicesRequestsGoUntranslated() {
        SharingDevice device =
                SharingDevice.behind(new DevicePort(machine.bus(), 0, 0x38, 0), 8, InvalidationManners.OBEYS);
        driver.boot();
        driver.attach(0x38, DeviceTraits.plain());
        long iova = driver.map(0x38, 0x40_0000, 0x1000, RW);
        assertThat(device.submit(-1, iova, AccessKind.WRITE)).isTrue();
        assertThat(device.submit(-1, iova - 0x1000, AccessKind.WRITE)).isFalse();
        assertThat(device.failed()).isEqualTo(1);
    }
}
