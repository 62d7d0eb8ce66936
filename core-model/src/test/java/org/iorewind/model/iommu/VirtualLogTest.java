package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestBench.EVENTS;
import static org.iorewind.model.iommu.GuestBench.EVENTS_B;
import static org.iorewind.model.iommu.GuestBench.PPRS;
import static org.iorewind.model.iommu.GuestTables.MAPPED;

import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** amd-viommu reference 5.4, 5.5: logs of guests that fill, swap or cannot be stored to, and how guests hear of entries. */
class VirtualLogTest extends NestedGuest {
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
