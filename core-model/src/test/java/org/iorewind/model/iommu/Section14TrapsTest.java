package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.PAGE_B;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.RING;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.STORE;
import static org.iorewind.model.iommu.TranslationDecision.NO_PERMISSION;
import static org.iorewind.model.iommu.TranslationDecision.PAGE_NOT_PRESENT;
import static org.iorewind.model.iommu.TranslationDecision.PASSED;
import static org.iorewind.model.iommu.TranslationDecision.TRANSLATED;

import org.junit.jupiter.api.Test;

/** Reference 14: the traps of caches, commands and registers; each test names its number. */
class Section14TrapsTest {
    private static final int ALIAS = 0x38;
    private static final long MSI = 0xFEE0_1000L;
    private static final long ENTRY = ROOT | 3 << 9 | READ_WRITE | 3;
    private static final long WAIT = 1L << 60;
    private static final long COM_WAIT_INT = 4;

    private final Machine machine = Machine.started(Profile.SPEC);

    private static Machine late() {
        Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .invalidations(InvalidationPolicy.delayed(17, 1 << 20))
                .build());
        machine.command(WAIT, 0);
        return machine;
    }

    private static void invalidatePage(Machine machine, long iova) {
        machine.command(3L << 60 | (long) DOMAIN << 32, iova);
    }

    private void mapAndRead(long entry) {
        machine.map(0x1000, entry);
        machine.read(0x1000);
    }

    private long writtenEvents() {
        return machine.events.stream().filter(Machine.Logged::written).count();
    }

    @Test
    void trap17MemoryIsFreedBeforeTheInvalidationIsComplete() {
        Machine late = late();
        late.map(0x1000, PAGE_A | READ_WRITE | 1);
        late.written(0x1000);
        late.map(0x1000, 0);
        invalidatePage(late, 0x1000);
        assertThat(late.written(0x1000).result()).isEqualTo(PAGE_A);
        late.command(WAIT | STORE | 1, 1);
        assertThat(late.memory.peek(STORE)).isEqualTo(1);
        assertThat(late.written(0x1000).decision()).isEqualTo(PAGE_NOT_PRESENT);
    }

    @Test
    void trap18FlushOrdersWhatStandsBeforeItInTheRingAndNothingAfter() {
        Machine late = late();
        late.map(0x1000, PAGE_A | READ_WRITE | 1);
        late.read(0x1000);
        late.map(0x1000, 0);
        late.command(WAIT | 4, 0);
        assertThat(late.read(0x1000).decision()).isEqualTo(TRANSLATED);
        invalidatePage(late, 0x1000);
        assertThat(late.read(0x1000).decision()).isEqualTo(TRANSLATED);
        late.command(WAIT | 4, 0);
        assertThat(late.read(0x1000).decision()).isEqualTo(PAGE_NOT_PRESENT);
    }

    @Test
    void trap19TheWaitsStatusBitNeedsNoEnableBitAndClearsByOne() {
        machine.command(WAIT | 2, 0);
        assertThat(machine.status() & COM_WAIT_INT).isEqualTo(COM_WAIT_INT);
        assertThat(machine.told).doesNotContain("own COMPLETION_WAIT");
        machine.write(0x2020, 0);
        assertThat(machine.status() & COM_WAIT_INT).isEqualTo(COM_WAIT_INT);
        machine.read(0x1000);
        assertThat(machine.status()).isEqualTo(0x1E);
        machine.write(0x2020, machine.status());
        assertThat(machine.status()).isEqualTo(0x18);
    }

    @Test
    void trap20ACommandErrorLeavesTheHeadOnTheCommandUntilSoftwareMendsIt() {
        machine.command(0, 0);
        assertThat(machine.status() & 0x10).isZero();
        assertThat(machine.iommu.register(0x2000)).isEqualTo(0x10);
        machine.memory.writeLong(RING + 0x10, WAIT | STORE | 1);
        machine.memory.writeLong(RING + 0x18, 7);
        machine.write(0x18, Machine.ENABLED);
        machine.write(0x2008, 0x20);
        assertThat(machine.memory.peek(STORE)).isZero();
        machine.write(0x18, Machine.ENABLED & ~0x1000);
        machine.write(0x18, Machine.ENABLED);
        assertThat(machine.memory.peek(STORE)).isEqualTo(7);
        assertThat(machine.iommu.register(0x2000)).isEqualTo(0x20);
        assertThat(machine.status() & 0x10).isEqualTo(0x10);
    }

    @Test
    void trap22EachAliasHasItsOwnEntryInTheCaches() {
        machine.deviceEntry(DEVICE, ENTRY, DOMAIN, INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60, 0);
        machine.deviceEntry(ALIAS, ENTRY, DOMAIN, INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60, 0);
        machine.memory.writeLong(INTERRUPT_TABLE, 1 | 0x41 << 16);
        mapAndRead(PAGE_A | READ_WRITE | 1);
        machine.dma(ALIAS, 0x1000, AccessKind.READ);
        machine.iommu.interrupt(DEVICE, MSI, 0);
        machine.iommu.interrupt(ALIAS, MSI, 0);
        machine.deviceEntry(DEVICE, 0, 0, 0, 0);
        machine.deviceEntry(ALIAS, 0, 0, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(PASSED);
        assertThat(machine.dma(ALIAS, 0x1000, AccessKind.READ).decision()).isEqualTo(TRANSLATED);
        machine.memory.writeLong(INTERRUPT_TABLE, 1 | 0x42 << 16);
        machine.command(5L << 60 | DEVICE, 0);
        machine.iommu.interrupt(ALIAS, MSI, 0);
        assertThat(machine.interrupts.get(machine.interrupts.size() - 1).data()).isEqualTo(0x41);
        machine.command(5L << 60 | ALIAS, 0);
        machine.iommu.interrupt(ALIAS, MSI, 0);
        assertThat(machine.interrupts.get(machine.interrupts.size() - 1).data()).isEqualTo(0x42);
        machine.command(2L << 60 | ALIAS, 0);
        assertThat(machine.dma(ALIAS, 0x1000, AccessKind.READ).decision()).isEqualTo(PASSED);
    }

    @Test
    void trap23MoreRightsNeedAnInvalidationAndPresenceDoesNot() {
        mapAndRead(PAGE_A | READ_ONLY | 1);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        assertThat(machine.written(0x1000).decision()).isEqualTo(NO_PERMISSION);
        invalidatePage(machine, 0x1000);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TRANSLATED);
        assertThat(machine.read(0x2000).decision()).isEqualTo(PAGE_NOT_PRESENT);
        machine.map(0x2000, PAGE_B | READ_WRITE | 1);
        assertThat(machine.read(0x2000).decision()).isEqualTo(TRANSLATED);
    }

    @Test
    void trap24DevicesOfOneDomainUseEachOthersTranslationsWhateverTheirRoots() {
        mapAndRead(PAGE_A | READ_WRITE | 1);
        machine.deviceEntry(ALIAS, 0x34_0000 | 1 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        machine.memory.writeLong(0x34_0008, PAGE_B | READ_WRITE | 1);
        assertThat(machine.dma(ALIAS, 0x1000, AccessKind.READ).result()).isEqualTo(PAGE_A);
        invalidatePage(machine, 0x1000);
        assertThat(machine.dma(ALIAS, 0x1000, AccessKind.READ).result()).isEqualTo(PAGE_B);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
    }

    @Test
    void trap25UnmappingLeavesWithoutFreeingTablesNeedsNoPde() {
        for (long pde : new long[] {0, 2}) {
            mapAndRead(PAGE_A | READ_WRITE | 1);
            machine.map(0x1000, 0);
            assertThat(machine.read(0x1000).decision()).isEqualTo(TRANSLATED);
            invalidatePage(machine, 0x1000 | pde);
            assertThat(machine.read(0x1000).decision()).isEqualTo(PAGE_NOT_PRESENT);
        }
    }

    @Test
    void trap26SeLogsTheFirstFaultUntilTheEntryIsFetchedAnew() {
        machine.deviceEntry(DEVICE, ENTRY, DOMAIN | 1L << 33, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(PAGE_NOT_PRESENT);
        assertThat(machine.read(0x2000).decision()).isEqualTo(PAGE_NOT_PRESENT);
        assertThat(writtenEvents()).isEqualTo(1);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x2000).decision()).isEqualTo(PAGE_NOT_PRESENT);
        assertThat(writtenEvents()).isEqualTo(2);
    }

    @Test
    void trap26SaLogsNothingAndRefusesAllTheSame() {
        machine.deviceEntry(DEVICE, ENTRY, DOMAIN | 1L << 34, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(PAGE_NOT_PRESENT);
        assertThat(writtenEvents()).isZero();
    }

    @Test
    void trap32WhereAGuestRunsIsReadEachTime() {
        int page = 0x62_0000;
        long guest = 1 | 1 << 2 | 1 << 7;
        machine.write(0x18, Machine.ENABLED | 1L << 17 | 1L << 25);
        machine.deviceEntry(DEVICE, 0, DOMAIN, INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60, 0);
        machine.command(2L << 60 | DEVICE, 0);
        machine.memory.writeLong(INTERRUPT_TABLE, guest | 1 << 6 | 5 << 8);
        machine.memory.writeLong(INTERRUPT_TABLE + 8, page | 0x41);
        assertThat(machine.interrupt(MSI, 0).decision()).isEqualTo(InterruptDecision.POSTED);
        machine.memory.writeLong(INTERRUPT_TABLE, guest | 1 << 6 | 9 << 8);
        machine.interrupt(MSI, 0);
        assertThat(machine.told).contains("doorbell from 48 to 5 vector 65", "doorbell from 48 to 9 vector 65");
        machine.memory.writeLong(INTERRUPT_TABLE, guest);
        machine.told.clear();
        machine.interrupt(MSI, 0);
        assertThat(machine.told).noneMatch(line -> line.startsWith("doorbell"));
    }

    @Test
    void trap34TheExclusionRangeIsNoneUnderSnp() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.write(0x20, 0x1000 | 3);
        machine.write(0x28, 0x1000);
        assertThat(machine.read(0x1000).decision()).isEqualTo(PASSED);
        long features = IommuOptions.of(Profile.SPEC).extendedFeatures();
        Machine secure = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(features | 1L << 63)
                .build());
        secure.map(0x1000, PAGE_A | READ_WRITE | 1);
        secure.write(0x20, 0x1000 | 3);
        secure.write(0x28, 0x1000);
        assertThat(secure.read(0x1000).decision()).isEqualTo(TRANSLATED);
    }

    @Test
    void trap38EachHalfOfARegisterTakesEffectByItself() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.write(0x18, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(PASSED);
        machine.iommu.mmioWrite(0x18, 4, Machine.ENABLED);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TRANSLATED);
        machine.iommu.mmioWrite(0x1C, 4, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TRANSLATED);
        machine.iommu.mmioWrite(0x14, 4, 8 << 24);
        machine.iommu.mmioWrite(0x10, 4, 0x64_0000);
        assertThat(machine.iommu.register(0x10)).isEqualTo(8L << 56 | 0x64_0000);
        assertThat(machine.iommu.mmioRead(0x14, 4)).isEqualTo(8 << 24);
        machine.read(0x5000);
        assertThat(machine.memory.peek(0x64_0008)).isEqualTo(0x5000);
    }
}
