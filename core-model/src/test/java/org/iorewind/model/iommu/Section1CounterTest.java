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
import org.junit.jupiter.params.provider.EnumSource;

/** Reference 1.12: performance counters. */
class Section1CounterTest {
    private static final long PC_SUP = 1L << 9;
    private static final long GUESTS = GuestTables.FEATURES | 1L << 7;
    private static final int BANK = 0x4_0000;
    private static final int SOURCE = 0x08;
    private static final int PASID = 0x10;
    private static final int DOMAIN_MATCH = 0x18;
    private static final int DEVICE_MATCH = 0x20;
    private static final int REPORT = 0x28;
    private static final long MATCH_EN = 1L << 31;
    private static final long ALL_ONES = 0xFFFF_FFFF_FFFFL;

    private Machine machine = machine(2, 4);

    private static Machine machine(int banks, int perBank) {
        return Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | PC_SUP)
                .counters(banks, perBank)
                .build());
    }

    private static int at(int bank, int counter, int function) {
        return BANK + (bank << 12) + (counter << 8) + function;
    }

    private void counts(PerformanceEvent event) {
        machine.write(at(0, 0, SOURCE), event.code());
        machine.write(at(0, 0, 0), 0);
    }

    private long counted() {
        return machine.iommu.mmioRead(at(0, 0, 0), 8);
    }

    private void map() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
    }

    @Test
    void theConfigurationSaysHowManyThereAre() {
        machine = machine(63, 15);
        assertThat(machine.iommu.mmioRead(0x4000, 8)).isEqualTo(63 << 12 | 15 << 7);
        machine.write(0x4000, 0);
        assertThat(machine.iommu.mmioRead(0x4000, 4)).isEqualTo(63 << 12 | 15 << 7);
        machine.write(at(62, 14, 0), 5);
        assertThat(machine.iommu.register(at(62, 14, 0))).isEqualTo(5);
        assertThat(machine(2, 4).iommu.mmioRead(0x4000, 8)).isEqualTo(2 << 12 | 4 << 7);
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, 0x0000FFFFFFFFFFFF",
        "0x08, 0x00000000800000FF",
        "0x10, 0x000FFFFF800FFFFF",
        "0x18, 0x0000FFFF8000FFFF",
        "0x20, 0x0000FFFF8000FFFF",
        "0x28, 0x800FFFFFFFFFFFFF",
    })
    void eachRegisterKeepsItsBits(String function, String mask) {
        int register = at(1, 3, Integer.decode(function));
        machine.write(register, -1);
        assertThat(machine.iommu.mmioRead(register, 8)).isEqualTo(Long.parseUnsignedLong(mask.substring(2), 16));
        machine.iommu.mmioWrite(register, 4, 0);
        assertThat(machine.iommu.mmioRead(register, 4)).isZero();
        assertThat(machine.iommu.mmioRead(register + 4, 4))
                .isEqualTo(Long.parseUnsignedLong(mask.substring(2), 16) >>> 32);
    }

    @Test
    void whatIsNotThereReadsZeroAndIsNamedOnlyBeyondTheWindow() {
        for (int register : new int[] {0x4020, 0x3_FFF8, at(0, 0, 0x30), at(0, 4, 0), at(2, 0, 0), 0x7_FFF8}) {
            machine.write(register, -1);
            assertThat(machine.iommu.mmioRead(register, 8)).as("%x", register).isZero();
        }
        assertThat(machine.told).isEmpty();
        assertThat(machine.iommu.mmioRead(0x8_0000, 8)).isZero();
        assertThat(machine.told).containsExactly("not modelled MMIO_SPACE");
        machine.write(at(0, 0, 0), 7);
        machine.iommu.mmioWrite(at(0, 0, 0) + 2, 4, 0);
        machine.iommu.mmioWrite(at(0, 0, 0), 1, 0);
        assertThat(machine.iommu.mmioRead(at(0, 0, 0), 2)).isZero();
        assertThat(counted()).isEqualTo(7);
    }

    @Test
    void countersAreStateThatAResetClears() {
        Machine fresh = machine(2, 4);
        assertThat(machine.hash()).isEqualTo(fresh.hash());
        machine.write(at(1, 0, DEVICE_MATCH), 5);
        assertThat(machine.hash()).isNotEqualTo(fresh.hash());
        machine.write(at(1, 0, DEVICE_MATCH), 0);
        machine.write(0x4018, 3);
        assertThat(machine.hash()).isNotEqualTo(fresh.hash());
        counts(PerformanceEvent.COMMAND);
        machine.iommu.reset();
        for (int register : new int[] {0x4008, 0x4010, 0x4018, at(0, 0, SOURCE)}) {
            assertThat(machine.iommu.register(register)).isZero();
        }
    }

    @Test
    void aForcedRegisterIsSet() {
        machine.iommu.forceRegister(at(0, 1, 0), 0x1234);
        assertThat(machine.iommu.register(at(0, 1, 0))).isEqualTo(0x1234);
    }

    @Test
    void aForcedMatchRegisterIsSetThoughItsBankIsLocked() {
        machine.iommu.forceRegister(0x4018, 1);
        machine.iommu.forceRegister(at(0, 1, DEVICE_MATCH), MATCH_EN | 0xFFFFL << 32 | DEVICE);
        machine.write(at(0, 1, DEVICE_MATCH), 0);
        assertThat(machine.iommu.register(at(0, 1, DEVICE_MATCH))).isEqualTo(MATCH_EN | 0xFFFFL << 32 | DEVICE);
        machine.iommu.forceRegister(at(0, 1, SOURCE), PerformanceEvent.TRANSLATED.code());
        map();
        machine.read(0x1000);
        assertThat(machine.iommu.register(at(0, 1, 0))).isEqualTo(1);
    }

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

    @ParameterizedTest
    @EnumSource
    void everyEventHasTheCodeOfItsPlaceInTheList(PerformanceEvent event) {
        assertThat(event.code()).isEqualTo(event.ordinal() + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "0x20, 0xFFFF00000030, 0",
        "0x20, 0xFFFF80000030, 1",
        "0x20, 0xFFFF80000031, 0",
        "0x20, 0xFF0080001234, 0",
        "0x20, 0xFF0080000012, 1",
        "0x20, 0x000080001234, 1",
        "0x18, 0xFFFF80000005, 1",
        "0x18, 0xFFFF80000006, 0",
        "0x10, 0x000080000000, 0",
    })
    void aMatchRegisterLetsItsOwnThrough(String function, String value, long expected) {
        map();
        counts(PerformanceEvent.TRANSLATED);
        boolean isOff = (Long.decode(value) & MATCH_EN) == 0;
        machine.write(at(0, 0, Integer.decode(function)), Long.decode(value));
        machine.read(0x1000);
        assertThat(counted()).isEqualTo(isOff ? 1 : expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 0"})
    void aPasidCanBeMatched(int pasid, long expected) {
        GuestTables guest = GuestTables.flat(GUESTS | PC_SUP);
        machine = guest.machine;
        counts(PerformanceEvent.TRANSLATED);
        machine.write(at(0, 0, PASID), 0xF_FFFFL << 32 | MATCH_EN | pasid);
        guest.with(1, GuestTables.MAPPED, AccessKind.READ);
        assertThat(counted()).isEqualTo(expected);
    }

    @Test
    void aLockKeepsTheMatchRegistersOfItsBank() {
        int[] locks = {0x4008, 0x4010, 0x4018};
        int[] functions = {PASID, DOMAIN_MATCH, DEVICE_MATCH};
        for (int i = 0; i < locks.length; i++) {
            machine.write(locks[i], -1);
            assertThat(machine.iommu.register(locks[i]))
                    .as("a bit for each bank")
                    .isEqualTo(3);
            machine.write(locks[i], 2);
            machine.write(at(0, 0, functions[i]), 5);
            machine.write(at(1, 0, functions[i]), 5);
            assertThat(machine.iommu.register(at(0, 0, functions[i]))).isEqualTo(5);
            assertThat(machine.iommu.register(at(1, 0, functions[i]))).isZero();
            machine.write(locks[i], 0);
            machine.write(at(1, 0, functions[i]), 5);
            assertThat(machine.iommu.register(at(1, 0, functions[i]))).isEqualTo(5);
            machine.write(locks[i], 2);
        }
        machine.write(at(1, 0, SOURCE), 5);
        assertThat(machine.iommu.register(at(1, 0, SOURCE))).isEqualTo(5);
    }

    @Test
    void aCounterOfAllOnesWrapsSilentlyUnlessItReports() {
        counts(PerformanceEvent.COMMAND);
        machine.write(at(0, 0, 0), ALL_ONES);
        machine.write(at(0, 0, REPORT), 0xF_1234_5678_9ABCL);
        machine.command(1L << 60, 0);
        assertThat(counted()).isZero();
        assertThat(machine.events).isEmpty();
    }

    @Test
    void aReportingCounterLogsItsNoteWhenItWraps() {
        counts(PerformanceEvent.COMMAND);
        machine.write(at(0, 0, 0), ALL_ONES - 1);
        machine.write(at(0, 0, REPORT), 1L << 63 | 0xF_1234_5678_9ABCL);
        machine.command(1L << 60, 0);
        assertThat(machine.events).isEmpty();
        machine.command(1L << 60, 0);
        assertThat(counted()).isZero();
        assertThat(machine.events).hasSize(1);
        assertThat(machine.lastEvent().q0()).isEqualTo(0xAL << 60);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x5678_9ABCL << 32 | 0xF_1234);
        assertThat(machine.status() & 2).isEqualTo(2);
        machine.command(1L << 60, 0);
        assertThat(counted()).isEqualTo(1);
        assertThat(machine.events).hasSize(1);
    }

    @Test
    void aStepOfSeveralCarriesOverTheWrap() {
        counts(PerformanceEvent.TABLE_READ);
        machine.write(at(0, 0, 0), ALL_ONES);
        map();
        machine.read(0x1000);
        assertThat(counted()).isEqualTo(2);
    }

    @Test
    void aSourceWithoutAnEventCountsNothing() {
        for (int source : new int[] {0, 0x19, 0x3F, 0x40, 0x85, 0xFF}) {
            machine.write(at(0, 0, SOURCE), source);
            machine.read(0x1000);
            machine.command(1L << 60, 0);
            assertThat(counted()).as("%x", source).isZero();
        }
        machine.write(at(0, 0, SOURCE), MATCH_EN | PerformanceEvent.COMMAND.code());
        machine.command(1L << 60, 0);
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void qemuHasNoCounters() {
        Machine qemu = Machine.started(IommuOptions.of(Profile.QEMU_11_1).toBuilder()
                .extendedFeatures(2L << 10 | PC_SUP)
                .build());
        qemu.write(at(0, 0, SOURCE), PerformanceEvent.COMMAND.code());
        qemu.command(1L << 60, 0);
        assertThat(qemu.iommu.register(at(0, 0, 0))).isZero();
    }
}
