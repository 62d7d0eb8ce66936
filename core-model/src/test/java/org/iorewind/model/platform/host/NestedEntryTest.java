package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.platform.VirtualWorld;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;

/** amd-viommu reference 1.6, 7.5: checks of a guest's entry, and what is merged. */
class NestedEntryTest {
    private static final long GCR3 = 0x12_3456_7000L;
    private static final long FIVE_LEVELS = 1L << 12;
    private final DeviceEntryImage guest = DeviceEntryImage.guest(0x25, GCR3, 1, 4, true);

    private static int check(DeviceEntryImage entry) {
        return NestedEntry.check(entry, VirtualWorld.FEATURES);
    }

    @Test
    void aGuestEntryWithItsTablesIsTaken() {
        assertThat(check(guest)).isEqualTo(Errno.OK);
    }

    @Test
    void tablesOfFormatV1AreRefused() {
        assertThat(check(guest.or(0, 3L << 9))).isEqualTo(Errno.INVALID);
        assertThat(check(guest.or(0, 0x5000))).isEqualTo(Errno.INVALID);
    }

    @Test
    void aRootOfZeroIsRefusedWhereItWouldBeUsed() {
        assertThat(check(DeviceEntryImage.guest(1, 0, 1, 4, true))).isEqualTo(Errno.INVALID);
        assertThat(check(DeviceEntryImage.OPEN)).isEqualTo(Errno.OK);
    }

    @Test
    void guestPagingModeIs0Or1AsFarAsTheHostCan() {
        assertThat(check(guest.or(2, 2L << 54))).isEqualTo(Errno.INVALID);
        assertThat(check(guest.or(2, 1L << 54))).isEqualTo(Errno.NOT_SUPPORTED);
        assertThat(NestedEntry.check(guest.or(2, 1L << 54), VirtualWorld.FEATURES | FIVE_LEVELS))
                .isEqualTo(Errno.OK);
    }

    @Test
    void glxIs0To2AsFarAsTheHostCan() {
        assertThat(check(guest.or(0, 3L << 56))).isEqualTo(Errno.INVALID);
        assertThat(check(guest.or(0, 1L << 56))).isEqualTo(Errno.OK);
        assertThat(check(guest.or(0, 2L << 56))).isEqualTo(Errno.NOT_SUPPORTED);
    }

    @Test
    void theGuestGivesItsTablesAndTheHostTheRest() {
        DeviceEntryImage wild = guest.or(0, 1L << 52 | 1L << 53)
                .or(1, 1L << 32 | 3L << 40)
                .or(2, -1L >>> 8)
                .or(3, -1);
        DeviceEntryImage merged = NestedEntry.merge(wild, DeviceEntryImage.host(7, 0xABC000, 3), 0x300);
        // V, TV, Mode 3, host root; PPR, GIoV, GV, GLX 0 and GCR3[14:12] = 7; IR, IW.
        assertThat(merged.quadword0())
                .isEqualTo(3 | 3L << 9 | 0xABC000 | 1L << 52 | 1L << 54 | 1L << 55 | 7L << 58 | 3L << 61);
        // DomainID, GCR3[30:15] = 68ACh, GCR3[51:31] = 24h.
        assertThat(merged.quadword1()).isEqualTo(0x300 | 0x68ACL << 16 | 0x24L << 43);
        assertThat(merged.quadword2()).isEqualTo(3L << 54);
        assertThat(merged.quadword3()).isZero();
    }

    @Test
    void ownershipStandsInTheLastQuadword() {
        // amd-viommu reference 14.2.
        assertThat(NestedEntry.owned(DeviceEntryImage.OPEN, 0x100, 3).quadword3())
                .isEqualTo(0x0000_0003_0100_8000L);
    }

    @Test
    void anotherRootTakesAllThreePlaces() {
        DeviceEntryImage moved = NestedEntry.withRoot(guest, 0xF_FFFF_FFFF_F000L);
        assertThat(moved).isEqualTo(DeviceEntryImage.guest(0x25, 0xF_FFFF_FFFF_F000L, 1, 4, true));
        assertThat(NestedEntry.withRoot(moved, GCR3)).isEqualTo(guest);
    }

    @Test
    void anEntryIsOpenWithVAndTv() {
        assertThat(NestedEntry.isOpen(new DeviceEntryImage(3, 0, 0, 0))).isTrue();
        assertThat(NestedEntry.isOpen(new DeviceEntryImage(1, 0, 0, 0))).isFalse();
        assertThat(NestedEntry.isGuestTranslated(guest)).isTrue();
        assertThat(NestedEntry.isGuestTranslated(DeviceEntryImage.BLOCKED)).isFalse();
    }
}
