package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.RING;
import static org.iorewind.model.iommu.Machine.STORE;

import java.util.stream.IntStream;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The encodings of reference 3.2, the formats of 3.3 and the errors of 3.4, bit by bit. */
class Section3CommandFormatTest {
    /** PreFSup, PPRSup, IASup, HATS=2. */
    private static final long FEATURES = 0x843;

    private static final long TYPE_FEATURE = 1L << 54;

    private static Machine started(long features) {
        return Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(features)
                .build());
    }

    static IntStream lowestZeroBits() {
        return IntStream.rangeClosed(12, 51);
    }

    @ParameterizedTest
    @MethodSource("lowestZeroBits")
    void everySizeOfARange(int zero) {
        long ones = (1L << zero) - 0x1000;
        long above = zero > 61 ? 0 : 0x5A5A_5A5A_5A5A_5000L & -1L << zero + 1;
        for (long ignored : new long[] {0, 0xFF8, 6}) {
            long q1 = above | ones | ignored | 1;
            assertThat(CommandDescriptor.rangeShift(q1)).isEqualTo(zero + 1);
            assertThat(CommandDescriptor.rangeFirst(q1)).isEqualTo(above);
            assertThat(CommandDescriptor.rangeLast(q1)).isEqualTo(above + (1L << zero + 1) - 1);
            assertThat(CommandDescriptor.rangeFirst(q1 & ~1)).isEqualTo(above | ones);
            assertThat(CommandDescriptor.rangeLast(q1 & ~1)).isEqualTo(above | ones | 0xFFF);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 13, 14, 15, 16, 17, 18, 19})
    void anInvalidationDropsWhatItsRangeHoldsAndNothingElse(int shift) {
        Machine machine = Machine.started(Profile.SPEC);
        long first = 0x10_0000;
        long after = first + (1L << shift);
        long[] addresses = {first - 0x1000, first, after - 0x1000, after};
        for (long address : addresses) {
            machine.map(address, PAGE_A | READ_WRITE | 1);
            machine.read(address);
        }
        long range = shift == 12 ? first : first | (1L << shift - 1) - 0x1000 | 1;
        machine.command(3L << 60 | (long) DOMAIN << 32, range);
        assertThat(machine.told)
                .contains("dropped domain 5 100000 size " + (1L << shift) + " pages " + (shift == 12 ? 1 : 2));
        assertThat(machine.read(addresses[0]).hit()).isTrue();
        assertThat(machine.read(addresses[1]).hit()).isFalse();
        assertThat(machine.read(addresses[2]).hit()).isEqualTo(shift == 12);
        assertThat(machine.read(addresses[3]).hit()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0,                  0x0FF0000000000000, 0",
        "2, 0,                  0x0FFFFFFFFFFF0000, 0xFFFFFFFFFFFFFFFF",
        "3, 0,                  0x0FFF0000FFF00000, 0xFF8",
        "4, 0,                  0,                  0xFFA",
        "4, 0x0040000000000000, 0,                  0xFCA",
        "5, 0,                  0x0FFFFFFFFFFF0000, 0xFFFFFFFFFFFFFFFF",
        "6, 0,                  0x0FF0000000FF0000, 0xFEA",
        "7, 0,                  0x0FF00000FFFF0000, 0xFFFF0000FFFFFFFB",
        "8, 0,                  0x0FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF",
    })
    void everyReservedBitAndNoOtherStopsTheRing(long opcode, String feature, String mask0, String mask1) {
        long features = FEATURES | hexadecimal(feature);
        long found0 = 0;
        long found1 = 0;
        for (int bit = 0; bit < 64; bit++) {
            found0 |= bit < 60 && isIllegal(features, opcode << 60 | 1L << bit, 0) ? 1L << bit : 0;
            found1 |= isIllegal(features, opcode << 60, 1L << bit) ? 1L << bit : 0;
        }
        assertThat(found0).isEqualTo(hexadecimal(mask0));
        assertThat(found1).isEqualTo(hexadecimal(mask1));
    }

    private static long hexadecimal(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }

    private static boolean isIllegal(long features, long q0, long q1) {
        Machine machine = started(features);
        machine.command(q0, q1);
        boolean isHalted = (machine.status() & 0x10) == 0;
        assertThat(machine.iommu.register(0x2000)).isEqualTo(isHalted ? 0x10 : 0x20);
        if (isHalted) {
            assertThat(machine.events).containsExactly(new Machine.Logged(0, 5L << 60, RING + 0x10, true));
        } else {
            assertThat(machine.events).isEmpty();
        }
        return isHalted;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 11, 12, 13, 14, 15})
    void opcodesWithoutAMeaningAreIllegalWhateverTheFeatures(long opcode) {
        assertThat(isIllegal(FEATURES | TYPE_FEATURE, opcode << 60, 0)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4, 0, true", "6, 1, true", "7, 2, true", "8, 0x40, true", "1, 0, false", "2, 0, false", "3, 0, false"})
    void anOpcodeNeedsItsOwnFeatureOnly(long opcode, String feature, boolean needsOne) {
        long bit = Long.decode(feature);
        boolean isIotlb = opcode == 4;
        Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | bit)
                .iotlbSupported(isIotlb)
                .build());
        machine.command(opcode << 60, 0);
        assertThat(machine.status() & 0x10).isNotZero();
        Machine without = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(FEATURES & ~bit)
                .iotlbSupported(!isIotlb)
                .build());
        without.command(opcode << 60, 0);
        assertThat((without.status() & 0x10) == 0).isEqualTo(needsOne);
    }

    @ParameterizedTest
    @CsvSource({"ABORT, 0x200", "POISON, 0x600"})
    void aFailedFetchAndAFailedStoreHaveTheirTypeAndAddress(MemoryStatus status, String flags) {
        long q0 = 6L << 60 | Long.decode(flags) << 48;
        Machine fetching = started(FEATURES);
        fetching.memory.injectFailure(RING + 0x10, 16, status);
        fetching.command(1L << 60, 0);
        assertThat(fetching.events).containsExactly(new Machine.Logged(0, q0, RING + 0x10, true));
        assertThat(fetching.told).contains("failure COMMAND 200010 " + status);
        assertThat(fetching.iommu.register(0x2000)).isEqualTo(0x10);
        Machine storing = started(FEATURES);
        storing.memory.injectFailure(STORE, 16, status);
        storing.command(1L << 60 | STORE + 8 | 1, 7);
        assertThat(storing.events).containsExactly(new Machine.Logged(0, q0, STORE, true));
        assertThat(storing.told).contains("failure COMPLETION_STORE 320008 " + status);
        assertThat(storing.iommu.register(0x2000)).isEqualTo(0x10);
        assertThat(storing.status() & 0x10).isZero();
    }

    @Test
    void theStoreAddressHasBits51To3() {
        long farthest = 0x000F_FFFF_FFFF_FFF8L;
        Machine machine = started(FEATURES);
        machine.command(1L << 60 | farthest | 1, 0x77);
        assertThat(machine.told).contains("store ffffffffffff8 119");
        machine.command(1L << 60 | farthest | 6, 0x78);
        assertThat(machine.memory.peek(farthest)).isEqualTo(0x77);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, true", "3, true"})
    void onlyTheBitIRaisesComWaitInt(int low, boolean raises) {
        Machine machine = started(FEATURES);
        machine.command(1L << 60 | STORE | low, 0);
        assertThat((machine.status() & 4) != 0).isEqualTo(raises);
        machine.write(0x2020, 4);
        machine.command(1L << 60 | STORE | 4 | low, 0);
        assertThat((machine.status() & 4) != 0).isEqualTo(raises);
    }

    @ParameterizedTest
    @CsvSource({"0x0000", "0x0001", "0x8000", "0xFFFF"})
    void domainAndDeviceFieldsHaveSixteenBits(String id) {
        int number = Integer.decode(id);
        Machine machine = new Machine(IommuOptions.of(Profile.SPEC));
        machine.start(Machine.ENABLED);
        machine.write(0, Machine.DEVICE_TABLE | 0x1FF);
        machine.memory.writeLong(Machine.ROOT, PAGE_A | READ_WRITE | 1);
        machine.deviceEntry(number, Machine.ROOT | 1 << 9 | READ_WRITE | 3, number, 0, 0);
        machine.dma(number, 0, AccessKind.READ);
        machine.command(3L << 60 | (long) (number ^ 0x8000) << 32, 0);
        machine.command(2L << 60 | number ^ 0x8000, 0);
        machine.told.clear();
        assertThat(machine.dma(number, 0, AccessKind.READ).hit()).isTrue();
        assertThat(machine.told).contains("entry of " + number + " from cache");
        machine.command(3L << 60 | (long) number << 32, 0);
        machine.command(2L << 60 | number, 0);
        machine.told.clear();
        assertThat(machine.dma(number, 0, AccessKind.READ).hit()).isFalse();
        assertThat(machine.told).contains("entry of " + number + " from memory");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void aRingHasTwoToThePowerOfItsLengthCodeEntries(int code) {
        int last = (1 << code) * 16 - 16;
        Machine machine = new Machine(IommuOptions.of(Profile.SPEC));
        machine.write(0x0008, RING | (long) code << 56);
        machine.iommu.forceRegister(0x2000, last);
        machine.iommu.forceRegister(0x2008, last);
        machine.write(0x0018, Machine.ENABLED);
        machine.memory.writeLong(RING + last, 1L << 60 | STORE | 1);
        machine.memory.writeLong(RING + last + 8, code);
        machine.write(0x2008, 0);
        assertThat(machine.memory.peek(STORE)).isEqualTo(code);
        assertThat(machine.iommu.register(0x2000)).isZero();
    }

    @Test
    void aPrefetchThatMeetsUnreadableTablesIsStillOnlyAHint() {
        Machine machine = started(FEATURES);
        machine.memory.injectFailure(Machine.DEVICE_TABLE, 0x2000, MemoryStatus.ABORT);
        machine.command(6L << 60 | DEVICE, 0x1000);
        assertThat(machine.iommu.register(0x2000)).isEqualTo(0x20);
        assertThat(machine.events).isEmpty();
    }

    @Test
    void withoutSnpTheExclusionRangeDoesNotConcernCompletions() {
        Machine machine = started(FEATURES);
        machine.write(0x28, -1);
        machine.write(0x20, 0x1000 | 3);
        machine.command(1L << 60 | STORE | 1, 5);
        assertThat(machine.memory.peek(STORE)).isEqualTo(5);
        assertThat(machine.told).noneMatch(line -> line.startsWith("not modelled"));
    }

    @Test
    void hostAndCombinedEntriesThatGoAreCountedTogether() {
        GuestTables guest = GuestTables.nested();
        guest.entry(GuestTables.GV | GuestTables.hostBits(), GuestTables.GCR3, 0);
        guest.with(1, GuestTables.MAPPED, AccessKind.READ);
        for (long gpa = 0; gpa < 0x3000; gpa += 0x1000) {
            guest.machine.read(gpa);
        }
        guest.machine.invalidateDomain(DOMAIN);
        assertThat(guest.machine.told).contains("dropped domain 5 0 size -1 pages 4");
    }

    @Test
    void anUnknownCodeInTheFirstPlaceLeavesTheLaterCommandsAlone() {
        Machine machine = started(FEATURES);
        machine.memory.writeLong(RING + 0x20, 1L << 60 | STORE | 1);
        machine.memory.writeLong(RING + 0x28, 5);
        machine.memory.writeLong(RING + 0x10, 15L << 60);
        machine.write(0x2008, 0x30);
        machine.write(0x2008, 0x30);
        assertThat(machine.memory.peek(STORE)).isZero();
        assertThat(machine.events).hasSize(1);
    }
}
