package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestTables.FEATURES;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.GuestTables.HOST_OFFSET;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.LEVEL_2;
import static org.iorewind.model.iommu.GuestTables.LEVEL_3;
import static org.iorewind.model.iommu.GuestTables.LEVEL_4;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.TABLE_1;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 1.5 (GDUpdateDis), 6.2, 6.3: accessed and dirty bits of guest entries. */
class Section6GuestAccessedDirtyTest {
    private static final long GD_UPDATE_DIS = 1L << 48;
    private static final long A = 1L << 5;
    private static final long D = 1L << 6;
    /** P, R/W, U/S. */
    private static final long CLEAN = 7;

    private static final long HOST_DIRTY = 1L << 52;
    private static final long HAD_D = 1L << 8;

    private final GuestTables guest = clean(GuestTables.flat(FEATURES));

    private static GuestTables clean(GuestTables tables) {
        tables.write(LEVEL_4, 0, LEVEL_3 | CLEAN);
        tables.write(LEVEL_3, 0x102, LEVEL_2 | CLEAN);
        tables.write(LEVEL_2, 3, LEVEL_1 | CLEAN);
        tables.write(LEVEL_1, 1, PAGE | CLEAN);
        return tables;
    }

    private static long leaf(GuestTables tables, long offset) {
        return tables.machine.memory.peek(LEVEL_1 + offset + 8) & (A | D);
    }

    @ParameterizedTest
    @CsvSource({"READ, 0, 32", "WRITE, 0, 96", "ATOMIC, 0, 96", "WRITE, 1, 32", "READ, 1, 32"})
    void aIsSetOnThePathAndDOnThePageOfAWriteUnlessGdUpdateDis(AccessKind access, int disabled, long leaf) {
        guest.machine.write(0x18, Machine.ENABLED | GuestTables.GT_EN | disabled * GD_UPDATE_DIS);
        guest.with(1, MAPPED, access);
        for (long directory : new long[] {LEVEL_4, LEVEL_3 + 0x102 * 8, LEVEL_2 + 24}) {
            assertThat(guest.machine.memory.peek(directory) & (A | D)).isEqualTo(A);
        }
        assertThat(leaf(guest, 0)).isEqualTo(leaf);
        assertThat(guest.machine.memory.peek(LEVEL_1 + 8) & ~(A | D)).isEqualTo(PAGE | CLEAN);
        assertThat(guest.machine.memory.peek(GCR3 + 8)).isEqualTo(LEVEL_4 | 1);
    }

    @Test
    void aWriteThroughACachedCleanTranslationStillSetsDirty() {
        guest.with(1, MAPPED, AccessKind.READ);
        assertThat(leaf(guest, 0)).isEqualTo(A);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE).hit()).isFalse();
        assertThat(leaf(guest, 0)).isEqualTo(A | D);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE).hit()).isTrue();
    }

    @Test
    void withGdUpdateDisACachedCleanTranslationServesWrites() {
        guest.machine.write(0x18, Machine.ENABLED | GuestTables.GT_EN | GD_UPDATE_DIS);
        guest.with(1, MAPPED, AccessKind.READ);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE).hit()).isTrue();
        guest.machine.write(0x18, Machine.ENABLED | GuestTables.GT_EN);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE).hit()).isFalse();
        assertThat(leaf(guest, 0)).isEqualTo(A | D);
    }

    @Test
    void clearedBitsAreSetAgainOnlyAfterAnInvalidation() {
        guest.with(1, MAPPED, AccessKind.WRITE);
        guest.write(LEVEL_1, 1, PAGE | CLEAN);
        guest.with(1, MAPPED, AccessKind.WRITE);
        assertThat(leaf(guest, 0)).isZero();
        guest.invalidateGuest(1, DOMAIN, MAPPED);
        guest.with(1, MAPPED, AccessKind.WRITE);
        assertThat(leaf(guest, 0)).isEqualTo(A | D);
    }

    @Test
    void aGuestStageFaultMarksNothing() {
        guest.write(LEVEL_1, 1, PAGE | 5);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(leaf(guest, 0)).isZero();
        assertThat(guest.machine.memory.peek(LEVEL_4) & A).isZero();
    }

    @Test
    void markingIsAWriteOfTheHostStageWhichNeedsTheHostsRight() {
        GuestTables nested = clean(GuestTables.nested());
        nested.host(LEVEL_1, LEVEL_1 + HOST_OFFSET | READ_ONLY | 1);
        assertThat(nested.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(nested.machine.lastEvent().q1()).isEqualTo(MAPPED);
        assertThat(nested.machine.lastEvent().flags() & 1).isEqualTo(1);
        assertThat(leaf(nested, HOST_OFFSET)).isZero();
        nested.write(LEVEL_1, 1, PAGE | CLEAN | A);
        assertThat(nested.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(nested.with(1, MAPPED, AccessKind.WRITE).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
    }

    @Test
    void theHostPageOfAGuestTableThatIsMarkedBecomesDirty() {
        GuestTables nested = GuestTables.nested(FEATURES | HOST_DIRTY);
        nested.entry(GV | GuestTables.hostBits() | HAD_D, GCR3, 0);
        nested.with(1, MAPPED, AccessKind.READ);
        long hostEntry = TABLE_1 + LEVEL_1 / 512;
        assertThat(nested.machine.memory.peek(hostEntry) & D).isZero();
        nested.with(1, MAPPED, AccessKind.WRITE);
        assertThat(nested.machine.memory.peek(hostEntry) & D).isEqualTo(D);
        assertThat(nested.machine.memory.peek(TABLE_1 + LEVEL_2 / 512) & D).isZero();
        assertThat(leaf(nested, HOST_OFFSET)).isEqualTo(A | D);
    }

    @Test
    void marksOfTheGuestStayWhenTheHostRefusesTheFinalAddress() {
        GuestTables nested = clean(GuestTables.nested());
        nested.host(PAGE, PAGE + HOST_OFFSET | READ_ONLY | 1);
        assertThat(nested.with(1, MAPPED, AccessKind.WRITE).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(leaf(nested, HOST_OFFSET)).isEqualTo(A | D);
    }

    @Test
    void theHostsRightsLimitADirtyGuestPageToo() {
        GuestTables nested = clean(GuestTables.nested());
        nested.with(1, MAPPED, AccessKind.WRITE);
        assertThat(nested.with(1, MAPPED, AccessKind.WRITE).rights()).isEqualTo(3);
        nested.host(PAGE, PAGE + HOST_OFFSET | READ_WRITE | 1);
        assertThat(nested.with(1, MAPPED, AccessKind.READ).hit()).isTrue();
    }

    @Test
    void anUnreadableGuestTableMarksNothing() {
        guest.machine.memory.injectFailure(LEVEL_1 + 8, 8, MemoryStatus.ABORT);
        assertThat(guest.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.HARDWARE_ERROR);
        assertThat(guest.machine.memory.peek(LEVEL_4) & A).isZero();
    }

    @Test
    void aLargeGuestPageIsMarkedInItsOwnEntry() {
        guest.write(LEVEL_2, 3, 0x80 | CLEAN);
        guest.with(1, MAPPED, AccessKind.WRITE);
        assertThat(guest.machine.memory.peek(LEVEL_2 + 24) & (A | D)).isEqualTo(A | D);
    }
}
