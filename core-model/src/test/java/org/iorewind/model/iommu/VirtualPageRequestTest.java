package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestBench.PPRS;
import static org.iorewind.model.iommu.GuestBench.PPRS_B;

import org.junit.jupiter.api.Test;

/** amd-viommu reference 5.4, 5.5: page requests of a guest's device. */
class VirtualPageRequestTest extends NestedGuest {
    @Test
    void pageRequestsGoToTheGuestWithItsIds() {
        assertThat(request(3, true)).isEqualTo(PageRequestDecision.LOGGED);
        long q0 = 1L << 60 | 0x124L << 48 | 1L << 41 | 0x12L << 32 | (long) PASID << 16 | GUEST_DEVICE;
        assertThat(lastOfGuest()).isEqualTo(new Machine.GuestLogged(GUEST, LogKind.PPR, 0, q0, 0x1234_5000L, true));
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + PPRS)).isEqualTo(q0);
        assertThat(bench.page(GUEST, 0x38)).isEqualTo(0x10);
        assertThat(bench.status(GUEST) & 1 << 6).isNotZero();
        assertThat(machine.told).contains("guest 3 interrupt PPR_LOG");
        assertThat(machine.events).isEmpty();
    }

    @Test
    void withoutItsPprLogTheHostTakesThem() {
        bench.control(GUEST, 0x30, 0x88);
        assertThat(request(1, true)).isEqualTo(PageRequestDecision.LOGGED);
        assertThat(machine.lastEvent().device()).isEqualTo(DEVICE);
        machine.write(0x18, GuestBench.CONTROL & ~GuestBench.VIOMMU_EN);
        request(1, true);
        assertThat(machine.events).hasSize(2);
        machine.write(0x18, GuestBench.CONTROL);
        nested(bench, VIRTUAL & ~(0xFFFFL << 32) | 9L << 32);
        request(1, true);
        assertThat(machine.events).hasSize(3);
        assertThat(machine.guestEvents).isEmpty();
    }

    @Test
    void aGuestThatForbidsPageRequestsHearsOfThemAsInvalid() {
        bench.control(GUEST, 0x30, GuestBench.ENABLE | 0x88);
        assertThat(request(1, true)).isEqualTo(PageRequestDecision.INVALID);
        assertThat(lastOfGuest().log()).isEqualTo(LogKind.EVENT);
        assertThat(lastOfGuest().q0() >>> 60).isEqualTo(9);
        assertThat(lastOfGuest().q0() & 0xFFFF).isEqualTo(GUEST_DEVICE);
        assertThat(machine.told).contains("response to 48 pasid 5 group 18 code 1");
    }

    @Test
    void theGuestsControlsDecideAboutAnswersAndStopMarkers() {
        long on = GuestBench.ENABLE | 1 << 10 | 0x88;
        bench.page(GUEST, 0x80, 0xF);
        bench.control(GUEST, 0x30, on | 1 << 14);
        assertThat(request(0, true)).isEqualTo(PageRequestDecision.BLOCKED);
        bench.control(GUEST, 0x30, on | 1 << 13 | 1 << 15);
        assertThat(request(1, true)).isEqualTo(PageRequestDecision.ANSWERED);
        assertThat(machine.told).contains("response to 48 pasid 5 group 18 code 15");
        bench.control(GUEST, 0x30, on | 1 << 13);
        for (int i = 0; i < 255; i++) {
            assertThat(request(1, true)).isEqualTo(PageRequestDecision.LOGGED);
        }
        assertThat(request(1, true)).isEqualTo(PageRequestDecision.ANSWERED);
        assertThat(bench.status(GUEST) & (1 << 5 | 1 << 7)).isEqualTo(1 << 5);
        bench.control(GUEST, 0x30, on);
        assertThat(request(1, true)).isEqualTo(PageRequestDecision.LOST);
        bench.control(GUEST, 0x30, 0x88);
        bench.control(GUEST, 0x30, on);
        assertThat(bench.status(GUEST) & (1 << 5 | 1 << 7)).isEqualTo(1 << 7);
    }

    @Test
    void earlyOverflowWarnsTheGuest() {
        bench.page(GUEST, 0x88, 1L << 31 | 1 << 30 | 2);
        request(1, true);
        assertThat(bench.status(GUEST) & 1 << 18).isZero();
        machine.told.clear();
        request(1, true);
        assertThat(bench.status(GUEST) & 1 << 18).isNotZero();
        assertThat(bench.told("guest 3 interrupt")).hasSize(1);
        bench.control(GUEST, 0x30, GuestBench.ENABLE | 1 << 10 | 1 << 11 | 0x88);
        bench.page(GUEST, 0x90, 1L << 31 | 1);
        request(1, true);
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + PPRS_B)).isNotZero();
        assertThat(bench.status(GUEST) & 1 << 17).isNotZero();
        assertThat(bench.told("guest 3 interrupt")).isEmpty();
    }

    @Test
    void swappingPprLogsWorksToo() {
        bench.control(GUEST, 0x30, GuestBench.ENABLE | 1 << 10 | 2 << 11 | 0x88);
        for (int i = 0; i < 256; i++) {
            assertThat(request(1, true)).isEqualTo(PageRequestDecision.LOGGED);
        }
        assertThat(bench.status(GUEST) & (1 << 5 | 1 << 12)).isEqualTo(1 << 5 | 1 << 12);
        assertThat(bench.page(GUEST, 0x58)).isEqualTo(0x10);
    }
}
