package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.PAGE_B;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.RING;
import static org.iorewind.model.iommu.Machine.STORE;

import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 3.1 to 3.4 and 9.1. */
class Section3CommandTest {
    private static final long INVALIDATE_ALL = 8L << 60;

    private final Machine machine = Machine.started(Profile.SPEC);

    private void cachePage(long iova) {
        machine.map(iova, PAGE_A | READ_WRITE | 1);
        assertThat(machine.read(iova).result()).isEqualTo(PAGE_A);
        machine.map(iova, PAGE_B | READ_WRITE | 1);
    }

    private void expectHalted(long head, int code, int flags, long address) {
        assertThat(machine.iommu.register(0x2000)).isEqualTo(head);
        assertThat(machine.status() & 0x10).isZero();
        assertThat(machine.lastEvent().q0()).isEqualTo((long) code << 60 | (long) flags << 48);
        assertThat(machine.lastEvent().q1()).isEqualTo(address);
    }

    @Test
    void completionWaitStoresAndInterrupts() {
        machine.write(0x18, Machine.ENABLED | 0x10);
        machine.command(1L << 60 | STORE | 1, 0x1122334455667788L);
        assertThat(machine.memory.peek(STORE)).isEqualTo(0x1122334455667788L);
        assertThat(machine.status()).isEqualTo(0x18);
        machine.command(1L << 60 | STORE + 8 | 2, 5);
        assertThat(machine.memory.peek(STORE + 8)).isZero();
        assertThat(machine.status()).isEqualTo(0x1C);
        machine.command(1L << 60 | 2, 5);
        assertThat(machine.told).containsOnlyOnce("own COMPLETION_WAIT");
        machine.write(0x2020, 4);
        machine.command(1L << 60 | 6, 5);
        assertThat(machine.told.stream().filter("own COMPLETION_WAIT"::equals)).hasSize(2);
    }

    @Test
    void comWaitIntRisesWithoutItsEnableBitButSendsNothing() {
        machine.command(1L << 60 | 2, 0);
        assertThat(machine.status()).isEqualTo(0x1C);
        assertThat(machine.told).doesNotContain("own COMPLETION_WAIT");
    }

    @Test
    void aFailedStoreStopsTheRing() {
        machine.memory.injectFailure(STORE, 8, MemoryStatus.ABORT);
        machine.command(1L << 60 | STORE | 3, 1);
        expectHalted(0x10, 6, 0x200, STORE);
        assertThat(machine.status() & 4).isZero();
    }

    @Test
    void aStaleTranslationStaysUntilItsPageIsInvalidated() {
        cachePage(0x1000);
        assertThat(machine.read(0x1000).hit()).isTrue();
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        machine.command(3L << 60 | (long) (DOMAIN + 1) << 32, 0x1000);
        machine.command(3L << 60 | (long) DOMAIN << 32, 0x2000);
        machine.command(3L << 60 | (long) DOMAIN << 32, 0x1000 | 4);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        machine.command(3L << 60 | (long) DOMAIN << 32, 0x1000);
        assertThat(machine.read(0x1000))
                .isEqualTo(new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, PAGE_B, 12, 3, false));
        assertThat(machine.told).contains("dropped domain 5 1000 size 4096 pages 1");
    }

    @Test
    void invalidatingOneFrameDropsTheWholeLargePage() {
        machine.memory.writeLong(Machine.TABLE_2 + 8, 0x80_0000 | READ_WRITE | 1);
        machine.read(0x20_0000);
        machine.read(0x2F_F000);
        machine.memory.writeLong(Machine.TABLE_2 + 8, 0);
        assertThat(machine.read(0x20_0000).result()).isEqualTo(0x80_0000);
        machine.command(3L << 60 | (long) DOMAIN << 32, 0x3F_F000);
        assertThat(machine.told).contains("dropped domain 5 3ff000 size 4096 pages 2");
        assertThat(machine.read(0x20_0000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
    }

    @Test
    void translationsAreSharedByTheDevicesOfADomain() {
        cachePage(0x1000);
        machine.deviceEntry(0x38, Machine.ROOT | 3 << 9 | READ_ONLY | 3, DOMAIN, 0, 0);
        assertThat(machine.dma(0x38, 0x1000, AccessKind.READ))
                .isEqualTo(new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, PAGE_A, 12, 1, true));
        assertThat(machine.dma(0x38, 0x1000, AccessKind.WRITE).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
    }

    @Test
    void upgradedRightsNeedAnInvalidationToo() {
        machine.map(0x1000, PAGE_A | READ_ONLY | 1);
        machine.read(0x1000);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        Machine.Translation refused = machine.written(0x1000);
        assertThat(refused.decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(refused.hit()).isTrue();
        assertThat(machine.lastEvent().flags()).isEqualTo(0x070);
        machine.invalidateDomain(DOMAIN);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    @Test
    void aStaleDeviceEntryStaysUntilItIsInvalidated() {
        machine.read(0x1000);
        machine.deviceEntry(DEVICE, 0, 0, 0, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        machine.command(2L << 60 | 0x38, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @Test
    void invalidateAllDropsEveryCache() {
        cachePage(0x1000);
        machine.command(INVALIDATE_ALL, 0);
        assertThat(machine.told).contains("dropped domain -1 0 size -1 pages 1");
        machine.told.clear();
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
        assertThat(machine.told).contains("entry of 48 from memory");
    }

    @Test
    void hintsAndForeignCachesChangeNothing() {
        Machine rich = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(0x843)
                .build());
        rich.command(4L << 60 | DEVICE, 0x1000);
        rich.command(6L << 60 | DEVICE, 0x1000);
        rich.command(7L << 60 | DEVICE, 0);
        assertThat(rich.told)
                .containsExactly(
                        "command 4 at 16",
                        "invalidation of 30 pasid -1 1000 size 4096 type 0 queue 0 most 0 tag 0",
                        "answered 30 tag 0",
                        "command 6 at 32",
                        "command 7 at 48",
                        "response to 48 pasid -1 group 0 code 0");
        assertThat(rich.iommu.register(0x2000)).isEqualTo(0x40);
    }

    @ParameterizedTest
    @CsvSource({"0", "4", "6", "7", "8", "9", "10", "11", "15"})
    void anOpcodeWithoutItsFeatureStopsTheRing(int opcode) {
        Machine poor = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10)
                .iotlbSupported(false)
                .build());
        poor.command((long) opcode << 60, 0);
        assertThat(poor.lastEvent().q0()).isEqualTo(5L << 60);
        assertThat(poor.lastEvent().q1()).isEqualTo(RING + 0x10);
        assertThat(poor.iommu.register(0x2000)).isEqualTo(0x10);
        assertThat(poor.status() & 0x10).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 52, 0",
        "1, 59, 0",
        "2, 16, 0",
        "2, 0, 1",
        "3, 20, 0",
        "3, 48, 0",
        "3, 0, 8",
        "4, 0, 2",
        "4, 0, 16",
        "5, 59, 0",
        "5, 0, 1",
        "6, 16, 0",
        "6, 0, 2",
        "8, 1, 0",
        "8, 0, 1"
    })
    void aReservedBitStopsTheRing(int opcode, int bit, long q1) {
        machine.command((long) opcode << 60 | 1L << bit & ~1L, q1);
        expectHalted(0x10, 5, 0, RING + 0x10);
    }

    @Test
    void theTypeFieldIsLegalWithItsFeature() {
        assertThat(CommandDescriptor.reserved1(4, 1L << 54)).isEqualTo(0xFCA);
        assertThat(CommandDescriptor.reserved1(4, 0)).isEqualTo(0xFFA);
        assertThat(CommandDescriptor.reserved1(7, 0)).isEqualTo(0xFFFF_0000_FFFF_FFFBL);
    }

    @Test
    void aHaltedRingStartsAgainWithItsEnableBit() {
        machine.command(0, 0);
        machine.command(1L << 60 | STORE | 1, 9);
        machine.write(0x18, Machine.ENABLED);
        assertThat(machine.memory.peek(STORE)).isZero();
        machine.memory.writeLong(RING + 0x10, 1L << 60);
        machine.write(0x18, Machine.ENABLED & ~0x1000);
        machine.write(0x18, Machine.ENABLED);
        assertThat(machine.memory.peek(STORE)).isEqualTo(9);
        assertThat(machine.iommu.register(0x2000)).isEqualTo(0x30);
    }

    @Test
    void anUnreadableCommandStopsTheRing() {
        machine.memory.injectFailure(RING + 0x10, 16, MemoryStatus.POISON);
        machine.command(1L << 60, 0);
        expectHalted(0x10, 6, 0x600, RING + 0x10);
    }

    @Test
    void theRingWraps() {
        for (int i = 0; i < 300; i++) {
            machine.command(1L << 60 | STORE | 1, i);
        }
        assertThat(machine.memory.peek(STORE)).isEqualTo(299);
        assertThat(machine.iommu.register(0x2000)).isEqualTo(301 * 16 & 0xFFF);
    }

    @Test
    void pointersBeyondTheRingCountModuloItsSize() {
        machine.memory.writeLong(RING + 0x10, 1L << 60);
        machine.write(0x2008, 0x7_F020);
        assertThat(machine.iommu.register(0x2000)).isEqualTo(0x20);
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000000000003000, 12, 0x3000, 0x3fff",
        "0x0000000000002001, 13, 0x2000, 0x3fff",
        "0x0000000000001001, 14, 0x0, 0x3fff",
        "0x00000000000ff001, 21, 0x0, 0x1fffff",
        "0x000000001ffff001, 30, 0x0, 0x3fffffff",
        "0x000000007ffff001, 32, 0x0, 0xffffffff",
        "0x7ffffffffffff001, 64, 0x0, 0xffffffffffffffff",
        "0xfffffffffffff001, 64, 0x0, 0xffffffffffffffff"
    })
    void theLowestZeroBitGivesTheSizeOfARange(String q1, int shift, String first, String last) {
        long word = Long.parseUnsignedLong(q1.substring(2), 16);
        assertThat(CommandDescriptor.rangeShift(word)).isEqualTo(shift);
        assertThat(CommandDescriptor.rangeFirst(word)).isEqualTo(Long.parseUnsignedLong(first.substring(2), 16));
        assertThat(CommandDescriptor.rangeLast(word)).isEqualTo(Long.parseUnsignedLong(last.substring(2), 16));
    }

    @Test
    void aTinyCacheForgetsTheLeastRecentlyUsed() {
        Machine tiny = Machine.started(
                IommuOptions.of(Profile.SPEC).toBuilder().tlb(1, 2).build());
        for (long iova = 0x1000; iova <= 0x3000; iova += 0x1000) {
            tiny.map(iova, PAGE_A | READ_WRITE | 1);
        }
        tiny.read(0x1000);
        tiny.read(0x2000);
        assertThat(tiny.read(0x1000).hit()).isTrue();
        tiny.read(0x3000);
        assertThat(tiny.read(0x1000).hit()).isTrue();
        assertThat(tiny.read(0x2000).hit()).isFalse();
    }

    @Test
    void cacheGeometryIsChecked() {
        IommuOptions.Builder builder = IommuOptions.of(Profile.SPEC).toBuilder();
        for (int wrong : new int[] {0, 3, -4, 1 << 21, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> builder.tlb(wrong, 1)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> builder.tlb(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.tlb(1, 257)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.interruptCache(3)).isInstanceOf(IllegalArgumentException.class);
        assertThat(builder.tlb(1, 256).interruptCache(16).build().interruptCacheSize())
                .isEqualTo(16);
        IommuOptions options =
                builder.interruptCache(0).deviceEntryCache(8).tlb(2, 3).build();
        assertThat(options.toBuilder().build().tlbWays()).isEqualTo(3);
        assertThat(options.interruptCacheSize()).isZero();
        assertThat(options.deviceEntryCacheSize()).isEqualTo(8);
        assertThat(options.tlbSets()).isEqualTo(2);
        assertThat(options.profile()).isEqualTo(Profile.SPEC);
        assertThat(new Machine(options).iommu.options()).isSameAs(options);
    }
}
