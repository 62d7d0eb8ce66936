package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DEVICE_TABLE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_1;
import static org.iorewind.model.iommu.Machine.TABLE_2;
import static org.iorewind.model.iommu.Machine.WRITE_ONLY;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The traps of reference 14 about protection, encodings and interrupts, as far as the tests of the sections themselves do
 * not hold them: for 3 see Section1RegistersTest; for 5, 10, 14 and 15 Section3CommandFormatTest and Section6PageSizeTest;
 * for 8 and 16 Section6GuestWalkTest; for 11 also Section5PageRequestTest and Section9GuestTlbTest; for 21
 * Section4EventFormatTest.
 */
class Section14EncodingTrapsTest {
    private static final long MSI = 0xFEE0_0000L;
    private static final long REMAP = INTERRUPT_TABLE | 1 | 9 << 1 | 2L << 60;
    private static final long VALID = ROOT | 3 << 9 | READ_WRITE | 3;

    private final Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
            .deviceEntryCache(0)
            .interruptCache(0)
            .build());

    @Test
    void trap1AZeroedDeviceTableIsOpen() {
        machine.deviceEntry(DEVICE, 0, 0, 0, 0);
        assertThat(machine.dma(DEVICE, 0x1234_5678, AccessKind.ATOMIC))
                .isEqualTo(new Machine.Translation(TranslationDecision.PASSED, 0, 0x1234_5000, 0, 3, false));
        assertThat(machine.interrupt(MSI, 3).decision()).isEqualTo(InterruptDecision.PASSED);
    }

    @ParameterizedTest
    @CsvSource({"3, NO_PERMISSION", "1, TRANSLATION_OFF"})
    void trap1BlockingNeedsAValidEntry(long q0, TranslationDecision decision) {
        machine.deviceEntry(DEVICE, q0, 0, 0, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(decision);
        assertThat(machine.written(0x1000).decision()).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({
        // V, IV, memory, interrupts
        "0, 0, PASSED, PASSED",
        "0, 1, PASSED, ABORTED",
        "1, 0, PAGE_NOT_PRESENT, PASSED",
        "1, 1, PAGE_NOT_PRESENT, ABORTED",
    })
    void trap2TheTwoHalvesOfAnEntryAreIndependent(
            int v, int iv, TranslationDecision memory, InterruptDecision interrupts) {
        machine.deviceEntry(DEVICE, VALID & ~1 | v, DOMAIN, iv, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(memory);
        assertThat(machine.interrupt(MSI, 3).decision()).isEqualTo(interrupts);
    }

    @ParameterizedTest
    @CsvSource({"3, 3, 3, 3", "1, 3, 3, 1", "3, 1, 3, 1", "3, 3, 1, 1", "1, 2, 3, 0", "3, 2, 1, 0", "2, 3, 2, 2"})
    void trap4RightsAreTheAndOfTheEntryAndAllLevels(long entry, long directory, long page, int rights) {
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | entry << 61 | 3, DOMAIN, 0, 0);
        machine.memory.writeLong(TABLE_2, TABLE_1 | 1 << 9 | directory << 61 | 1);
        machine.map(0x1000, PAGE_A | page << 61 | 1);
        assertThat(machine.dma(DEVICE, 0x1000, AccessKind.UNKNOWN).rights()).isEqualTo(rights);
        TranslationDecision read = machine.read(0x1000).decision();
        assertThat(read == TranslationDecision.TRANSLATED).isEqualTo((rights & 1) != 0);
        TranslationDecision write = machine.written(0x1000).decision();
        assertThat(write == TranslationDecision.TRANSLATED).isEqualTo((rights & 2) != 0);
    }

    @Test
    void trap4GuestRightsAreOneMoreFactor() {
        GuestTables guest = GuestTables.nested();
        guest.write(GuestTables.LEVEL_1, 1, GuestTables.PAGE | GuestTables.USER_WRITABLE & ~2);
        assertThat(guest.with(1, GuestTables.MAPPED, AccessKind.READ).rights()).isEqualTo(1);
        guest.write(GuestTables.LEVEL_1, 1, GuestTables.PAGE | GuestTables.USER_WRITABLE);
        guest.host(GuestTables.PAGE, GuestTables.PAGE + GuestTables.HOST_OFFSET | WRITE_ONLY | 1);
        guest.machine.command(8L << 60, 0);
        assertThat(guest.with(1, GuestTables.MAPPED, AccessKind.WRITE).rights()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"0, 128", "1, 256", "2, 384", "0x1FE, 65408", "0x1FF, 65536"})
    void trap6TheDeviceTablesSizeIsPagesMinusOne(String size, int entries) {
        machine.write(0, DEVICE_TABLE | Integer.decode(size));
        assertThat(machine.dma(entries - 1, 0x1000, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
        if (entries < 65536) {
            assertThat(machine.dma(entries, 0x1000, AccessKind.READ).decision())
                    .isEqualTo(TranslationDecision.DEVICE_OUT_OF_TABLE);
        }
    }

    @Test
    void trap7TheCodeHasFourBitsAndTheFlagsBegin16BitsIntoTheirDoubleWord() {
        machine.map(0x1000, PAGE_A | READ_ONLY | 1);
        machine.written(0x1000);
        int doubleWord1 = (int) (machine.memory.peek(Machine.LOG) >>> 32);
        assertThat(doubleWord1 >>> 28).isEqualTo(2);
        assertThat(doubleWord1 >>> 16 & 0xFFF).isEqualTo(0x070);
        assertThat(doubleWord1 & 0xFFFF).isEqualTo(DOMAIN);
    }

    @Test
    void trap9TheInterruptTableRootEndsAtBit51() {
        machine.deviceEntry(DEVICE, 0, 0, 0x000F_FFFF_FFFF_FF80L | 1 | 2L << 60, 0);
        assertThat(machine.interrupt(MSI, 0).irteAddress()).isEqualTo(0x000F_FFFF_FFFF_FF80L);
    }

    @ParameterizedTest
    @CsvSource({"0x00001", "0x00080", "0x00100", "0x08000", "0x10000", "0x80000", "0xFFFFF"})
    void trap11EachFormatSplitsThePasidInItsOwnWay(String value) {
        int pasid = Integer.decode(value);
        long upper = pasid >>> 16;
        long lower = pasid & 0xFFFF;
        Machine rich = new Machine(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(GuestTables.FEATURES | 2)
                .build());
        rich.start(Machine.ENABLED | 3L << 13);
        rich.deviceEntry(DEVICE, 3, DOMAIN, 0, 0);
        rich.iommu.dma(DEVICE, pasid, 0x1000, 4, AccessKind.READ);
        assertThat(rich.lastEvent().q0()).isEqualTo(2L << 60 | 0x055L << 48 | lower << 32 | upper << 16 | DEVICE);
        rich.iommu.pageRequest(DEVICE, pasid, 0x1000, 1, 0x15, false);
        long invalidRequest = 9L << 60 | 0x104L << 48 | upper << 42 | 0x15L << 32 | lower << 16 | DEVICE;
        assertThat(rich.lastEvent().q0()).isEqualTo(invalidRequest);
        rich.command(7L << 60 | (long) pasid << 32 | DEVICE, 4 | 0x15L << 32);
        assertThat(rich.told).contains("response to 48 pasid " + pasid + " group 21 code 0");
    }

    @Test
    void trap12DomainAndPasidShareTheirBitsAndGnTellsWhich() {
        GuestTables guest = GuestTables.flat(GuestTables.FEATURES);
        guest.machine.deviceEntry(DEVICE, 1, 0x1234, 0, 0);
        guest.with(NO_PASID, 0x1000, AccessKind.READ);
        assertThat(guest.machine.lastEvent().q0()).isEqualTo(2L << 60 | 0x1234L << 32 | DEVICE);
        guest.with(0x1234, 0x1000, AccessKind.READ);
        assertThat(guest.machine.lastEvent().q0()).isEqualTo(2L << 60 | 0x005L << 48 | 0x1234L << 32 | DEVICE);
    }

    @Test
    void trap13AnyCopyOfAReplicatedEntryMayBeTheOneThatIsMarked() {
        long had = 3L << 7;
        Machine marking = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | 1L << 49 | 1L << 52)
                .build());
        marking.deviceEntry(DEVICE, VALID | had, DOMAIN, 0, 0);
        long copy = 0x80_0000 | 0x3000 | 7 << 9 | READ_WRITE | 1;
        long marked = 0;
        for (int i = 0; i < 8; i++) {
            marking.map(i * 0x1000L, copy);
        }
        assertThat(marking.written(0x5000).result()).isEqualTo(0x80_0000);
        for (int i = 0; i < 8; i++) {
            marked |= marking.memory.peek(TABLE_1 + i * 8L) & 0x60;
        }
        assertThat(marked).isEqualTo(0x60);
        assertThat(marking.read(0x2000).shift()).isEqualTo(15);
    }

    @Test
    void trap29TheIndexOverlapsTheDeliveryMode() {
        machine.deviceEntry(DEVICE, 0, 0, REMAP, 0);
        machine.memory.writeLong(INTERRUPT_TABLE + 511 * 4 & -8, (1L | 0x77 << 16) << 32);
        assertThat(machine.interrupt(MSI, 511).data()).isEqualTo(0x77);
        machine.deviceEntry(DEVICE, 0, 0, REMAP | 1 << 2, 0);
        assertThat(machine.interrupt(MSI, 512).decision()).isEqualTo(InterruptDecision.PASSED);
    }

    @Test
    void trap30GaenChangesTheSizeOfTheEntriesOfAllDevicesAndXtenNeedsIt() {
        long xt = 1L << 50;
        for (int device : new int[] {DEVICE, DEVICE + 1}) {
            machine.deviceEntry(device, 0, 0, REMAP, 0);
            machine.write(0x18, Machine.ENABLED | xt);
            machine.memory.writeLong(INTERRUPT_TABLE + 16, (1L | 0xAB << 8 | 0x41 << 16) << 32);
            machine.iommu.interrupt(device, MSI, 5);
            assertThat(last())
                    .isEqualTo(new Machine.Delivered(
                            InterruptDecision.REMAPPED, 0xFEEA_B000L, 0x41, 4, INTERRUPT_TABLE + 20));
            machine.write(0x18, Machine.ENABLED | 1L << 17 | xt);
            machine.memory.writeLong(INTERRUPT_TABLE + 80, 1 | 0x12_34AB << 8);
            machine.memory.writeLong(INTERRUPT_TABLE + 88, 0x42 | 0x56L << 56);
            machine.iommu.interrupt(device, MSI, 5);
            assertThat(last())
                    .isEqualTo(new Machine.Delivered(
                            InterruptDecision.REMAPPED, 0x5612_3400_FEEA_B000L, 0x42, 16, INTERRUPT_TABLE + 80));
        }
    }

    private Machine.Delivered last() {
        return machine.interrupts.get(machine.interrupts.size() - 1);
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "4, 58", "5, 56", "7, 57"})
    void trap31ThePassBitsDecideBeforeAnyTableIsRead(int mode, int passBit) {
        machine.memory.injectFailure(INTERRUPT_TABLE, 0x1000, MemoryStatus.ABORT);
        machine.deviceEntry(DEVICE, 0, 0, REMAP | (passBit == 0 ? 0 : 1L << passBit), 0);
        assertThat(machine.interrupt(MSI, mode << 8 | 0x41).decision()).isEqualTo(InterruptDecision.PASSED);
        assertThat(machine.told).noneMatch(line -> line.startsWith("failure"));
    }

    @Test
    void trap33AnIoApicIsLookedUpByTheDeviceIdItIsGiven() {
        int fromIvrs = 0xA0;
        machine.deviceEntry(fromIvrs, 0, 0, REMAP, 0);
        machine.memory.writeLong(INTERRUPT_TABLE, 1 | 0x41 << 16);
        assertThat(machine.iommu.interrupt(fromIvrs, MSI, 0)).isEqualTo(InterruptDecision.REMAPPED);
        assertThat(machine.iommu.interrupt(0, MSI, 0)).isEqualTo(InterruptDecision.PASSED);
    }

    @Test
    void trap36AMappingInTheInterruptWindowIsNeverUsed() {
        machine.memory.writeLong(ROOT + 3 * 8, READ_WRITE | 1);
        assertThat(machine.read(0xFEDF_FFFFL).decision()).isEqualTo(TranslationDecision.TRANSLATED);
        for (long address : new long[] {0xFEE0_0000L, 0xFEEF_FFFFL}) {
            assertThat(machine.written(address).decision()).isEqualTo(TranslationDecision.ABORTED);
            assertThat(machine.read(address).decision()).isEqualTo(TranslationDecision.ABORTED);
        }
        assertThat(machine.written(0xFEF0_0000L).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    /** The low bits of the exclusion limit are left out: 1.6 has them read as ones, 1.13 has all of it zero. */
    @Test
    void trap37OnlyCoherentAndTheLengthCodesAreNotZeroAfterReset() {
        Machine fresh = new Machine(IommuOptions.of(Profile.SPEC));
        for (int round = 0; round < 2; round++) {
            for (int offset = 0; offset < 0x4000; offset += 8) {
                long expected = switch (offset) {
                    case 0x08, 0x10, 0xE0 -> 8L << 56;
                    case 0x18 -> 1 << 10;
                    case 0x30 -> fresh.iommu.options().extendedFeatures();
                    default -> 0;
                };
                long counted = offset == 0x28 ? -0x1000 : -1;
                assertThat(fresh.iommu.register(offset) & counted)
                        .as("register %x", offset)
                        .isEqualTo(expected);
            }
            fresh.start(Machine.ENABLED);
            fresh.read(0x1000);
            fresh.iommu.reset();
        }
    }
}
