package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.PAGE_B;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_1;
import static org.iorewind.model.iommu.Machine.TABLE_2;
import static org.iorewind.model.iommu.Machine.WRITE_ONLY;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reference 12.1 and 12.2, and what the recorded devices did with translations, their cache and device table entries; each test
 * names the rows of the deviation table it covers.
 */
class QemuTranslationTest {
    private static final long VALID = ROOT | 3 << 9 | READ_WRITE | 3;

    private final Machine seven = Machine.started(Profile.QEMU_7_2);
    private final Machine ten = Machine.started(Profile.QEMU_10_0);
    private final Machine eleven = Machine.started(Profile.QEMU_11_1);

    private static void map(Machine machine, long iova, long entry) {
        machine.map(iova, entry);
    }

    /** Q-IOTLB-1, Q-IOTLB-3, Q-IOTLB-8. */
    @Test
    void theIotlbIsKeyedByDeviceAndDroppedByDomain() {
        for (Machine machine : new Machine[] {ten, eleven}) {
            map(machine, 0x1000, PAGE_A | READ_WRITE | 1);
            machine.read(0x1000);
            map(machine, 0x1000, PAGE_B | READ_WRITE | 1);
            machine.deviceEntry(0x38, VALID, DOMAIN, 0, 0);
            machine.command(2L << 60 | 0x38, 0);
            assertThat(machine.dma(0x38, 0x1000, AccessKind.READ).result()).isEqualTo(PAGE_B);
            machine.deviceEntry(DEVICE, VALID, 9, 0, 0);
            machine.command(2L << 60 | DEVICE, 0);
            machine.told.clear();
            assertThat(machine.read(0x1000))
                    .isEqualTo(new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, PAGE_A, 12, 3, true));
            assertThat(machine.told).isEmpty();
            machine.command(3L << 60 | 9L << 32, 0x1000);
            assertThat(machine.read(0x1000).hit()).isTrue();
            machine.command(3L << 60 | (long) DOMAIN << 32, 0x77_0004);
            assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
        }
    }

    /** Q-IOTLB-4, Q-IOTLB-5. */
    @Test
    void deviceInvalidationsActInTheNewVersionOnly() {
        for (Machine machine : new Machine[] {ten, eleven}) {
            map(machine, 0x1000, PAGE_A | READ_WRITE | 1);
            map(machine, 0x2000, PAGE_A | READ_WRITE | 1);
            machine.read(0x1000);
            machine.read(0x2000);
            machine.command(4L << 60 | DEVICE, 0x1000);
            assertThat(machine.read(0x2000).hit()).isTrue();
            assertThat(machine.read(0x1000).hit()).isEqualTo(machine == ten);
            machine.command(4L << 60 | 0x38, 0x7FFF_FFFF_FFFF_F001L);
            assertThat(machine.read(0x2000).hit()).isTrue();
            machine.command(4L << 60 | DEVICE, 0x7FFF_FFFF_FFFF_F001L);
            assertThat(machine.read(0x2000).hit()).isEqualTo(machine == ten);
            machine.command(8L << 60, 0);
            assertThat(machine.read(0x2000).hit()).isFalse();
        }
    }

    /** Q-IOTLB-9, Q-CMD-8. */
    @Test
    void deviceInvalidationsTakeOnePageInTheOldestVersion() {
        map(seven, 0x1000, PAGE_A | READ_WRITE | 1);
        map(seven, 0x2000, PAGE_A | READ_WRITE | 1);
        seven.read(0x1000);
        seven.read(0x2000);
        seven.command(4L << 60 | DEVICE, 0x7FFF_FFFF_FFFF_F001L);
        assertThat(seven.read(0x1000).hit()).isTrue();
        for (long reserved : new long[] {1 << 1, 1 << 3, 1 << 6, 1 << 11}) {
            seven.command(4L << 60 | DEVICE, 0x1000 | reserved);
            assertThat(seven.read(0x1000).hit()).isTrue();
        }
        seven.command(4L << 60 | 0x38, 0x1000);
        assertThat(seven.read(0x1000).hit()).isTrue();
        seven.command(4L << 60 | DEVICE, 0x1000);
        assertThat(seven.read(0x1000).hit()).isFalse();
        seven.command(4L << 60 | DEVICE, 0x2000 | 3 << 4);
        assertThat(seven.read(0x2000).hit()).isFalse();
        assertThat(seven.iommu.register(0x2000)).isEqualTo(9 * 16);
    }

    /** Q-CMD-8. */
    @Test
    void aBadInvalidationDoesNothing() {
        Machine machine = new Machine(IommuOptions.of(Profile.QEMU_11_1));
        machine.start(Machine.ENABLED);
        machine.deviceEntry(DEVICE, VALID, DOMAIN, 0, 0);
        machine.command(2L << 60 | 1L << 33 | DEVICE, 0);
        assertThat(machine.lastEvent().q0()).isEqualTo(0x5002_0000_0000_0000L);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PASSED);
        map(eleven, 0x1000, PAGE_A | READ_WRITE | 1);
        eleven.read(0x1000);
        eleven.command(4L << 60 | DEVICE, 0x1002);
        assertThat(eleven.read(0x1000).hit()).isTrue();
        assertThat(eleven.events).hasSize(1);
        eleven.command(4L << 60 | DEVICE, 0x1000 | 3 << 4);
        assertThat(eleven.read(0x1000).hit()).isFalse();
        assertThat(eleven.events).hasSize(1);
    }

    /** Q-IOTLB-2. */
    @Test
    void anInsertIntoAFullIotlbEmptiesItFirst() {
        eleven.memory.writeLong(ROOT + 8, READ_WRITE | 1);
        for (int i = 0; i < 1024; i++) {
            eleven.read(0x4000_0000L + i * 0x1000L);
        }
        assertThat(eleven.read(0x4000_0000L).hit()).isTrue();
        assertThat(eleven.read(0x4000_0000L + 1024 * 0x1000L).hit()).isFalse();
        assertThat(eleven.read(0x4000_0000L).hit()).isFalse();
        assertThat(eleven.read(0x4000_0000L).hit()).isTrue();
    }

    /** Q-IOTLB-6, Q-IOTLB-7, Q-DTE-4, Q-DTE-6. */
    @Test
    void theOldVersionCachesWhatPasses() {
        ten.deviceEntry(DEVICE, READ_ONLY | 1, DOMAIN, 0, 0);
        Machine.Translation passed = new Machine.Translation(TranslationDecision.PASSED, DOMAIN, 0x1000, 0, 1, false);
        assertThat(ten.read(0x1234)).isEqualTo(passed);
        assertThat(ten.read(0x1234))
                .isEqualTo(new Machine.Translation(TranslationDecision.PASSED, DOMAIN, 0x1000, 0, 1, true));
        assertThat(ten.written(0x1234).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(ten.written(0x5000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        ten.deviceEntry(0x38, 0, 0, 0, 0);
        ten.dma(0x38, 0x1000, AccessKind.READ);
        assertThat(ten.dma(0x38, 0x1000, AccessKind.READ).hit()).isFalse();
        ten.deviceEntry(0x40, VALID | 7 << 9, 0, 0, 0);
        assertThat(ten.dma(0x40, 0x1000, AccessKind.READ).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(ten.events).isEmpty();
    }

    /** Q-GATE-1, Q-DTE-5, Q-DTE-7. */
    @Test
    void theNewVersionTranslatesAnnouncedDevicesOnly() {
        Machine machine = new Machine(IommuOptions.of(Profile.QEMU_11_1));
        machine.start(Machine.ENABLED);
        machine.deviceEntry(DEVICE, VALID, DOMAIN, 0, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PASSED);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        machine.deviceEntry(DEVICE, 3, DOMAIN, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TranslationDecision.PASSED);
        machine.deviceEntry(DEVICE, VALID & ~2, DOMAIN, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.TRANSLATION_OFF);
        assertThat(machine.events).hasSize(1);
        machine.deviceEntry(DEVICE, VALID | 4, DOMAIN, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(machine.events).extracting(Machine.Logged::q0).containsSequence(1L << 60 | 0x30, 1L << 60 | 0x30);
        machine.memory.injectFailure(Machine.DEVICE_TABLE, 0x1000, MemoryStatus.ABORT);
        machine.command(2L << 60 | 0x38, 0);
        assertThat(machine.lastEvent().q0()).isEqualTo(3L << 60 | 0x38);
        assertThat(machine.dma(0x38, 0, AccessKind.READ).decision()).isEqualTo(TranslationDecision.HARDWARE_ERROR);
        machine.iommu.reset();
        machine.memory.heal(0, Long.MAX_VALUE);
        machine.start(Machine.ENABLED);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    /** Q-DTE-10. */
    @ParameterizedTest
    @EnumSource(names = "SPEC", mode = EnumSource.Mode.EXCLUDE)
    void guestFieldsMeanNothingWithoutAPasid(Profile profile) {
        Machine machine = Machine.started(profile);
        map(machine, 0x1000, PAGE_A | READ_WRITE | 1);
        machine.write(0x18, Machine.ENABLED | 1 << 16);
        machine.deviceEntry(DEVICE, VALID | 3L << 54, DOMAIN, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        assertThat(machine.told).doesNotContain("not modelled GUEST_TRANSLATION");
    }

    /** Q-DTE-1, Q-DTE-2, Q-DTE-3, Q-DTE-8. */
    @Test
    void reservedBitsAreThoseOfTheVersion() {
        assertThat(isIllegal(ten, VALID | 1L << 52, 0, 0, 0)).isTrue();
        assertThat(isIllegal(ten, VALID, 0x100, 0, 0)).isTrue();
        assertThat(isIllegal(ten, VALID, 1L << 40, 0, 0)).isFalse();
        assertThat(isIllegal(seven, VALID | 1L << 52, 0x100, 0, 1L << 63)).isFalse();
        assertThat(isIllegal(seven, VALID | 1L << 7, 0, 0x08C0L << 48, 1L << 15))
                .isFalse();
        assertThat(isIllegal(seven, VALID | 1L << 6, 0, 0, 0)).isTrue();
        assertThat(isIllegal(seven, VALID, 0, 1L << 52, 0)).isTrue();
        assertThat(isIllegal(seven, VALID, 0, 0, 1)).isTrue();
        assertThat(isIllegal(ten, 0, 0, 0, 1L << 63)).isTrue();
        assertThat(isIllegal(eleven, VALID | 1L << 52, 0, 0, 0)).isFalse();
        assertThat(isIllegal(eleven, VALID, 0x100, 0, 0)).isFalse();
        assertThat(isIllegal(eleven, VALID, 0, 1L << 52, 0)).isTrue();
        assertThat(isIllegal(eleven, VALID, 3L << 35, 0, 1L << 63)).isFalse();
        assertThat(isIllegal(eleven, VALID, 0, 0, 1)).isTrue();
        eleven.dma(0xFFFF, 0x1000, AccessKind.READ);
        assertThat(ten.dma(0xFFFF, 0xFD_0000_0000L, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
        ten.deviceEntry(DEVICE, VALID, DOMAIN, 0, 0);
        ten.memory.writeLong(ROOT + 0x1F4 * 8, PAGE_A | READ_WRITE | 1);
        assertThat(ten.read(0xFD_0000_0000L).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    private static boolean isIllegal(Machine machine, long q0, long q1, long q2, long q3) {
        machine.deviceEntry(DEVICE, q0, q1, q2, q3);
        machine.command(2L << 60 | DEVICE, 0);
        return machine.read(0x7_7000).decision() == TranslationDecision.BAD_DEVICE_ENTRY;
    }

    /** Q-WALK-1, Q-WALK-2, Q-WALK-3, Q-WALK-5, Q-WALK-8. */
    @Test
    void theOldWalkTrustsTheLastEntry() {
        map(ten, 0x1000, PAGE_A | READ_ONLY);
        assertThat(ten.read(0x1000))
                .isEqualTo(new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, PAGE_A, 12, 1, false));
        assertThat(ten.written(0x1000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        map(ten, 0x2000, PAGE_A | 1);
        assertThat(ten.dma(DEVICE, 0x2000, AccessKind.UNKNOWN).rights()).isZero();
        assertThat(ten.read(0x2000).hit()).isFalse();
        assertThat(ten.read(0x3000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(ten.read(0x80_0000_1000L).result()).isEqualTo(PAGE_A);
        ten.memory.writeLong(TABLE_2 + 8, TABLE_1 | 1 << 9 | READ_ONLY | 1);
        map(ten, 0x4000, PAGE_A | READ_WRITE | 1);
        assertThat(ten.written(0x20_4000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(ten.read(0x20_4000).rights()).isEqualTo(3);
        ten.memory.writeLong(TABLE_2 + 16, TABLE_1 | 1 << 9 | READ_WRITE);
        assertThat(ten.read(0x40_4000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        ten.memory.writeLong(TABLE_2 + 24, TABLE_2 | 2 << 9 | READ_WRITE | 1);
        assertThat(ten.read(0x60_4000).decision()).isEqualTo(TranslationDecision.BAD_TABLE_ENTRY);
        ten.memory.writeLong(TABLE_2 + 32, 0x000F_FFFF_FFFF_F000L | 7 << 9 | READ_WRITE | 1);
        assertThat(ten.read(0x80_4000))
                .isEqualTo(new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, 0, 53, 3, false));
    }

    /** Q-WALK-2, Q-WALK-4, Q-WALK-6, Q-WALK-7. */
    @Test
    void theNewWalkChecksTheLastEntryAlone() {
        map(eleven, 0x1000, PAGE_A | 1L << 52 | READ_WRITE | 1);
        eleven.memory.writeLong(TABLE_2, TABLE_1 | 1 << 9 | READ_ONLY | 1);
        assertThat(eleven.written(0x1000))
                .isEqualTo(new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, PAGE_A, 12, 3, false));
        map(eleven, 0x2000, PAGE_A | READ_ONLY | 1);
        assertThat(eleven.written(0x2000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(eleven.lastEvent().flags()).isEqualTo(0xA);
        eleven.read(0x2000);
        int before = eleven.events.size();
        assertThat(eleven.written(0x2000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(eleven.events).hasSize(before);
        map(eleven, 0x3000, PAGE_A | 1);
        assertThat(eleven.dma(DEVICE, 0x3000, AccessKind.UNKNOWN).decision())
                .isEqualTo(TranslationDecision.NO_PERMISSION);
        eleven.memory.writeLong(ROOT, TABLE_2 | 2 << 9 | WRITE_ONLY | 1);
        assertThat(eleven.read(0x4000))
                .isEqualTo(new Machine.Translation(
                        TranslationDecision.TRANSLATED, DOMAIN, TABLE_1 & -1L << 21, 21, 1, false));
        assertThat(eleven.written(0x5000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(eleven.read(0x80_0000_0000L).decision()).isEqualTo(TranslationDecision.ADDRESS_TOO_WIDE);
        eleven.deviceEntry(DEVICE, VALID & ~READ_WRITE, DOMAIN, 0, 0);
        assertThat(eleven.read(0x6000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        eleven.deviceEntry(DEVICE, VALID, DOMAIN, 0, 0);
        eleven.memory.writeLong(ROOT + 8, TABLE_1 | 1 << 9 | READ_WRITE | 1);
        assertThat(eleven.read(0x4020_1000L).result()).isEqualTo(PAGE_A);
        eleven.memory.writeLong(ROOT + 16, TABLE_1 | 3 << 9 | READ_WRITE | 1);
        assertThat(eleven.read(0x8000_0000L).decision()).isEqualTo(TranslationDecision.BAD_TABLE_ENTRY);
    }
}
