package org.iorewind.model.platform.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.SoftwareMachine.FEATURES;
import static org.iorewind.model.platform.guest.Guests.RW;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.InvalidationPolicy;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;

/** amd-viommu reference 14.3, invariant 6: each planted mistake shows, and only while it is planted. */
class DriverBugTest {
    private final SoftwareMachine machine = new SoftwareMachine();

    private GuestDriver with(DriverBugs bugs) {
        return Guests.attached(machine, Guests.options(TableFormat.V2).bugs(bugs), DeviceTraits.plain());
    }

    /** Maps a page, lets the device use it, unmaps it; whether the device still reaches it. */
    private boolean reachesAfterUnmap(GuestDriver driver) {
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(machine.reaches(iova, AccessKind.WRITE)).isTrue();
        assertThat(driver.unmap(DEVICE, iova, 0x1000)).isEqualTo(Errno.OK);
        return machine.reaches(iova, AccessKind.WRITE);
    }

    @Test
    void anUnmapWithoutFlushLeavesTheDeviceItsPage() {
        GuestDriver driver = with(DriverBugs.none().with(DriverBug.NO_FLUSH_ON_UNMAP, 2, 2));
        assertThat(reachesAfterUnmap(driver)).isFalse();
        assertThat(reachesAfterUnmap(driver)).isTrue();
        // The address is given away again: the device writes to the old page.
        long again = driver.map(DEVICE, 0x77_0000, 0x1000, RW);
        machine.dma(again, AccessKind.WRITE);
        assertThat(machine.bus().target()).isEqualTo(0x40_0000);
        driver.unmap(DEVICE, again, 0x1000);
        assertThat(reachesAfterUnmap(driver)).isFalse();
    }

    @Test
    void aFlushOfTheWrongDomainIsNone() {
        assertThat(reachesAfterUnmap(with(DriverBugs.none().with(DriverBug.WRONG_DOMAIN_IN_FLUSH))))
                .isTrue();
    }

    @Test
    void anEntryThatIsNotInvalidatedStaysInForce() {
        GuestDriver driver = with(DriverBugs.none().with(DriverBug.NO_DEVICE_ENTRY_INVALIDATION, 2, 2));
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        machine.reaches(iova, AccessKind.READ);
        driver.detach(DEVICE);
        driver.attachUntranslated(DEVICE, DeviceTraits.plain());
        // Now the second entry is in force.
        assertThat(machine.reaches(0x40_0000, AccessKind.READ)).isTrue();
        assertThat(machine.bus().target()).isEqualTo(0x40_0000);
    }

    @Test
    void withoutInvalidationTheOldEntryCountsAfterDetach() {
        GuestDriver driver = with(DriverBugs.none().with(DriverBug.NO_DEVICE_ENTRY_INVALIDATION, 2, 2));
        driver.detach(DEVICE);
        driver.attachUntranslated(DEVICE, DeviceTraits.plain());
        driver.detach(DEVICE);
        assertThat(machine.reaches(0x40_0000, AccessKind.READ)).isFalse();
        SoftwareMachine other = new SoftwareMachine();
        GuestDriver untranslated = Guests.booted(
                other,
                Guests.options(TableFormat.V2)
                        .bugs(DriverBugs.none().with(DriverBug.NO_DEVICE_ENTRY_INVALIDATION, 2, 2)));
        untranslated.attachUntranslated(DEVICE, DeviceTraits.plain());
        assertThat(other.reaches(0x40_0000, AccessKind.READ)).isTrue();
        untranslated.detach(DEVICE);
        assertThat(other.reaches(0x40_0000, AccessKind.READ)).isTrue();
    }

    @Test
    void withoutWaitingThePageIsReachedUntilTheHardwareIsReady() {
        IommuOptions late = IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(FEATURES)
                .invalidations(InvalidationPolicy.delayed(3, 1000))
                .build();
        int reached = 0;
        for (boolean waits : new boolean[] {true, false}) {
            SoftwareMachine slow = new SoftwareMachine(late);
            DriverBugs bugs = waits ? DriverBugs.none() : DriverBugs.none().with(DriverBug.NO_COMPLETION_WAIT, 2, 9);
            GuestDriver driver =
                    Guests.attached(slow, Guests.options(TableFormat.V2).bugs(bugs), DeviceTraits.plain());
            long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
            slow.reaches(iova, AccessKind.WRITE);
            assertThat(driver.unmap(DEVICE, iova, 0x1000)).isEqualTo(Errno.OK);
            boolean isReached = slow.reaches(iova, AccessKind.WRITE);
            assertThat(isReached).isEqualTo(!waits);
            reached += isReached ? 1 : 0;
        }
        assertThat(reached).isOne();
    }

    @Test
    void aDoubleFlushCostsTwice() {
        GuestDriver driver = with(DriverBugs.none().with(DriverBug.DOUBLE_FLUSH));
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        driver.unmap(DEVICE, iova, 0x1000);
        assertThat(machine.opcodes()).containsExactly(3, 1, 3, 1);
    }

    @Test
    void aDowngradeWithoutFlushLeavesTheDeviceItsRight() {
        GuestDriver driver = with(DriverBugs.none().with(DriverBug.NO_FLUSH_ON_DOWNGRADE));
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        machine.reaches(iova, AccessKind.WRITE);
        assertThat(driver.protect(DEVICE, iova, 0x1000, 1)).isEqualTo(Errno.OK);
        assertThat(machine.reaches(iova, AccessKind.WRITE)).isTrue();
    }

    @Test
    void aDeviceCacheThatIsNotToldIsACommandLess() {
        GuestDriver driver = Guests.attached(
                machine,
                Guests.options(TableFormat.V2).bugs(DriverBugs.none().with(DriverBug.NO_DEVICE_TLB_INVALIDATION)),
                DeviceTraits.withAts());
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        driver.unmap(DEVICE, iova, 0x1000);
        assertThat(machine.opcodes()).containsExactly(3, 1);
    }
}
