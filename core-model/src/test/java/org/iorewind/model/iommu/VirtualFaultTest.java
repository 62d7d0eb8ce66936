package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestBench.EVENTS;
import static org.iorewind.model.iommu.GuestBench.TABLES;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** amd-viommu reference 5.4: whose log a fault of a guest's device goes to. */
class VirtualFaultTest extends NestedGuest {
    @Test
    void aFaultOfTheGuestsTablesGoesToItsLogWithItsIds() {
        assertThat(dma(PASID, MAPPED, AccessKind.READ)).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(dma(PASID, MAPPED + 0x1000, AccessKind.WRITE)).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        expectGuestFault(0x020 | GN_US);
        long at = GuestBench.base(GUEST) + EVENTS;
        assertThat(machine.memory.peek(at)).isEqualTo(lastOfGuest().q0());
        assertThat(machine.memory.peek(at + 8)).isEqualTo(MAPPED + 0x1000);
        assertThat(bench.page(GUEST, 0x18)).isEqualTo(0x10);
        assertThat(bench.status(GUEST) & 2).isNotZero();
        assertThat(machine.told).contains("guest 3 interrupt EVENT_LOG");
    }

    @Test
    void everyKindOfFaultOfTheGuestsTablesDoes() {
        guestEntry(LEVEL_1, 1, TABLES + PAGE | 5);
        dma(PASID, MAPPED, AccessKind.WRITE);
        expectGuestFault(0x070 | GN_US);
        dma(PASID, MAPPED, AccessKind.READ);
        dma(PASID, MAPPED, AccessKind.WRITE);
        expectGuestFault(0x070 | GN_US);
        assertThat(machine.guestEvents).hasSize(2);
        dma(PASID, 1L << 50, AccessKind.READ);
        expectGuestFault(GN_US);
        dma(0x300, MAPPED, AccessKind.READ);
        assertThat(machine.guestEvents).hasSize(4);
        assertThat(lastOfGuest().q0() >>> 32 & 0xFFFF).isEqualTo(0x300);
    }

    @Test
    void whatTheCacheSaysIsNotPresentIsOneOfTheGuestsTablesToo() {
        GuestBench caching =
                new GuestBench(GuestBench.options().notPresentCached(true).build(), false);
        caching.add(GUEST);
        nested(caching, VIRTUAL);
        caching.machine.iommu.dma(DEVICE, PASID, MAPPED + 0x1000, 4, AccessKind.READ);
        caching.machine.iommu.dma(DEVICE, PASID, MAPPED + 0x1000, 4, AccessKind.READ);
        assertThat(caching.machine.translations.get(1).hit()).isTrue();
        assertThat(caching.machine.guestEvents).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {LEVEL_1, PAGE})
    void aFaultOfTheHostsTablesGoesToTheHostWithItsIds(long page) {
        bench.map(bench.guestRoot(GUEST), TABLES + page, 0);
        dma(PASID, MAPPED, AccessKind.READ);
        assertThat(machine.guestEvents).isEmpty();
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | GN_US << 48 | (long) PASID << 32 | DEVICE);
    }

    @Test
    void withoutAPasidTheHostsTablesAloneCount() {
        dma(EffectSink.NO_PASID, 0x1_0000_0000L, AccessKind.READ);
        assertThat(machine.guestEvents).isEmpty();
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | (long) NESTED_DOMAIN << 32 | DEVICE);
    }

    @Test
    void theHostHearsOfFaultsThatTheGuestDoesNotWant() {
        bench.control(GUEST, 0x28, 0x88);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(machine.events).hasSize(1);
        bench.control(GUEST, 0x28, GuestBench.ENABLE | 0x88);
        machine.write(0x18, GuestBench.CONTROL & ~GuestBench.VIOMMU_EN);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        machine.write(0x18, GuestBench.CONTROL);
        assertThat(machine.events).hasSize(2);
        machine.deviceEntry(DEVICE, peek(0), peek(1), peek(2), VIRTUAL & ~(0xFFFFL << 32) | 9L << 32);
        machine.command(2L << 60 | DEVICE, 0);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(machine.events).hasSize(3);
        machine.deviceEntry(DEVICE, peek(0), peek(1), peek(2), 0);
        machine.command(2L << 60 | DEVICE, 0);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(machine.events).hasSize(4);
        assertThat(machine.guestEvents).isEmpty();
    }

    private long peek(int quadword) {
        return machine.memory.peek(Machine.DEVICE_TABLE + 32L * DEVICE + 8 * quadword);
    }

    @Test
    void underHostThenInjectTheHostHearsOfEverything() {
        GuestBench other = new GuestBench(
                GuestBench.options().eventRouting(EventRouting.HOST_THEN_INJECT).build(), false);
        other.add(GUEST);
        nested(other, VIRTUAL);
        other.machine.iommu.dma(DEVICE, PASID, MAPPED + 0x1000, 4, AccessKind.READ);
        assertThat(other.machine.guestEvents).isEmpty();
        assertThat(other.machine.lastEvent().device()).isEqualTo(DEVICE);
        other.control(GUEST, 0x30, GuestBench.ENABLE | 0x88);
        other.machine.iommu.pageRequest(DEVICE, PASID, 0, 1, 0, true);
        assertThat(other.machine.lastEvent().code()).isEqualTo(9);
    }

    @Test
    void aProbeLeavesNothingInAnyLog() {
        Probe probe = machine.iommu.probe(DEVICE, PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(probe.decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(machine.guestEvents).isEmpty();
        assertThat(machine.events).isEmpty();
    }

    @Test
    void saKeepsFaultsOutOfTheGuestsLogToo() {
        machine.deviceEntry(DEVICE, peek(0), peek(1) | 1L << 34, peek(2), VIRTUAL);
        machine.command(2L << 60 | DEVICE, 0);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(machine.guestEvents).isEmpty();
        assertThat(machine.lastEvent().written()).isFalse();
    }
}
