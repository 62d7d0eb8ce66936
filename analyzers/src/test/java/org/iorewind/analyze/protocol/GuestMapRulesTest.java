package org.iorewind.analyze.protocol;

import org.iorewind.replay.SmallSession;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.MmioSpace;
import org.junit.jupiter.api.Test;

/** Maps of guests' domains and devices: a planted mistake is found by its rule, and the same work done right is not accused. */
class GuestMapRulesTest extends RuleBench {
    private void mapControl(int guest, int offset, long guestId, long hostId) {
        session.events()
                .mmioWrite(MmioSpace.VF_CONTROL, 8, guest * 64L + offset, 1L << 63 | guestId << 46 | hostId << 14 | 1);
    }

    @Test
    void oneDomainOfTheHostForTwoGuestsIsSeen() {
        mapControl(1, 8, 0x25, 0x300);
        mapControl(2, 8, 0x25, 0x300);
        only("domain-map-shared");
    }

    @Test
    void twoGuestsWithDomainsOfTheirOwnAreRight() {
        mapControl(1, 8, 0x25, 0x300);
        mapControl(2, 8, 0x25, 0x301);
        clean();
    }

    @Test
    void oneDeviceOfTheHostForTwoGuestsIsSeen() {
        mapControl(1, 0, 0x20, 0x4100);
        mapControl(2, 0, 0x20, 0x4100);
        only("device-map-shared");
    }

    @Test
    void anEntryThatNamesAnotherGuestThanTheMapIsSeen() {
        mapControl(1, 0, 0x20, SmallSession.DEVICE);
        session.map(IOVA, PAGE).store(DEVICE_ENTRY + 24, 2L << 32 | 0x20L << 16 | 1L << 15);
        session.command(2L << 60 | SmallSession.DEVICE, 0);
        waitForIt();
        session.dma(DmaAccess.READ, IOVA);
        only("device-map-mismatch");
    }
}
