package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestBench.EVENTS;
import static org.iorewind.model.iommu.GuestBench.EVENTS_B;
import static org.iorewind.model.iommu.GuestBench.PPRS;
import static org.iorewind.model.iommu.GuestBench.PPRS_B;
import static org.iorewind.model.iommu.GuestBench.TABLES;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;

import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** amd-viommu reference 5.4, 5.5: what guests find in their logs, and how they hear of it. */
class VirtualLogTest {
    private static final int GUEST = 3;
    private static final int DEVICE = Machine.DEVICE;
    private static final int GUEST_DEVICE = 0x0108;
    private static final int PASID = 5;
    private static final int NESTED_DOMAIN = 0x40;
    private static final long VIRTUAL = (long) GUEST << 32 | (long) GUEST_DEVICE << 16 | 1 << 15;
    /** GN, US. */
    private static final long GN_US = 0x005;

    private static final long V_PPR = 1L << 30;
    private static final long V_EVENT = 1L << 29;

    private final GuestBench bench = new GuestBench();
    private final Machine machine = bench.machine;

    @BeforeEach
    void aGuestWithADevice() {
        bench.add(GUEST);
        nested(bench, VIRTUAL);
    }

    private static void nested(GuestBench bench, long q3) {
        bench.nest(GUEST, DEVICE, NESTED_DOMAIN, PASID, q3);
    }

    private void guestEntry(long table, int index, long entry) {
        machine.memory.writeLong(GuestBench.base(GUEST) + TABLES + table + index * 8L, entry);
    }

    private TranslationDecision dma(int pasid, long address, AccessKind access) {
        return machine.iommu.dma(DEVICE, pasid, address, 4, access);
    }

    private Machine.GuestLogged lastOfGuest() {
        return machine.guestEvents.get(machine.guestEvents.size() - 1);
    }

    private PageRequestDecision request(int rights, boolean last) {
        return machine.iommu.pageRequest(DEVICE, PASID, 0x1234_5000L, rights, 0x12, last);
    }

    private void expectGuestFault(long flags) {
        long q0 = 2L << 60 | flags << 48 | (long) PASID << 32 | GUEST_DEVICE;
        assertThat(lastOfGuest().q0()).isEqualTo(q0);
        assertThat(lastOfGuest().written()).isTrue();
        assertThat(machine.events).isEmpty();
    }

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

    @Test
    void aFullLogOverflowsStopsAndStartsAgain() {
        for (int i = 0; i < 255; i++) {
            dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        }
        assertThat(lastOfGuest().written()).isTrue();
        bench.page(GUEST, 0x20, 2);
        machine.told.clear();
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(lastOfGuest().written()).isFalse();
        assertThat(bench.status(GUEST) & (1 | 1 << 3)).isEqualTo(1);
        assertThat(bench.told("guest 3 interrupt")).containsExactly("guest 3 interrupt EVENT_LOG");
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(lastOfGuest().written()).isFalse();
        bench.page(GUEST, 0x10, 0xFF0);
        long control = bench.control(GUEST, 0x28);
        bench.control(GUEST, 0x28, control & ~GuestBench.ENABLE);
        bench.control(GUEST, 0x28, control);
        assertThat(bench.status(GUEST) & (1 | 1 << 3)).isEqualTo(1 << 3);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(lastOfGuest().written()).isTrue();
        assertThat(machine.events).isEmpty();
    }

    @Test
    void withAutomaticSwapAFullLogGoesOverToTheOther() {
        bench.control(GUEST, 0x28, GuestBench.ENABLE | GuestBench.INTERRUPT | 2 << 10 | 0x88);
        for (int i = 0; i < 256; i++) {
            dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        }
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + EVENTS_B))
                .isEqualTo(lastOfGuest().q0());
        assertThat(bench.page(GUEST, 0x78)).isEqualTo(0x10);
        assertThat(bench.status(GUEST) & (1 | 1 << 3 | 1 << 16)).isEqualTo(1 | 1 << 3 | 1 << 16);
        bench.page(GUEST, 0x20, 1);
        bench.page(GUEST, 0x10, 0xFF0);
        for (int i = 0; i < 255; i++) {
            dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        }
        assertThat(bench.status(GUEST) & (1 << 15 | 1 << 16)).isEqualTo(1 << 15);
        assertThat(machine.guestEvents).allMatch(Machine.GuestLogged::written);
    }

    @Test
    void aSwapNeedsAnotherLogThatCanRun() {
        bench.control(GUEST, 0x28, GuestBench.ENABLE | 2 << 10 | 0x08);
        for (int i = 0; i < 256; i++) {
            dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        }
        assertThat(bench.status(GUEST) & (1 | 1 << 3 | 1 << 16)).isEqualTo(1);
    }

    @Test
    void aSwapNeedsAnotherLogThatHasRoom() {
        bench.control(GUEST, 0x28, GuestBench.ENABLE | 2 << 10 | 0x88);
        bench.page(GUEST, 0x70, 0x10);
        for (int i = 0; i < 256; i++) {
            dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        }
        assertThat(bench.status(GUEST) & (1 | 1 << 3 | 1 << 16)).isEqualTo(1);
    }

    @Test
    void codeOneFillsLogBAlone() {
        bench.control(GUEST, 0x28, GuestBench.ENABLE | 1 << 10 | 0x88);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(bench.page(GUEST, 0x78)).isEqualTo(0x10);
        bench.control(GUEST, 0x28, GuestBench.ENABLE | 0x88);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(bench.page(GUEST, 0x18)).isEqualTo(0x10);
    }

    @Test
    void withoutDualLogsThereIsLogAAlone() {
        GuestBench single = new GuestBench(
                GuestBench.options()
                        .extendedFeatures(GuestBench.FEATURES & ~(3L << 24 | 3L << 28))
                        .build(),
                false);
        single.add(GUEST);
        nested(single, VIRTUAL);
        single.control(GUEST, 0x28, GuestBench.ENABLE | 1 << 10 | 0x88);
        single.control(GUEST, 0x30, GuestBench.ENABLE | 1 << 10 | 1 << 11 | 0x88);
        single.machine.iommu.dma(DEVICE, PASID, MAPPED + 0x1000, 4, AccessKind.READ);
        single.machine.iommu.pageRequest(DEVICE, PASID, 0, 1, 0, true);
        assertThat(single.page(GUEST, 0x18)).isEqualTo(0x10);
        assertThat(single.page(GUEST, 0x38)).isEqualTo(0x10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLogThatIsNotMappedLosesTheEntryAndTellsTheHost(boolean isGuestPhysical) {
        GuestBench other = new GuestBench(GuestBench.options().build(), isGuestPhysical);
        other.add(GUEST);
        nested(other, VIRTUAL);
        other.mapPrivate(0x40_0000_0000L + GUEST * 0x8_0000L, 0);
        other.mapPrivate(0x30_0000_0000L + GUEST * 0x8_0000L, 0);
        other.map(other.guestRoot(GUEST), EVENTS, 0);
        other.map(other.guestRoot(GUEST), PPRS, 0);
        other.machine.iommu.dma(DEVICE, PASID, MAPPED + 0x1000, 4, AccessKind.READ);
        assertThat(other.machine.guestEvents.get(0).written()).isFalse();
        assertThat(other.machine.lastEvent().q0()).isEqualTo(0xCL << 60 | 0x020L << 48 | V_EVENT | 2 << 16 | GUEST);
        assertThat(other.machine.lastEvent().q1())
                .isEqualTo(isGuestPhysical ? EVENTS : 0x40_0000_0000L + GUEST * 0x8_0000L);
        other.machine.iommu.pageRequest(DEVICE, PASID, 0, 1, 0, true);
        assertThat(other.machine.lastEvent().q0()).isEqualTo(0xCL << 60 | 0x020L << 48 | V_PPR | 3 << 16 | GUEST);
        assertThat(other.machine.lastEvent().q1())
                .isEqualTo(isGuestPhysical ? PPRS : 0x30_0000_0000L + GUEST * 0x8_0000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8})
    void aLogThatCannotBeStoredToLosesTheEntry(int word) {
        machine.memory.injectFailure(GuestBench.base(GUEST) + EVENTS + word, 8, MemoryStatus.ABORT);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(lastOfGuest().written()).isFalse();
        assertThat(machine.lastEvent().q0()).isEqualTo(0xCL << 60 | 0x220L << 48 | V_EVENT | 2 << 16 | GUEST);
        assertThat(bench.page(GUEST, 0x18)).isZero();
    }

    @Test
    void aLogWhosePlaceIsNotRecordedLosesTheEntrySilently() {
        GuestBench dark = new GuestBench(GuestBench.options().build(), true, SparseMemory.recordedOnly());
        dark.add(GUEST);
        nested(dark, VIRTUAL);
        dark.control(GUEST, 0x30, 0x100_0000L << 4 | GuestBench.ENABLE | 1 << 10 | GuestBench.LENGTH_256);
        assertThat(dark.machine.iommu.pageRequest(DEVICE, PASID, 0, 1, 0, true)).isEqualTo(PageRequestDecision.LOST);
        assertThat(dark.machine.events).isEmpty();
        assertThat(dark.machine.guestEvents).hasSize(1);
    }

    @Test
    void privateTablesThatFailForALogAreReportedWithVEvent() {
        machine.memory.injectFailure(
                machine.memory.peek(Machine.DEVICE_TABLE + 64) & 0x000F_FFFF_FFFF_F000L, 4096, MemoryStatus.ABORT);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(machine.lastEvent().code()).isEqualTo(4);
        assertThat(machine.lastEvent().q0() & 0xF800_0000L).isEqualTo(V_EVENT);
        request(1, true);
        assertThat(machine.lastEvent().q0() & 0xF800_0000L).isEqualTo(V_PPR);
        assertThat(machine.guestEvents).noneMatch(Machine.GuestLogged::written);
    }

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

    @Test
    void interruptsNeedTheirEnableBit() {
        bench.control(GUEST, 0x28, GuestBench.ENABLE | 0x88);
        bench.control(GUEST, 0x30, GuestBench.ENABLE | 1 << 10 | 0x88);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        request(1, true);
        assertThat(bench.status(GUEST) & (1 << 1 | 1 << 6)).isEqualTo(1 << 1 | 1 << 6);
        assertThat(bench.told("guest 3 interrupt")).isEmpty();
    }

    @Test
    void anInterruptIsPostedByTheExtendedTable() {
        long first = 0x60_0000;
        long second = 0x61_0000;
        long apic = 0x62_0000;
        long own = Machine.DEVICE_TABLE + 64;
        machine.memory.writeLong(own + 16, first | 1);
        machine.memory.writeLong(first + (0x1_0000 >>> 8) * 8, second | 1);
        machine.memory.writeLong(second + GUEST * 16, 0x81 | 1 << 6);
        machine.memory.writeLong(second + GUEST * 16 + 8, apic | 0x41);
        machine.command(2L << 60 | GuestBench.OWN, 0);
        machine.told.clear();
        request(1, true);
        assertThat(bench.told("doorbell")).isEmpty();
        machine.write(0x18, GuestBench.CONTROL | 1L << 17 | 1L << 25);
        bench.page(GUEST, 0x20, 1 << 6);
        request(1, true);
        assertThat(bench.told("doorbell")).containsExactly("doorbell from 2 to 0 vector 65");
        assertThat(machine.memory.peek(apic + 0x220)).isEqualTo(2);
        dma(PASID, MAPPED + 0x1000, AccessKind.READ);
        assertThat(bench.told("doorbell")).isEmpty();
        expectNoPost(second + GUEST * 16, 0x01);
        expectNoPost(second + GUEST * 16, 0x81 | 1 << 4);
        machine.memory.injectFailure(second, 4096, MemoryStatus.ABORT);
        expectNoPost(first + (0x1_0000 >>> 8) * 8, second | 1);
        assertThat(machine.events).isEmpty();
        expectNoPost(first + (0x1_0000 >>> 8) * 8, 0);
    }

    private void expectNoPost(long at, long entry) {
        machine.memory.writeLong(at, entry);
        bench.page(GUEST, 0x20, 1 << 6);
        machine.told.clear();
        request(1, true);
        assertThat(machine.told).contains("guest 3 interrupt PPR_LOG").noneMatch(line -> line.startsWith("doorbell"));
    }

    @Test
    void withoutAnOwnEntryThatCanBeReadNothingIsPosted() {
        GuestBench guestPhysical =
                new GuestBench(GuestBench.options().deviceEntryCache(0).build(), true);
        guestPhysical.add(GUEST);
        nested(guestPhysical, VIRTUAL);
        guestPhysical.machine.memory.injectFailure(Machine.DEVICE_TABLE + 64, 8, MemoryStatus.ABORT);
        guestPhysical.machine.iommu.pageRequest(DEVICE, PASID, 0, 1, 0, true);
        assertThat(guestPhysical.told("guest 3 interrupt")).hasSize(1);
        assertThat(guestPhysical.machine.events).isEmpty();
    }
}
