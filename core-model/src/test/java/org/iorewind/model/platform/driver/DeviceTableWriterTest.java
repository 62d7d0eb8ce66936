package org.iorewind.model.platform.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SoftwareMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 2.2 and 2.6: entries of the device table, and the stores that write them. */
class DeviceTableWriterTest {
    private static final DeviceEntryImage GUEST = DeviceEntryImage.guest(9, 0x12_3456_7000L, 3, 5, true);
    private final SoftwareMachine machine = new SoftwareMachine();

    @Test
    void hostEntriesHoldModeRootAndDomain() {
        // V, TV, Mode 3, IR, IW.
        assertThat(DeviceEntryImage.host(9, 0x12_3456_7000L, 3))
                .isEqualTo(new DeviceEntryImage(0x6000_0012_3456_7603L, 9, 0, 0));
        assertThat(DeviceEntryImage.identity(9)).isEqualTo(new DeviceEntryImage(0x6000_0000_0000_0003L, 9, 0, 0));
        assertThat(DeviceEntryImage.BLOCKED).isEqualTo(new DeviceEntryImage(3, 0, 0, 0));
    }

    @Test
    void guestEntriesCutTheGcr3RootInThree() {
        // GV 55, GIoV 54, GLX 57:56 = 2; root 14:12 at q0[60:58], 30:15 at q1[31:16], 51:31 at q1[63:43].
        long root = 0x12_3456_7000L;
        assertThat(GUEST.quadword0())
                .isEqualTo(0x6000_0000_0000_0003L | 1L << 55 | 1L << 54 | 2L << 56 | (root >>> 12 & 7) << 58);
        assertThat(GUEST.quadword1()).isEqualTo(9 | (root >>> 15 & 0xFFFF) << 16 | root >>> 31 << 43);
        assertThat(GUEST.quadword2()).isEqualTo(1L << 54);
        assertThat(DeviceEntryDescriptor.gcr3Root(GUEST.quadword0(), GUEST.quadword1()))
                .isEqualTo(root);
        assertThat(DeviceEntryImage.guest(9, root, 1, 4, false).quadword0() >>> 54 & 0xF)
                .isEqualTo(2);
    }

    @Test
    void furtherBitsAreAdded() {
        assertThat(DeviceEntryImage.OPEN.withAts().quadword1()).isEqualTo(1L << 32);
        assertThat(DeviceEntryImage.OPEN.withPageRequests().quadword0()).isEqualTo(3L << 52);
        // IV, IntTabLen 9, IntCtl 10b.
        assertThat(DeviceEntryImage.OPEN.withInterrupts(0x5000, 9).quadword2())
                .isEqualTo(0x2000_0000_0000_0000L | 0x5000 | 9 << 1 | 1);
        // DTE quadword 3 of amd-viommu reference 14.2: vImuEn, GDeviceID 0100h, GuestID 3.
        assertThat(DeviceEntryImage.OPEN.or(3, 0x3_0100_8000L).quadword3()).isEqualTo(0x3_0100_8000L);
        DeviceEntryImage mixed = GUEST.withInterruptsOf(DeviceEntryImage.OPEN.withInterrupts(0x5000, 9));
        assertThat(mixed.quadword2()).isEqualTo(0x2040_0000_0000_5013L);
        assertThat(mixed.domain()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({"WHOLE, 1", "HALVES, 2", "QUADWORDS, 4"})
    void anEntryIsWrittenByAsManyStoresAsAsked(EntryStores stores, int count) {
        DeviceTableWriter table = new DeviceTableWriter(machine.port(), 256, stores);
        table.setUp(DeviceEntryImage.OPEN);
        machine.port().forget();
        table.set(0x30, GUEST);
        assertThat(machine.port().stores(MemoryRole.DEVICE_TABLE)).isEqualTo(count);
        assertThat(table.get(0x30)).isEqualTo(GUEST);
        assertThat(table.get(0x31)).isEqualTo(DeviceEntryImage.OPEN);
        table.set(0x30, DeviceEntryImage.BLOCKED);
        assertThat(table.get(0x30)).isEqualTo(DeviceEntryImage.BLOCKED);
        assertThat(table.address(0x30)).isEqualTo(table.base() + 0x600);
    }

    @Test
    void theHalfWithGvComesLastAndGoesFirst() {
        DeviceTableWriter table = new DeviceTableWriter(machine.port(), 128, EntryStores.HALVES);
        table.setUp(DeviceEntryImage.OPEN);
        machine.port().forget();
        table.set(0, GUEST);
        table.set(0, DeviceEntryImage.BLOCKED);
        long lower = table.base();
        long upper = table.base() + 16;
        assertThat(machine.port().addressesStored()).containsExactly(upper, lower, lower, upper);
    }

    @Test
    void theTableReachesAsFarAsAsked() {
        DeviceTableWriter table = new DeviceTableWriter(machine.port(), 256, EntryStores.WHOLE);
        table.setUp(DeviceEntryImage.BLOCKED);
        assertThat(machine.iommu().register(0)).isEqualTo(table.base() | 1);
        assertThat(table.bytes()).isEqualTo(8192);
        assertThat(table.get(255)).isEqualTo(DeviceEntryImage.BLOCKED);
        assertThat(table.covers(255)).isTrue();
        assertThat(table.covers(256)).isFalse();
        assertThat(table.covers(-1)).isFalse();
    }
}
