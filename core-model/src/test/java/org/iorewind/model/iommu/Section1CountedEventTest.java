package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.READ_WRITE;

import org.iorewind.model.iommu.cache.WalkCacheGeometry;
import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 1.12: which events the performance counters count. */
class Section1CountedEventTest extends CountingMachine {
    /** What a prefetch reads is not left to the next request (MC-213). */
    @Test
    void aPrefetchCountsItsOwnReadsAndIsNoRequest() {
        machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | 1 | PC_SUP)
                .walkCaches(WalkCacheGeometry.OFF)
                .prefetch(true)
                .build());
        PerformanceEvent[] events = {
            PerformanceEvent.TABLE_READ, PerformanceEvent.TLB_MISS,
            PerformanceEvent.TRANSLATED, PerformanceEvent.PASSED_UNTRANSLATED
        };
        for (int i = 0; i < events.length; i++) {
            machine.write(at(0, i, SOURCE), events[i].code());
        }
        machine.write(at(1, 0, SOURCE), PerformanceEvent.PASSED_EXCLUDED.code());
        map();
        machine.command(6L << 60 | DEVICE, 0x1000);
        expectCounts(3, 1, 0, 0);
        machine.write(0x28, 0x5000);
        machine.write(0x20, 0x5000 | 3);
        machine.command(6L << 60 | DEVICE, 0x5000);
        machine.dma(1, 0x1000, AccessKind.READ);
        expectCounts(3, 1, 0, 1);
        assertThat(machine.iommu.register(at(1, 0, 0))).as("excluded").isZero();
    }

    private void expectCounts(long... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(machine.iommu.register(at(0, i, 0))).as("counter %d", i).isEqualTo(expected[i]);
        }
    }

    @Test
    void requestsArePassedTranslatedOrAborted() {
        counts(PerformanceEvent.TRANSLATED);
        map();
        machine.read(0x1000);
        machine.read(0x1000);
        machine.read(0x2000);
        assertThat(counted()).isEqualTo(2);
        counts(PerformanceEvent.TARGET_ABORT);
        machine.read(0x1000);
        machine.read(0x2000);
        assertThat(counted()).isEqualTo(1);
        counts(PerformanceEvent.PASSED_UNTRANSLATED);
        machine.read(0x1000);
        machine.read(0x2000);
        assertThat(counted()).isZero();
        machine.dma(1, 0x1000, AccessKind.READ);
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void anExcludedRequestCountsAsThatAlone() {
        machine.write(0x20, 0x1003);
        machine.write(0x28, 0x1000);
        counts(PerformanceEvent.PASSED_EXCLUDED);
        machine.write(at(0, 1, SOURCE), PerformanceEvent.PASSED_UNTRANSLATED.code());
        machine.read(0x1000);
        machine.read(0x2000);
        assertThat(counted()).isEqualTo(1);
        assertThat(machine.iommu.register(at(0, 1, 0))).isZero();
        machine.dma(1, 0x1000, AccessKind.READ);
        assertThat(machine.iommu.register(at(0, 1, 0))).isEqualTo(1);
    }

    @Test
    void theTlbHitsOrMisses() {
        map();
        counts(PerformanceEvent.TLB_MISS);
        machine.write(at(0, 1, SOURCE), PerformanceEvent.TLB_HIT.code());
        machine.read(0x1000);
        machine.read(0x1000);
        machine.read(0x1ABC);
        machine.read(0x2000);
        machine.dma(1, 0x1000, AccessKind.READ);
        assertThat(counted()).as("misses").isEqualTo(2);
        assertThat(machine.iommu.register(at(0, 1, 0))).as("hits").isEqualTo(2);
    }

    @Test
    void theDeviceTableCacheHitsOrMissesForMemoryAndForInterruptsApart() {
        PerformanceEvent[] events = {
            PerformanceEvent.DEVICE_ENTRY_HIT, PerformanceEvent.DEVICE_ENTRY_MISS,
            PerformanceEvent.INTERRUPT_DEVICE_ENTRY_HIT, PerformanceEvent.INTERRUPT_DEVICE_ENTRY_MISS
        };
        for (int i = 0; i < events.length; i++) {
            machine.write(at(0, i, SOURCE), events[i].code());
        }
        machine.read(0x1000);
        machine.read(0x1000);
        machine.read(0x1000);
        machine.interrupt(0xFEE0_0000L, 0);
        machine.command(2L << 60 | DEVICE, 0);
        machine.interrupt(0xFEE0_0000L, 0);
        machine.interrupt(0xFEE0_0000L, 0);
        long[] expected = {2, 1, 2, 1};
        for (int i = 0; i < events.length; i++) {
            assertThat(machine.iommu.register(at(0, i, 0))).as(events[i].name()).isEqualTo(expected[i]);
        }
        assertThat(machine.told).contains("entry of 48 from memory", "entry of 48 from cache");
    }

    @Test
    void aDeviceEntryThatAnInterruptCannotReadIsNoMissAndIsToldAllTheSame() {
        counts(PerformanceEvent.INTERRUPT_DEVICE_ENTRY_MISS);
        machine.command(2L << 60 | DEVICE, 0);
        machine.memory.injectFailure(Machine.DEVICE_TABLE, 0x1000, MemoryStatus.ABORT);
        assertThat(machine.interrupt(0xFEE0_0000L, 0).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(counted()).isZero();
        assertThat(machine.told)
                .contains("failure DEVICE_TABLE " + Long.toHexString(Machine.DEVICE_TABLE + 32L * DEVICE) + " ABORT");
    }

    @Test
    void readsOfHostAndGuestTablesAreCountedApartAndInTotal() {
        GuestTables guest = GuestTables.nested(GuestTables.options(GUESTS | PC_SUP).toBuilder()
                .walkCaches(WalkCacheGeometry.OFF)
                .build());
        machine = guest.machine;
        counts(PerformanceEvent.TABLE_READ);
        machine.write(at(0, 1, SOURCE), PerformanceEvent.HOST_TABLE_READ.code());
        machine.write(at(0, 2, SOURCE), PerformanceEvent.GUEST_TABLE_READ.code());
        guest.with(1, GuestTables.MAPPED, AccessKind.READ);
        // GCR3 and four levels, each by way of four host levels, and the page by four more.
        assertThat(machine.iommu.register(at(0, 2, 0))).isEqualTo(5);
        assertThat(machine.iommu.register(at(0, 1, 0))).isEqualTo(24);
        assertThat(counted()).isEqualTo(29);
    }

    @Test
    void lookUpsOfDirectoriesAreCounted() {
        machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(IommuOptions.of(Profile.SPEC).extendedFeatures() | PC_SUP)
                .build());
        counts(PerformanceEvent.DIRECTORY_MISS);
        machine.write(at(0, 1, SOURCE), PerformanceEvent.DIRECTORY_HIT.code());
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.map(0x2000, PAGE_A | READ_WRITE | 1);
        machine.read(0x1000);
        machine.read(0x2000);
        machine.read(0x2000);
        assertThat(counted()).isEqualTo(1);
        assertThat(machine.iommu.register(at(0, 1, 0))).isEqualTo(1);
    }

    @Test
    void commandsAreCounted() {
        counts(PerformanceEvent.COMMAND);
        machine.write(at(0, 1, SOURCE), PerformanceEvent.INVALIDATION.code());
        machine.command(1L << 60, 0);
        machine.command(2L << 60 | DEVICE, 0);
        machine.invalidateDomain(DOMAIN);
        machine.command(4L << 60 | DEVICE, 0);
        machine.command(5L << 60 | DEVICE, 0);
        machine.command(8L << 60, 0);
        assertThat(counted()).isEqualTo(6);
        assertThat(machine.iommu.register(at(0, 1, 0)))
                .as("the last is illegal, but fetched")
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"TRANSLATED, 2", "TARGET_ABORT, 1", "TLB_HIT, 1", "TLB_MISS, 1", "PASSED_PRETRANSLATED, 1"})
    void requestsOfDeviceCachesAreCounted(PerformanceEvent event, long expected) {
        map();
        machine.deviceEntry(DEVICE, Machine.ROOT | 3 << 9 | READ_WRITE | 3, DOMAIN | 1L << 32, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        counts(event);
        machine.ask(0x1000);
        machine.ask(0x1000);
        machine.ask(0xFEE0_0000L);
        machine.pretranslated(PAGE_A, AccessKind.READ);
        machine.command(4L << 60 | DEVICE, 0);
        assertThat(counted()).isEqualTo(expected);
        assertThat(machine.answers).hasSize(3);
        assertThat(machine.told).contains("answered 30 tag 0");
    }

    @Test
    void droppedTlbEntriesAreCountedOneByOne() {
        counts(PerformanceEvent.TLB_ENTRY_INVALIDATED);
        for (long page = 0; page < 3; page++) {
            machine.map(page << 12, PAGE_A | READ_WRITE | 1);
            machine.read(page << 12);
        }
        machine.invalidateDomain(DOMAIN);
        machine.invalidateDomain(DOMAIN);
        assertThat(counted()).isEqualTo(3);
    }

    @Test
    void accessesToTheReservedRegisterAreCountedAndElseIgnored() {
        counts(PerformanceEvent.IGNORED_ACCESS);
        machine.write(0x1FF8, -1);
        machine.iommu.mmioWrite(0x1FFC, 4, -1);
        assertThat(machine.iommu.mmioRead(0x1FF8, 8)).isZero();
        machine.iommu.mmioRead(0x1FF0, 8);
        machine.iommu.mmioRead(0x1FF8, 1);
        assertThat(counted()).isEqualTo(3);
    }

    @Test
    void interruptsAreCountedByWhoTheyAreFor() {
        machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | PC_SUP | 1L << 7)
                .deviceEntryCache(0)
                .build());
        counts(PerformanceEvent.HOST_INTERRUPT);
        machine.write(at(0, 1, SOURCE), PerformanceEvent.GUEST_INTERRUPT.code());
        machine.deviceEntry(DEVICE, 0, DOMAIN, INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60, 0);
        machine.memory.writeLong(INTERRUPT_TABLE, 1 | 0x41 << 16);
        assertThat(machine.interrupt(0xFEE0_0000L, 0).irteBytes()).isEqualTo(4);
        assertThat(counted()).as("an entry of 32 bits").isZero();
        machine.write(0x18, Machine.ENABLED | 1L << 17 | 1L << 25);
        machine.command(5L << 60 | DEVICE, 0);
        machine.memory.writeLong(INTERRUPT_TABLE, 1);
        machine.memory.writeLong(INTERRUPT_TABLE + 8, 0x41);
        machine.memory.writeLong(INTERRUPT_TABLE + 16, 1 | 1 << 7);
        machine.memory.writeLong(INTERRUPT_TABLE + 24, 0x70_0000 | 0x41);
        machine.write(at(0, 0, DOMAIN_MATCH), 0xFFFFL << 32 | MATCH_EN | DOMAIN);
        assertThat(machine.interrupt(0xFEE0_0000L, 0).decision()).isEqualTo(InterruptDecision.REMAPPED);
        assertThat(machine.interrupt(0xFEE0_0000L, 1).decision()).isEqualTo(InterruptDecision.POSTED);
        assertThat(counted()).isEqualTo(1);
        assertThat(machine.iommu.register(at(0, 1, 0))).isEqualTo(1);
    }

    @Test
    void smisAreCountedAndBlockedOnesApart() {
        counts(PerformanceEvent.SMI);
        machine.write(at(0, 1, SOURCE), PerformanceEvent.SMI_BLOCKED.code());
        machine.interrupt(0xFEE0_0000L, 0x200);
        machine.interrupt(0xFEE0_0004L, 0x200);
        machine.interrupt(0xFEE0_0000L, 0x400);
        assertThat(counted()).isEqualTo(1);
        assertThat(machine.iommu.register(at(0, 1, 0))).isZero();
    }

    @Test
    void aBlockedSmiIsReceivedToo() {
        machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | PC_SUP | 1L << 16)
                .deviceEntryCache(0)
                .build());
        counts(PerformanceEvent.SMI);
        machine.write(at(0, 1, SOURCE), PerformanceEvent.SMI_BLOCKED.code());
        machine.write(0x18, Machine.ENABLED | 1L << 22);
        machine.deviceEntry(DEVICE, 0, DOMAIN, INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60, 0);
        assertThat(machine.interrupt(0xFEE0_0000L, 0x200).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(counted()).isEqualTo(1);
        assertThat(machine.iommu.register(at(0, 1, 0))).isEqualTo(1);
    }
}
