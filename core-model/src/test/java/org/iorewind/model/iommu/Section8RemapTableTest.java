package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision of reference 8.2, the look-up of 8.3 and the entries of 8.4 to 8.7, value by value. */
class Section8RemapTableTest {
    private static final long MSI = 0xFEE0_1000L;
    private static final long LOGICAL = 4;
    private static final long GA = Machine.ENABLED | 1L << 17;
    private static final long GUEST_APIC = GA | 1L << 25;
    private static final long TWO_THOUSAND = 1L << 43;
    private static final int RZ = 0x098;

    private final Machine machine = machine(IommuOptions.of(Profile.SPEC).extendedFeatures());

    private static Machine machine(long features) {
        return Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(features)
                .extendedFeatures2(1 << 8)
                .deviceEntryCache(0)
                .interruptCache(0)
                .build());
    }

    private void table(int lengthCode, long control, long passBits) {
        machine.deviceEntry(DEVICE, 0, 0, INTERRUPT_TABLE | 1 | (long) lengthCode << 1 | control << 60 | passBits, 0);
    }

    private void shortEntry(int index, long entry) {
        long at = INTERRUPT_TABLE + index * 4L & -8;
        int shift = (index & 1) * 32;
        machine.memory.writeLong(at, machine.memory.peek(at) & ~(0xFFFF_FFFFL << shift) | entry << shift);
    }

    private void longEntry(long low, long high) {
        machine.memory.writeLong(INTERRUPT_TABLE, low);
        machine.memory.writeLong(INTERRUPT_TABLE + 8, high);
    }

    private Machine.Delivered sent(long address, int data) {
        machine.events.clear();
        return machine.interrupt(address, data);
    }

    private void expectFault(int data, int flags) {
        assertThat(sent(MSI, data).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | (long) flags << 48 | DEVICE);
    }

    @ParameterizedTest
    @CsvSource({
        // delivery mode, the pass bit that decides
        "2, -1",
        "3, -1",
        "4, 58",
        "5, 56",
        "6, -1",
        "7, 57"
    })
    void otherModesHaveNothingToDoWithIntCtlAndOnlyWithTheirOwnPassBit(int mode, int passBit) {
        for (int control = 0; control < 4; control++) {
            for (long others = 0; others < 8; others++) {
                for (long lint = 0; lint < 4; lint++) {
                    long passBits = others << 56 | lint << 62;
                    table(11, control, passBits);
                    boolean passes = mode == 2 || passBit > 0 && (passBits >>> passBit & 1) != 0;
                    assertThat(sent(MSI, mode << 8).decision())
                            .isEqualTo(passes ? InterruptDecision.PASSED : InterruptDecision.ABORTED);
                    assertThat(sent(MSI | LOGICAL, mode << 8).decision()).isEqualTo(InterruptDecision.ABORTED);
                    assertThat(machine.events).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, ABORTED",
        "0, 1, PASSED",
        "0, 2, REMAPPED",
        "0, 3, ABORTED",
        "1, 0, ABORTED",
        "1, 1, PASSED",
        "1, 2, REMAPPED",
        "1, 3, ABORTED"
    })
    void fixedAndLowestPriorityFollowIntCtlAndNoPassBit(int mode, long control, InterruptDecision decision) {
        shortEntry(mode << 8 | 3, 1 | 0x41 << 16);
        for (long passBits : new long[] {0, 7L << 56 | 3L << 62}) {
            for (long logical : new long[] {0, LOGICAL}) {
                table(9, control, passBits);
                assertThat(sent(MSI | logical, mode << 8 | 3).decision()).isEqualTo(decision);
                assertThat(machine.events).hasSize(control == 3 ? 1 : 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void intTabLenIsTheLogarithmOfTheNumberOfEntries(int lengthCode) {
        int count = 1 << lengthCode;
        table(lengthCode, 2, 0);
        shortEntry(count - 1, 1 | 0x41 << 16);
        shortEntry(count, 1 | 0x42 << 16);
        assertThat(sent(MSI, count - 1).data() & 0xFF).isEqualTo(0x41);
        expectFault(count, 0x008);
    }

    @ParameterizedTest
    @CsvSource({"9, 511", "10, 1023", "11, 2047"})
    void largerTablesNeedTheTwoThousandEntryMode(int lengthCode, int last) {
        machine.write(0x18, Machine.ENABLED | TWO_THOUSAND);
        table(lengthCode, 2, 0);
        shortEntry(last, 1 | 0x41 << 16);
        assertThat(sent(MSI | LOGICAL, last).data() & 0xFF).isEqualTo(0x41);
        if (last < 2047) {
            sent(MSI | LOGICAL, last + 1);
            assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | 0x008L << 48 | DEVICE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // NumIntRemapMode, NumIntRemapSup
        "0, 1",
        "2, 1",
        "3, 1",
        "1, 0",
        "1, 2",
        "1, 3"
    })
    void theTwoThousandEntryModeNeedsItsModeAndItsFeature(long mode, long supported) {
        Machine other = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures2(supported << 8)
                .build());
        other.write(0x18, Machine.ENABLED | mode << 43);
        other.deviceEntry(DEVICE, 0, 0, INTERRUPT_TABLE | 1 | 11 << 1 | 2L << 60, 0);
        other.command(2L << 60 | DEVICE, 0);
        assertThat(other.interrupt(MSI | LOGICAL, 0x7FF).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(other.interrupts.get(0).irteBytes()).isZero();
        assertThat(other.events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 13, 14, 15})
    void aReservedLengthIsIllegalOnlyWhereATableIsUsed(int lengthCode) {
        table(lengthCode, 2, 0);
        assertThat(sent(MSI, 3).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0()).isEqualTo(1L << 60 | 0x008L << 48 | DEVICE);
        table(lengthCode, 1, 0);
        assertThat(sent(MSI, 3).decision()).isEqualTo(InterruptDecision.PASSED);
        table(lengthCode, 0, 0);
        assertThat(sent(MSI, 3).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.events).isEmpty();
    }

    @Test
    void theRootHasBits51To7AndEntriesHaveFourOrSixteenBytes() {
        for (int bit = 7; bit < 52; bit++) {
            long root = 1L << bit;
            machine.write(0x18, Machine.ENABLED);
            machine.deviceEntry(DEVICE, 0, 0, root | 1 | 8 << 1 | 2L << 60, 0);
            assertThat(sent(MSI, 5).irteAddress()).isEqualTo(root + 20);
            machine.write(0x18, GA);
            assertThat(sent(MSI, 5).irteAddress()).isEqualTo(root + 80);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0x41", "1, 0x141"})
    void twoTypesAreLegalInBothKindsOfEntries(int type, String data) {
        table(0, 2, 0);
        shortEntry(0, 1 | type << 2 | 0x41 << 16);
        assertThat(sent(MSI, 0).data()).isEqualTo(Integer.decode(data));
        machine.write(0x18, GA);
        longEntry(1 | type << 2, 0x41);
        assertThat(sent(MSI, 0).data()).isEqualTo(Integer.decode(data));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7})
    void theOtherTypesAreReserved(int type) {
        table(0, 2, 0);
        shortEntry(0, 1 | (long) type << 2);
        expectFault(0, RZ);
        machine.write(0x18, GA);
        longEntry(1 | (long) type << 2, 0);
        expectFault(0, RZ);
    }

    @ParameterizedTest
    @CsvSource({
        // kind, quadword, reserved bits; types and GuestMode have tests of their own
        "short, 0, 0x00000000FF000000",
        "long,  0, 0x0000000000000000",
        "long,  1, 0x00FFFFFFFFFFFF00",
        "guest, 0, 0x0000000000000030",
        "guest, 1, 0x00F0000000000F00",
    })
    void everyReservedBitOfAnEntryFaults(String kind, int quadword, String mask) {
        boolean isGuest = kind.equals("guest");
        machine.write(0x18, isGuest ? GUEST_APIC : kind.equals("long") ? GA : Machine.ENABLED);
        table(0, 2, 0);
        long typeAndMode = isGuest || quadword == 1 ? 0 : 0x98;
        long found = 0;
        for (int bit = 1; bit < (kind.equals("short") ? 32 : 64); bit++) {
            long[] entry = {isGuest ? 0x81 : 1, isGuest ? 0x50_0000 : 0};
            entry[quadword] ^= (1L << bit) & ~typeAndMode & ~0x80;
            longEntry(entry[0], entry[1]);
            boolean isRefused = sent(MSI, 0).decision() == InterruptDecision.ABORTED;
            if (isRefused) {
                assertThat(machine.lastEvent().flags()).as("bit %d", bit).isEqualTo(RZ);
                found |= 1L << bit;
            }
        }
        assertThat(found).isEqualTo(Long.decode(mask));
    }

    @ParameterizedTest
    @CsvSource({
        // XTSup, XTEn, address of the message
        "false, false, 0x00000000FEE67000",
        "false, true,  0x00000000FEE67000",
        "true,  false, 0x00000000FEE67000",
        "true,  true,  0x01234500FEE67000"
    })
    void theUpperDestinationBitsNeedXtsupAndXten(boolean isSupported, boolean isEnabled, String address) {
        Machine wide = machine(1L << 7 | 2L << 10 | (isSupported ? 1L << 2 : 0));
        wide.write(0x18, GA | (isEnabled ? 1L << 50 : 0));
        wide.deviceEntry(DEVICE, 0, 0, INTERRUPT_TABLE | 1 | 2L << 60, 0);
        wide.memory.writeLong(INTERRUPT_TABLE, 1 | 0x23_4567L << 8);
        wide.memory.writeLong(INTERRUPT_TABLE + 8, 0x42 | 0x01L << 56);
        assertThat(wide.interrupt(MSI, 0).address()).isEqualTo(Long.decode(address));
    }

    @Test
    void whatAnEntryDoesNotReplacePassesThrough() {
        table(3, 2, 0);
        for (int entryBits = 0; entryBits < 4; entryBits++) {
            long mode = entryBits & 1;
            long requestEoi = entryBits >> 1;
            shortEntry(5, 1 | requestEoi << 5 | mode << 6 | 0xA5 << 8 | 0x5A << 16);
            for (int messageBits = 0; messageBits < 16; messageBits++) {
                long kept = (messageBits & 1) << 3;
                long replaced = (messageBits >> 1 & 1) << 2;
                int levelAndTrigger = (messageBits >> 2) << 14;
                Machine.Delivered delivered = sent(0xFEE3_C000L | kept | replaced, levelAndTrigger | 5);
                assertThat(delivered.address()).isEqualTo(0xFEEA_5000L | kept | mode << 2);
                assertThat(delivered.data()).isEqualTo(levelAndTrigger | 0x5A);
            }
        }
    }

    /** Sixteen filter registers end at 00E0h, where the guest APIC log base stands. */
    @Test
    void theRegisterBehindTheLastSmiFilterIsNoFilter() {
        int device = 0x3000;
        int smi = 2 << 8;
        Machine filtering = machine(1L << 7 | 2L << 10 | 1L << 16 | 4L << 18);
        filtering.write(0, Machine.DEVICE_TABLE | 0x1FF);
        filtering.deviceEntry(device, 0, 0, 1, 0);
        filtering.write(0xE0, 0x1_3000);
        filtering.write(0x18, Machine.ENABLED | 1 << 22);
        assertThat(filtering.iommu.interrupt(device, MSI, smi)).isEqualTo(InterruptDecision.ABORTED);
        filtering.write(0xD8, 1 << 16 | device);
        assertThat(filtering.iommu.interrupt(device, MSI, smi)).isEqualTo(InterruptDecision.PASSED);
    }

    @ParameterizedTest
    @CsvSource({"ABORT, 0x208", "POISON, 0x608"})
    void aGuestsEntryThatCannotBeReadAgainIsToldAndReported(MemoryStatus status, String flags) {
        Machine caching = Machine.started(IommuOptions.of(Profile.SPEC));
        caching.write(0x18, GUEST_APIC);
        caching.deviceEntry(DEVICE, 0, 7, INTERRUPT_TABLE | 1 | 2L << 60, 0);
        caching.command(2L << 60 | DEVICE, 0);
        caching.memory.writeLong(INTERRUPT_TABLE, 0x81);
        caching.memory.writeLong(INTERRUPT_TABLE + 8, 0x50_0041);
        assertThat(caching.interrupt(MSI, 0).decision()).isEqualTo(InterruptDecision.POSTED);
        caching.memory.injectFailure(INTERRUPT_TABLE, 16, status);
        assertThat(caching.interrupt(MSI, 0).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(caching.told).contains("failure INTERRUPT_TABLE 310000 " + status);
        assertThat(caching.lastEvent().q0()).isEqualTo(4L << 60 | Long.decode(flags) << 48 | 7L << 32 | DEVICE);
        assertThat(caching.memory.peek(0x50_0220)).isEqualTo(2);
    }
}
