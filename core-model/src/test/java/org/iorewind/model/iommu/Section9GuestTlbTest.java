package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestTables.FEATURES;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.GIOV;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.GuestTables.HOST_OFFSET;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.LEVEL_2;
import static org.iorewind.model.iommu.GuestTables.LEVEL_4;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;
import static org.iorewind.model.iommu.GuestTables.USER_WRITABLE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_WRITE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference 3.3, 6.3, 9.1, 9.2: guest translations in the TLB. */
class Section9GuestTlbTest {
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;
    private static final int NO_PASID = EffectSink.NO_PASID;

    private final GuestTables guest = GuestTables.flat(FEATURES);
    private final GuestTables nested = GuestTables.nested();

    private static void cache(GuestTables tables, int pasid) {
        assertThat(tables.with(pasid, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.TRANSLATED);
        expectHit(tables, pasid, true);
    }

    private static void expectHit(GuestTables tables, int pasid, boolean hit) {
        assertThat(tables.with(pasid, MAPPED, AccessKind.READ).hit()).isEqualTo(hit);
    }

    @Test
    void aCachedTranslationIsStaleUntilItIsInvalidated() {
        cache(nested, 1);
        nested.write(LEVEL_1, 1, 0x7000 | USER_WRITABLE);
        nested.machine.told.clear();
        assertThat(nested.with(1, MAPPED + 8, AccessKind.READ))
                .isEqualTo(new Machine.Translation(
                        TranslationDecision.TRANSLATED, DOMAIN, PAGE + HOST_OFFSET, 12, 3, true));
        assertThat(nested.machine.told).containsExactly("entry of 48 from memory");
        nested.invalidateGuest(1, DOMAIN, MAPPED);
        assertThat(nested.machine.told).contains("dropped domain 5 4080601000 size 4096 pages 1");
        assertThat(nested.with(1, MAPPED, AccessKind.READ).result()).isEqualTo(0x7000 + HOST_OFFSET);
    }

    @Test
    void entriesAreTaggedByPasid() {
        guest.gcr3(GCR3, 2, 0xA000 | 1);
        cache(guest, 1);
        assertThat(guest.with(2, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        expectHit(guest, 1, true);
    }

    @Test
    void anInvalidationNamesDomainPasidAndRange() {
        cache(guest, 0);
        cache(guest, 1);
        guest.invalidateGuest(1, DOMAIN + 1, EVERYTHING);
        guest.invalidateGuest(2, DOMAIN, EVERYTHING);
        guest.invalidateGuest(1, DOMAIN, MAPPED + 0x1000);
        expectHit(guest, 1, true);
        guest.invalidateGuest(1, DOMAIN, EVERYTHING);
        expectHit(guest, 1, false);
        expectHit(guest, 0, true);
    }

    @Test
    void thePasidOfAnInvalidationHasTwentyBits() {
        guest.entry(GV | 2L << 56, GCR3, 0);
        guest.gcr3(GCR3, 3, 0x8000 | 1);
        guest.gcr3(0x8000, 0x1FF, 0x9000 | 1);
        guest.gcr3(0x9000, 0x1FF, LEVEL_4 | 1);
        cache(guest, 0xF_FFFF);
        guest.invalidateGuest(0x7_FFFF, DOMAIN, EVERYTHING);
        expectHit(guest, 0xF_FFFF, true);
        guest.invalidateGuest(0xF_FFFF, DOMAIN, EVERYTHING);
        expectHit(guest, 0xF_FFFF, false);
    }

    @Test
    void invalidatingOneFrameOfALargeGuestPageDropsItThoughTheHostsPagesAreSmall() {
        nested.write(LEVEL_2, 3, 0x80 | USER_WRITABLE);
        cache(nested, 1);
        assertThat(nested.with(1, MAPPED, AccessKind.READ).shift()).isEqualTo(12);
        nested.invalidateGuest(1, DOMAIN, MAPPED + 0x20_0000);
        expectHit(nested, 1, true);
        nested.invalidateGuest(1, DOMAIN, MAPPED + 0x1F_0000);
        expectHit(nested, 1, false);
    }

    @Test
    void negativeAddressesAreInvalidatedToo() {
        long high = -1L << 47 | MAPPED;
        guest.write(LEVEL_4, 256, GuestTables.LEVEL_3 | USER_WRITABLE);
        guest.with(1, high, AccessKind.READ);
        assertThat(guest.with(1, high, AccessKind.READ).hit()).isTrue();
        guest.invalidateGuest(1, DOMAIN, high & -1L << 12);
        assertThat(guest.with(1, high, AccessKind.READ).hit()).isFalse();
    }

    @Test
    void hostAndGuestEntriesNeverAnswerForEachOther() {
        nested.entry(GV | GuestTables.hostBits(), GCR3, 0);
        long address = 0x3000;
        nested.write(LEVEL_4, 0, GuestTables.LEVEL_3 | USER_WRITABLE);
        assertThat(nested.with(NO_PASID, address, AccessKind.READ).result()).isEqualTo(address + HOST_OFFSET);
        assertThat(nested.with(0, address, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        nested.write(GuestTables.LEVEL_3, 0, LEVEL_2 | USER_WRITABLE);
        nested.write(LEVEL_2, 0, LEVEL_1 | USER_WRITABLE);
        nested.write(LEVEL_1, 3, PAGE | USER_WRITABLE);
        assertThat(nested.with(0, address, AccessKind.READ).result()).isEqualTo(PAGE + HOST_OFFSET);
        Machine.Translation host = nested.with(NO_PASID, address, AccessKind.READ);
        assertThat(host.hit()).isTrue();
        assertThat(host.result()).isEqualTo(address + HOST_OFFSET);
    }

    @Test
    void guestInvalidationsLeaveHostEntriesAndHostOnesDropCombinedEntriesOfTheDomain() {
        nested.entry(GV | GuestTables.hostBits(), GCR3, 0);
        nested.with(NO_PASID, 0x3000, AccessKind.READ);
        cache(nested, 1);
        nested.invalidateGuest(1, DOMAIN, EVERYTHING);
        assertThat(nested.with(NO_PASID, 0x3000, AccessKind.READ).hit()).isTrue();
        cache(nested, 1);
        nested.machine.command(3L << 60 | (long) (DOMAIN + 1) << 32, EVERYTHING);
        expectHit(nested, 1, true);
        nested.machine.command(3L << 60 | (long) DOMAIN << 32, 0x7000);
        expectHit(nested, 1, false);
        assertThat(nested.with(NO_PASID, 0x3000, AccessKind.READ).hit()).isTrue();
    }

    @Test
    void hostInvalidationsLeaveGuestEntriesThatHaveNoHostStage() {
        cache(guest, 1);
        guest.machine.invalidateDomain(DOMAIN);
        expectHit(guest, 1, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void invalidatingAllDropsGuestEntries(int pasid) {
        cache(guest, pasid);
        cache(nested, pasid);
        guest.machine.command(8L << 60, 0);
        nested.machine.command(8L << 60, 0);
        expectHit(guest, pasid, false);
        expectHit(nested, pasid, false);
    }

    @Test
    void cachedRightsCountInAllTheirKinds() {
        guest.write(LEVEL_1, 1, PAGE | 1L << 63 | 1);
        assertThat(guest.with(1, MAPPED, AccessKind.READ, false, true).rights()).isEqualTo(1);
        guest.write(LEVEL_1, 1, PAGE | USER_WRITABLE);
        expectRefusedHit(guest.with(1, MAPPED, AccessKind.READ), 0x055);
        expectRefusedHit(guest.with(1, MAPPED, AccessKind.WRITE, false, true), 0x071);
        expectRefusedHit(guest.with(1, MAPPED, AccessKind.READ, true, true), 0x053);
        assertThat(guest.with(1, MAPPED, AccessKind.READ, false, true).hit()).isTrue();
        guest.invalidateGuest(1, DOMAIN, MAPPED);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE, true, false).rights())
                .isEqualTo(3);
    }

    private void expectRefusedHit(Machine.Translation refused, int flags) {
        assertThat(refused.decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(refused.hit()).isTrue();
        assertThat(guest.machine.lastEvent().flags()).isEqualTo(flags);
    }

    @Test
    void devicesOfADomainShareGuestEntriesButNotTheirOwnRights() {
        cache(nested, 1);
        long q0 = GV | GIOV | GuestTables.hostBits() | (GCR3 >>> 12) << 58 | Machine.READ_ONLY | 3;
        nested.machine.deviceEntry(0x38, q0, DOMAIN, 0, 0);
        nested.machine.iommu.dma(0x38, 1, MAPPED, 4, AccessKind.READ);
        Machine.Translation shared = nested.machine.translations.get(nested.machine.translations.size() - 1);
        assertThat(shared.hit()).isTrue();
        assertThat(shared.rights()).isEqualTo(1);
        assertThat(nested.machine.iommu.dma(0x38, 1, MAPPED, 4, AccessKind.WRITE))
                .isEqualTo(TranslationDecision.NO_PERMISSION);
    }

    @Test
    void theHostsRightsAreCachedWithTheGuests() {
        nested.host(PAGE, PAGE + HOST_OFFSET | Machine.READ_ONLY | 1);
        cache(nested, 1);
        nested.host(PAGE, PAGE + HOST_OFFSET | READ_WRITE | 1);
        assertThat(nested.with(1, MAPPED, AccessKind.WRITE).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        nested.machine.invalidateDomain(DOMAIN);
        assertThat(nested.with(1, MAPPED, AccessKind.WRITE).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    @Test
    void guestEntriesArePartOfTheState() {
        long before = guest.machine.hash();
        cache(guest, 1);
        long first = guest.machine.hash();
        guest.invalidateGuest(1, DOMAIN, EVERYTHING);
        cache(guest, 0);
        assertThat(first).isNotEqualTo(before).isNotEqualTo(guest.machine.hash());
    }
}
