package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.cache.WalkCacheGeometry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** amd-viommu reference 9.3: how many reads a nested walk without caches takes. */
class VirtualNestedWalkTest {
    private static final int PASID = 1;
    private static final long POOL = 0x1000_0000L;
    private static final long RIGHTS = Machine.READ_WRITE | 1;
    private static final long USER_WRITABLE = 0x27;

    private final Machine machine = new Machine(GuestBench.options()
            .deviceEntryCache(0)
            .walkCaches(WalkCacheGeometry.OFF)
            .build());
    private long next = POOL;

    private long table() {
        next += 0x1000;
        return next;
    }

    /** A guest's table stands at the guest physical address that the host maps to the same system physical one. */
    private long hostTable(int levels, long[] pages) {
        long root = table();
        for (long page : pages) {
            long table = root;
            for (int level = levels; level > 1; level--) {
                long at = table + (page >>> 3 + 9 * level & 0x1FF) * 8;
                if (machine.memory.peek(at) == 0) {
                    machine.memory.writeLong(at, table() | (long) (level - 1) << 9 | RIGHTS);
                }
                table = machine.memory.peek(at) & 0x000F_FFFF_FFFF_F000L;
            }
            machine.memory.writeLong(table + (page >>> 12 & 0x1FF) * 8, page | RIGHTS);
        }
        return root;
    }

    /** Guest levels, host levels, GCR3 levels, whether the GCR3 root is guest physical; reads of tables, reads for GCR3. */
    @ParameterizedTest
    @CsvSource({
        "4, 4, 1, true, 24, 5",
        "5, 4, 1, true, 29, 5",
        "4, 5, 1, true, 29, 6",
        "5, 5, 1, true, 35, 6",
        "4, 4, 2, true, 24, 10",
        "4, 4, 3, true, 24, 15",
        "4, 4, 1, false, 24, 1",
        "4, 3, 1, true, 19, 4",
    })
    void itTakesAsManyAsItsLevelsSay(
            int guestLevels, int hostLevels, int gcr3Levels, boolean isRootGuest, int reads, int gcr3Reads) {
        long[] pages = new long[guestLevels + gcr3Levels + 1];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = 0x40_0000 + i * 0x1000L;
        }
        long gcr3 = pages[0];
        for (int level = gcr3Levels; level > 0; level--) {
            int index = level == 1 ? PASID : 0;
            machine.memory.writeLong(pages[gcr3Levels - level] + index * 8L, pages[gcr3Levels - level + 1] | 1);
        }
        long address = 0x40_8060_1000L;
        for (int level = guestLevels; level > 0; level--) {
            int at = gcr3Levels + guestLevels - level;
            long entry = pages[at] + (address >>> 3 + 9 * level & 0x1FF) * 8;
            machine.memory.writeLong(entry, pages[at + 1] | USER_WRITABLE);
        }
        machine.deviceEntry(
                Machine.DEVICE,
                hostTable(hostLevels, pages)
                        | (long) hostLevels << 9
                        | Machine.READ_WRITE
                        | GuestTables.GV
                        | (long) (gcr3Levels - 1) << 56
                        | (gcr3 >>> 12 & 7) << 58
                        | 3,
                Machine.DOMAIN | (gcr3 >>> 15 & 0xFFFF) << 16,
                (long) (guestLevels - 4) << 54,
                3L << 32 | 0x100L << 16 | 1 << 15);
        machine.start(GuestBench.CONTROL & ~(isRootGuest ? 0 : GuestTables.GCR3_TRP_MODE));
        machine.told.clear();

        machine.iommu.dma(Machine.DEVICE, PASID, address, 4, AccessKind.READ);

        assertThat(machine.translations.get(0).decision()).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(machine.translations.get(0).result()).isEqualTo(pages[pages.length - 1]);
        long ofGcr3 = machine.told.indexOf(machine.told.stream()
                        .filter(line -> line.startsWith("PAGE step"))
                        .findFirst()
                        .orElseThrow())
                - hostLevels
                - 1;
        assertThat(ofGcr3).isEqualTo(gcr3Reads);
        assertThat(machine.told.stream().filter(line -> line.contains("step ")).count())
                .isEqualTo(reads + gcr3Reads);
        assertThat(machine.told).contains("entry of 48 from memory").hasSize(1 + reads + gcr3Reads);
    }

    /** Each large page drops one level on its side. */
    @ParameterizedTest
    @CsvSource({"true, 19", "false, 23"})
    void aLargePageSparesALevel(boolean isGuestLarge, int reads) {
        GuestTables guest = GuestTables.nested(GuestTables.options(GuestTables.FEATURES).toBuilder()
                .walkCaches(WalkCacheGeometry.OFF)
                .build());
        if (isGuestLarge) {
            guest.write(GuestTables.LEVEL_2, 3, 0x20_0000 | 0x80 | USER_WRITABLE);
            guest.machine.memory.writeLong(Machine.TABLE_2 + 8, 0x34_0000 | 1 << 9 | RIGHTS);
            guest.machine.memory.writeLong(0x34_0000 + 8, 0x90_1000 | RIGHTS);
        } else {
            guest.write(GuestTables.LEVEL_1, 1, 0x20_0000 | USER_WRITABLE);
            guest.machine.memory.writeLong(Machine.TABLE_2 + 8, 0xA0_0000 | RIGHTS);
        }
        guest.machine.told.clear();
        guest.with(1, GuestTables.MAPPED, AccessKind.READ);
        assertThat(guest.machine.told.stream()
                        .filter(line -> line.contains("step "))
                        .count())
                .isEqualTo(reads + 5);
    }
}
