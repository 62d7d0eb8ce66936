package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_2;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page size, every skip and every reserved bit of the host tables (reference 6.1). */
class Section6PageSizeTest {
    private static final long PRESENT = READ_WRITE | 1;
    private static final long SIZED = 7 << 9;

    private final Machine machine = Machine.started(
            IommuOptions.of(Profile.SPEC).toBuilder().deviceEntryCache(0).build());

    /** The lowest address bit that a table of this level uses as its index. */
    private static int indexShift(int level) {
        return 12 + 9 * (level - 1);
    }

    private void mode(int mode) {
        machine.deviceEntry(DEVICE, ROOT | (long) mode << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
    }

    private static long slot(long table, int level, long iova) {
        return table + (iova >>> indexShift(level) & 0x1FF) * 8;
    }

    private Machine.Translation freshRead(long iova) {
        machine.invalidateDomain(DOMAIN);
        return machine.read(iova);
    }

    private void expectPage(long iova, long base, int shift) {
        assertThat(freshRead(iova))
                .isEqualTo(new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, base, shift, 3, false));
    }

    private void expectFault(long iova, int flags) {
        assertThat(freshRead(iova).decision()).isEqualTo(TranslationDecision.BAD_TABLE_ENTRY);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | (long) flags << 48 | (long) DOMAIN << 32 | DEVICE);
    }

    static Stream<Arguments> levelsAndSizes() {
        return IntStream.rangeClosed(1, 6)
                .boxed()
                .flatMap(level -> IntStream.rangeClosed(13, 52).mapToObj(shift -> Arguments.of(level, shift)));
    }

    /** Level 1 takes 8 KiB to 1 MiB, level 2 4 MiB to 512 MiB, and so on; level 5 ends with 2^52, level 6 has no pages. */
    @ParameterizedTest
    @MethodSource("levelsAndSizes")
    void nextLevelSevenTakesTheSizesBetweenTheDefaultsOfItsLevelAndTheNext(int level, int shift) {
        mode(level);
        long base = shift < 52 ? 1L << 51 : 0;
        long encoded = base | (1L << shift - 1) - 0x1000;
        long lastInTable = (1L << Math.min(indexShift(level) + 9, 62)) - 1;
        long firstOfPage = lastInTable & -1L << Math.max(shift, indexShift(level));
        for (long iova : new long[] {lastInTable, firstOfPage}) {
            machine.memory.writeLong(slot(ROOT, level, iova), encoded | SIZED | PRESENT);
            if (level < 6 && shift > indexShift(level) && shift < indexShift(level + 1)) {
                expectPage(iova, base, shift);
            } else {
                expectFault(iova, 0x010);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 12", "2, 21", "3, 30", "4, 39", "5, 48"})
    void nextLevelZeroTakesTheDefaultSizeOfItsLevel(int level, int shift) {
        long base = 5L << shift & 0x000F_FFFF_FFFF_FFFFL;
        long iova = 0x155L << shift | (1L << shift) - 1;
        mode(level);
        machine.memory.writeLong(slot(ROOT, level, iova), base | PRESENT);
        expectPage(iova, base, shift);
        machine.memory.writeLong(slot(ROOT, level, iova), base | (1L << shift - 1 & -1L << 12) | PRESENT);
        expectPage(iova, base, shift);
    }

    static Stream<Arguments> modesAndNextLevels() {
        return IntStream.rangeClosed(1, 6)
                .boxed()
                .flatMap(mode -> IntStream.rangeClosed(1, 6).mapToObj(next -> Arguments.of(mode, next)));
    }

    @ParameterizedTest
    @MethodSource("modesAndNextLevels")
    void aDirectoryLeadsDownwardsAndTheBitsItSkipsAreZero(int mode, int next) {
        mode(mode);
        long iova = 1L << indexShift(mode) | 1L << indexShift(Math.min(next, mode));
        machine.memory.writeLong(slot(ROOT, mode, iova), TABLE_2 | (long) next << 9 | PRESENT);
        machine.memory.writeLong(slot(TABLE_2, next, iova), PRESENT);
        if (next >= mode) {
            expectFault(iova, 0x010);
            return;
        }
        expectPage(iova, 0, indexShift(next));
        for (int bit = indexShift(next + 1); bit < indexShift(mode); bit++) {
            expectFault(iova | 1L << bit, 0x010);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0x07F0000000000000", "0xE00, 0x07F0000000000000", "0x200, 0x1FF0000000000000"})
    void pagesReserveBits58To52AndDirectoriesBits60To52(String kind, String mask) {
        mode(2);
        long found = 0;
        for (int bit = 0; bit < 64; bit++) {
            machine.memory.writeLong(ROOT, TABLE_2 | Long.decode(kind) | PRESENT | 1L << bit);
            boolean isRefused = freshRead(0).decision() == TranslationDecision.BAD_TABLE_ENTRY
                    && machine.lastEvent().flags() == 0x090;
            found |= isRefused ? 1L << bit : 0;
            machine.events.clear();
        }
        assertThat(found).isEqualTo(Long.decode(mask));
    }

    @Test
    void withoutPresentNoOtherBitMatters() {
        mode(2);
        machine.memory.writeLong(ROOT, ~1L);
        assertThat(freshRead(0).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(machine.lastEvent().flags()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6"})
    void aDirectoryThatForbidsCountsAtEachLevel(int forbidding) {
        mode(6);
        long table = ROOT;
        for (int level = 6; level > 1; level--) {
            long rights = level == forbidding ? Machine.READ_ONLY : READ_WRITE;
            machine.memory.writeLong(table, table + 0x1000 | (long) (level - 1) << 9 | rights | 1);
            table += 0x1000;
        }
        machine.memory.writeLong(table, Machine.PAGE_A | (forbidding == 1 ? Machine.READ_ONLY : READ_WRITE) | 1);
        assertThat(machine.written(0).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x070);
        assertThat(machine.read(0).rights()).isEqualTo(1);
    }
}
