package org.iorewind.model.platform.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.SoftwareMachine.FEATURES;
import static org.iorewind.model.platform.SoftwareMachine.NO_PASID;
import static org.iorewind.model.platform.guest.Guests.RW;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.EmptyTables;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** amd-viommu reference 8: what a guest's driver does for its devices, on both formats of tables. */
class GuestDriverTest {
    private static final int OTHER = 0x38;
    private static final int ALIAS = 0x39;

    private final SoftwareMachine machine = new SoftwareMachine();

    private GuestDriver attached(TableFormat format) {
        return Guests.attached(machine, Guests.options(format), DeviceTraits.plain());
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void aDeviceReachesWhatIsMappedForItUntilItIsUnmapped(TableFormat format) {
        GuestDriver driver = attached(format);
        long iova = driver.map(DEVICE, 0x40_0123, 0x1000, RW);
        // Two pages, at the top of 4 GiB, with the offset kept.
        assertThat(iova).isEqualTo(0xFFFF_E123L);
        assertThat(machine.dma(iova, AccessKind.WRITE)).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(machine.bus().target()).isEqualTo(0x40_0123);
        assertThat(machine.probe(NO_PASID, 0xFFFF_F456L, AccessKind.READ)).isEqualTo(0x40_1456);
        assertThat(driver.unmap(DEVICE, iova, 0x1000)).isEqualTo(Errno.OK);
        assertThat(machine.reaches(iova, AccessKind.READ)).isFalse();
        assertThat(driver.map(DEVICE, 0x50_0000, 0x2000, RW)).isEqualTo(0xFFFF_E000L);
        assertThat(machine.dma(0xFFFF_E000L, AccessKind.READ)).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(machine.bus().target()).isEqualTo(0x50_0000);
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void rightsHold(TableFormat format) {
        GuestDriver driver = attached(format);
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(machine.reaches(iova, AccessKind.WRITE)).isTrue();
        assertThat(driver.protect(DEVICE, iova, 0x1000, 1)).isEqualTo(Errno.OK);
        assertThat(machine.reaches(iova, AccessKind.WRITE)).isFalse();
        assertThat(machine.reaches(iova, AccessKind.READ)).isTrue();
        long readOnly = driver.map(DEVICE, 0x40_1000, 0x1000, 1);
        assertThat(machine.reaches(readOnly, AccessKind.WRITE)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void anAttachWritesTheEntryInvalidatesItAndWaits(TableFormat format) {
        GuestDriver driver = Guests.booted(machine, Guests.options(format));
        Guests.forget(machine);
        assertThat(driver.attach(DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        assertThat(machine.opcodes()).containsExactly(2, 3, 1);
        assertThat(machine.port().calls()).containsExactly("attach(", ")0");
        Guests.forget(machine);
        assertThat(driver.detach(DEVICE)).isEqualTo(Errno.OK);
        assertThat(machine.opcodes()).containsExactly(2, 3, 1);
        assertThat(machine.port().calls()).containsExactly("detach(", ")0");
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void aDetachedDeviceReachesNothingAndItsMemoryComesBack(TableFormat format) {
        GuestDriver driver = Guests.booted(machine, Guests.options(format));
        long before = machine.port().allocated();
        driver.attach(DEVICE, DeviceTraits.plain());
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(machine.reaches(iova, AccessKind.READ)).isTrue();
        assertThat(driver.detach(DEVICE)).isEqualTo(Errno.OK);
        assertThat(machine.reaches(iova, AccessKind.READ)).isFalse();
        assertThat(machine.port().allocated()).isEqualTo(before);
        assertThat(driver.attach(DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        assertThat(machine.reaches(iova, AccessKind.READ)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void devicesOfOneDomainReachTheSame(TableFormat format) {
        GuestDriver driver = attached(format);
        assertThat(driver.attachToDomainOf(OTHER, DeviceTraits.plain(), DEVICE)).isEqualTo(Errno.OK);
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        machine.bus().dma(0, OTHER, NO_PASID, iova, 8, AccessKind.READ);
        assertThat(machine.bus().target()).isEqualTo(0x40_0000);
        Guests.forget(machine);
        assertThat(driver.unmap(OTHER, iova, 0x1000)).isEqualTo(Errno.OK);
        // v1: one flush by DomainID; v2: one for each device, since each has a DomainID of its own.
        assertThat(machine.opcodes()).hasSize(format == TableFormat.V1 ? 2 : 3);
        assertThat(machine.bus()
                        .dma(0, OTHER, NO_PASID, iova, 8, AccessKind.READ)
                        .isAborted())
                .isTrue();
        assertThat(driver.detach(OTHER)).isEqualTo(Errno.OK);
        long again = driver.map(DEVICE, 0x50_0000, 0x1000, RW);
        assertThat(machine.reaches(again, AccessKind.READ)).isTrue();
        assertThat(driver.detach(DEVICE)).isEqualTo(Errno.OK);
        assertThat(driver.attachToDomainOf(OTHER, DeviceTraits.plain(), DEVICE)).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void anAliasReachesTheSame() {
        GuestDriver driver = Guests.booted(machine, Guests.options(TableFormat.V1));
        driver.attach(DEVICE, DeviceTraits.plain().aliases(ALIAS));
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(machine.bus().dma(0, ALIAS, NO_PASID, iova, 8, AccessKind.READ))
                .isEqualTo(TranslationDecision.TRANSLATED);
        Guests.forget(machine);
        driver.detach(DEVICE);
        assertThat(machine.opcodes()).containsExactly(2, 2, 3, 1);
        assertThat(machine.bus()
                        .dma(0, ALIAS, NO_PASID, iova, 8, AccessKind.READ)
                        .isAborted())
                .isTrue();
        assertThat(driver.attach(DEVICE, DeviceTraits.plain().aliases(0x1000))).isEqualTo(Errno.NO_DEVICE);
    }

    @Test
    void withoutTranslationADeviceUsesPhysicalAddresses() {
        GuestDriver driver = Guests.booted(machine, Guests.options(TableFormat.V2));
        assertThat(driver.attachUntranslated(DEVICE, DeviceTraits.plain())).isEqualTo(Errno.OK);
        Guests.forget(machine);
        assertThat(driver.map(DEVICE, 0x40_0123, 0x1000, RW)).isEqualTo(0x40_0123);
        assertThat(machine.dma(0x40_0123, AccessKind.WRITE)).isEqualTo(TranslationDecision.PASSED);
        assertThat(driver.protect(DEVICE, 0x40_0123, 0x1000, 1)).isEqualTo(Errno.OK);
        assertThat(driver.unmap(DEVICE, 0x40_0123, 0x1000)).isEqualTo(Errno.OK);
        assertThat(machine.opcodes()).isEmpty();
        assertThat(driver.detach(DEVICE)).isEqualTo(Errno.OK);
    }

    @Test
    void hostTablesGrowForAddressesBeyond512GiB() {
        GuestDriver driver = attached(TableFormat.V1);
        Guests.forget(machine);
        long iova = driver.map(DEVICE, 0x8000_0000L, 0x8000_0000L, RW);
        assertThat(iova).isEqualTo((1L << 47) - (1L << 31));
        // The entry names a new top table: it is invalidated.
        assertThat(machine.opcodes()).containsExactly(2, 3, 1);
        assertThat(machine.dma(iova + 0x1234_5678, AccessKind.READ)).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(machine.bus().target()).isEqualTo(0x9234_5678L);
    }

    @Test
    void whatCannotBeMappedIsGivenBack() {
        // HATS=0: four levels; all addresses below 2^47 fit, so that only the allocator can be out of space.
        GuestDriver driver = attached(TableFormat.V1);
        assertThat(driver.map(DEVICE, 0, 0, RW)).isEqualTo(Errno.INVALID);
        assertThat(driver.map(DEVICE, 0, (1L << 46) + 1, RW)).isEqualTo(Errno.INVALID);
        assertThat(driver.map(DEVICE, 0, 1L << 46, RW)).isEqualTo(1L << 46);
        assertThat(driver.map(DEVICE, 0, 1L << 46, RW)).isEqualTo(Errno.NO_SPACE);
    }

    @Test
    void callsForDevicesThatNobodyAttachedFail() {
        GuestDriver driver = Guests.booted(machine, Guests.options(TableFormat.V2));
        assertThat(driver.map(DEVICE, 0, 1, RW)).isEqualTo(Errno.NO_DEVICE);
        assertThat(driver.unmap(DEVICE, 0, 1)).isEqualTo(Errno.NO_DEVICE);
        assertThat(driver.protect(DEVICE, 0, 1, 1)).isEqualTo(Errno.NO_DEVICE);
        assertThat(driver.detach(DEVICE)).isEqualTo(Errno.NO_DEVICE);
        assertThat(driver.attach(0x1_0000, DeviceTraits.plain())).isEqualTo(Errno.NO_DEVICE);
        driver.attach(DEVICE, DeviceTraits.plain());
        assertThat(driver.attach(DEVICE, DeviceTraits.plain())).isEqualTo(Errno.BUSY);
        assertThat(driver.unmap(DEVICE, 0x1000, 0x1000)).isEqualTo(Errno.NO_ENTRY);
        assertThat(driver.protect(DEVICE, 0x1000, 0x1000, 1)).isEqualTo(Errno.NO_ENTRY);
    }

    @Test
    void tablesThatTheHardwareLacksAreRefused() {
        SoftwareMachine withoutGuests = new SoftwareMachine(FEATURES & ~0x10L);
        assertThat(Guests.booted(withoutGuests, Guests.options(TableFormat.V2)).attach(DEVICE, DeviceTraits.plain()))
                .isEqualTo(Errno.NOT_SUPPORTED);
        SoftwareMachine withoutGio = new SoftwareMachine(FEATURES & ~(1L << 48));
        assertThat(Guests.booted(withoutGio, Guests.options(TableFormat.V2)).attach(DEVICE, DeviceTraits.plain()))
                .isEqualTo(Errno.NOT_SUPPORTED);
        SoftwareMachine fourLevels = new SoftwareMachine(FEATURES & ~(3L << 12));
        assertThat(Guests.booted(fourLevels, Guests.options(TableFormat.V2).guestLevels(5))
                        .attach(DEVICE, DeviceTraits.plain()))
                .isEqualTo(Errno.NOT_SUPPORTED);
        SoftwareMachine withoutHost = new SoftwareMachine(FEATURES | 3L << 10);
        assertThat(Guests.booted(withoutHost, Guests.options(TableFormat.V1)).attach(DEVICE, DeviceTraits.plain()))
                .isEqualTo(Errno.NOT_SUPPORTED);
        assertThat(Guests.booted(withoutHost, Guests.options(TableFormat.V1))
                        .attachUntranslated(DEVICE, DeviceTraits.plain()))
                .isEqualTo(Errno.OK);
    }

    @Test
    void fiveLevelsServeToo() {
        GuestDriver driver =
                Guests.attached(machine, Guests.options(TableFormat.V2).guestLevels(5), DeviceTraits.plain());
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(machine.reaches(iova, AccessKind.WRITE)).isTrue();
    }

    @Test
    void emptyTablesThatALargePageReplacesAreFlushed() {
        GuestDriver driver = Guests.attached(
                machine, Guests.options(TableFormat.V1).emptyTables(EmptyTables.KEPT), DeviceTraits.plain());
        long small = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(machine.reaches(small, AccessKind.READ)).isTrue();
        driver.unmap(DEVICE, small, 0x1000);
        Guests.forget(machine);
        long large = driver.map(DEVICE, 0x80_0000, 0x20_0000, RW);
        assertThat(large).isEqualTo(0xFFE0_0000L);
        assertThat(machine.taken().get(0).quadword1() & 2).isEqualTo(2);
        machine.dma(small, AccessKind.READ);
        assertThat(machine.bus().target()).isEqualTo(0x9F_F000);
    }

    @Test
    void aRingThatStoppedMakesCallsFail() {
        GuestDriver driver = attached(TableFormat.V1);
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        driver.iommu().commands().push(new org.iorewind.model.platform.driver.Command(0, 0));
        assertThat(driver.unmap(DEVICE, iova, 0x1000)).isEqualTo(Errno.TIMED_OUT);
        // A map that has to be flushed is undone.
        long beyond = driver.map(DEVICE, 0x8000_0000L, 0x8000_0000L, RW);
        assertThat(beyond).isEqualTo(Errno.TIMED_OUT);
        assertThat(machine.probe(NO_PASID, (1L << 47) - 0x1000, AccessKind.READ))
                .isEqualTo(-1);
    }

    @Test
    void anImpossibleQueueIsRefused() {
        assertThatThrownBy(() -> FlushPolicy.lazy(-1)).hasMessageContaining("found -1");
    }
}
