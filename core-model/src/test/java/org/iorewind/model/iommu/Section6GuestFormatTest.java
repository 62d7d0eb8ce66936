package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestTables.FEATURES;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.GCR3_TOP;
import static org.iorewind.model.iommu.GuestTables.GCR3_UPPER;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.LEVEL_2;
import static org.iorewind.model.iommu.GuestTables.LEVEL_3;
import static org.iorewind.model.iommu.GuestTables.LEVEL_4;
import static org.iorewind.model.iommu.GuestTables.LEVEL_5;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;
import static org.iorewind.model.iommu.GuestTables.USER_WRITABLE;
import static org.iorewind.model.iommu.Machine.READ_WRITE;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The entries of GCR3 and v2 tables bit by bit (reference 6.2), and each pair of page sizes of both stages (6.3). */
class Section6GuestFormatTest {
    private static final long[] TABLES = {0, LEVEL_1, LEVEL_2, LEVEL_3, LEVEL_4, LEVEL_5};
    private static final int[] INDEXES = {0, 1, 3, 0x102, 0, 0};
    private static final long NX_SUPPORT = 1L << 3;
    private static final int RESERVED = 0x095;

    private static GuestTables fiveLevels(long features) {
        GuestTables guest = GuestTables.flat(features);
        guest.entry(GV, GCR3, 1);
        guest.gcr3(GCR3, 1, LEVEL_5 | 1);
        guest.write(LEVEL_5, 0, LEVEL_4 | USER_WRITABLE);
        return guest;
    }

    private static boolean isReserved(GuestTables guest) {
        guest.machine.command(8L << 60, 0);
        boolean isRefused = guest.with(1, MAPPED, AccessKind.READ).decision() == TranslationDecision.BAD_TABLE_ENTRY;
        assertThat(isRefused && guest.machine.lastEvent().flags() != RESERVED).isFalse();
        return isRefused;
    }

    @ParameterizedTest
    @CsvSource({
        // level, large page, NXSup, reserved bits
        "5, 0x00, true,  0x0000000000000080",
        "4, 0x00, true,  0x0000000000000080",
        "3, 0x00, true,  0x0000000000000000",
        "2, 0x00, true,  0x0000000000000000",
        "1, 0x00, true,  0x0000000000000000",
        "3, 0x80, true,  0x000000003FFFE000",
        "2, 0x80, true,  0x00000000001FE000",
        "1, 0x80, true,  0x0000000000000000",
        "5, 0x00, false, 0x8000000000000080",
        "3, 0x00, false, 0x8000000000000000",
        "3, 0x80, false, 0x800000003FFFE000",
        "2, 0x80, false, 0x80000000001FE000",
        "1, 0x00, false, 0x8000000000000000",
    })
    void theReservedBitsOfV2Entries(int level, String large, boolean hasNoExecute, String mask) {
        GuestTables guest = fiveLevels(hasNoExecute ? FEATURES : FEATURES & ~NX_SUPPORT);
        long next = Long.decode(large) != 0 && level > 1 ? 0x4000_0000 : level == 1 ? PAGE : TABLES[level - 1];
        long found = 0;
        for (int bit = 1; bit < 64; bit++) {
            boolean makesLarge = bit == 7 && large.equals("0x00") && (level == 2 || level == 3);
            long changed = makesLarge ? 0 : 1L << bit;
            guest.write(TABLES[level], INDEXES[level], next | Long.decode(large) | USER_WRITABLE | changed);
            found |= isReserved(guest) ? 1L << bit : 0;
        }
        assertThat(found).isEqualTo(Long.parseUnsignedLong(mask.substring(2), 16));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theReservedBitsOfGcr3Entries(int level) {
        GuestTables guest = GuestTables.flat(FEATURES);
        long farFromOthers = 0x50_0000;
        long[] tables = {LEVEL_4, farFromOthers, GCR3_UPPER, GCR3_TOP};
        guest.entry(GV | 2L << 56, GCR3_TOP, 0);
        guest.gcr3(GCR3_TOP, 0, GCR3_UPPER | 1);
        guest.gcr3(GCR3_UPPER, 0, farFromOthers | 1);
        guest.gcr3(farFromOthers, 1, LEVEL_4 | 1);
        long found = 0;
        for (int bit = 1; bit < 64; bit++) {
            guest.gcr3(tables[level], level == 1 ? 1 : 0, tables[level - 1] | 1 | 1L << bit);
            found |= isReserved(guest) ? 1L << bit : 0;
        }
        assertThat(found).isEqualTo(0xFFF0_0000_0000_0FFEL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 9, 10, 17, 18, 19})
    void eachBitOfAPasidChoosesAnEntryOfItsLevel(int bit) {
        int pasid = 1 << bit;
        GuestTables guest = GuestTables.flat(FEATURES);
        guest.entry(GV | 2L << 56, GCR3_TOP, 0);
        guest.gcr3(GCR3, 1, 0);
        guest.gcr3(GCR3_TOP, pasid >>> 18, GCR3_UPPER | 1);
        guest.gcr3(GCR3_UPPER, pasid >>> 9 & 0x1FF, GCR3 | 1);
        guest.gcr3(GCR3, pasid & 0x1FF, LEVEL_4 | 1);
        assertThat(guest.with(pasid, MAPPED, AccessKind.READ).result()).isEqualTo(PAGE);
        assertThat(guest.with(pasid ^ 0x4_0201, MAPPED, AccessKind.READ).decision())
                .isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
    }

    @ParameterizedTest
    @CsvSource({"12, 12", "12, 21", "12, 30", "21, 12", "21, 21", "21, 30", "30, 12", "30, 21", "30, 30"})
    void thePageOfBothStagesIsTheSmallerOne(int guestShift, int hostShift) {
        long guestPhysical = 0x1_4000_0000L;
        long physical = 0x2_8000_0000L;
        GuestTables guest = GuestTables.nested();
        long entry = guestPhysical | USER_WRITABLE | (guestShift == 12 ? 0 : 0x80);
        int level = (guestShift - 12) / 9 + 1;
        guest.write(TABLES[level], INDEXES[level], entry);
        long offset = MAPPED & (1L << guestShift) - 1;
        long rights = READ_WRITE | 1;
        long middle = 0x34_0000;
        long low = 0x34_1000;
        Machine machine = guest.machine;
        machine.memory.writeLong(Machine.ROOT + 5 * 8, hostShift == 30 ? physical | rights : middle | 2 << 9 | rights);
        long middleEntry = hostShift == 21 ? physical + (offset & -1L << 21) | rights : low | 1 << 9 | rights;
        machine.memory.writeLong(middle + (offset >>> 21) * 8, middleEntry);
        machine.memory.writeLong(low + (offset >>> 12 & 0x1FF) * 8, physical + offset | rights);
        int shift = Math.min(guestShift, hostShift);
        long result = physical + offset & -1L << shift;
        assertThat(guest.with(1, MAPPED + 0xABC, AccessKind.WRITE))
                .isEqualTo(new Machine.Translation(
                        TranslationDecision.TRANSLATED, Machine.DOMAIN, result, shift, 3, false));
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE).result()).isEqualTo(result);
    }
}
