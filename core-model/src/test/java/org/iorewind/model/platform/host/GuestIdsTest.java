package org.iorewind.model.platform.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** amd-viommu reference 2.5: GuestIDs. */
class GuestIdsTest {
    private final GuestIds ids = new GuestIds();

    @Test
    void aGuestHasItsOwnNumberIfItCan() {
        assertThat(ids.allocate(5)).isEqualTo(5);
        assertThat(ids.allocate(5)).isEqualTo(0x7FFF);
        ids.free(5);
        assertThat(ids.allocate(5)).isEqualTo(5);
    }

    @Test
    void zeroAndWhatIsNoGuestIdAreNotGiven() {
        assertThat(ids.allocate(0)).isEqualTo(0x7FFF);
        assertThat(ids.allocate(0x1_0000)).isEqualTo(0x7FFE);
    }

    @Test
    void secureNumbersComeLastAndThenNone() {
        for (int id = 1; id <= 0x7FFF; id++) {
            ids.allocate(id);
        }
        assertThat(ids.allocate(1)).isEqualTo(0x8000);
        for (int id = 0x8001; id <= 0xFFFF; id++) {
            ids.allocate(id);
        }
        assertThat(ids.allocate(1)).isEqualTo(GuestIds.NONE);
    }
}
