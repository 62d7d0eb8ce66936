package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestBench.MEMORY;
import static org.iorewind.model.iommu.TwoGuests.GUEST;
import static org.iorewind.model.iommu.TwoGuests.GUEST_DEVICE;
import static org.iorewind.model.iommu.TwoGuests.GUEST_DOMAIN;
import static org.iorewind.model.iommu.TwoGuests.HOST_DOMAIN;
import static org.iorewind.model.iommu.TwoGuests.OTHER;
import static org.iorewind.model.iommu.TwoGuests.VNR;
import static org.iorewind.model.iommu.TwoGuests.V_CMD;
import static org.iorewind.model.iommu.TwoGuests.WAIT;

import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** amd-viommu reference 5.1 to 5.3: guests' command rings. */
class VirtualCommandTest {
    private static final long DROP_PAGES = 3L << 60 | (long) GUEST_DOMAIN << 32;
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;

    private final GuestBench bench = TwoGuests.bench();
    private final Machine machine = bench.machine;

    @Test
    void aDoorbellFetchesAndTheHeadMoves() {
        bench.command(GUEST, WAIT, 0);
        assertThat(machine.told).contains("guest 3 command 1 at 0");
        assertThat(bench.page(GUEST, 0x00)).isEqualTo(0x10);
    }

    @Test
    void completionStoresGoThroughTheTranslateDevice() {
        bench.command(GUEST, WAIT | MEMORY | 1, 99);
        long at = GuestBench.base(GUEST) + MEMORY;
        assertThat(machine.memory.peek(at)).isEqualTo(99);
        assertThat(machine.told).contains("guest 3 store 10000 at " + Long.toHexString(at) + " 99");
    }

    @Test
    void buffersAreFoundByGuestPhysicalAddressUnderGstBufferTrpMode() {
        GuestBench other = new GuestBench(GuestBench.options().build(), true);
        other.add(GUEST);
        other.command(GUEST, WAIT | MEMORY | 1, 98);
        assertThat(other.machine.memory.peek(GuestBench.base(GUEST) + MEMORY)).isEqualTo(98);
        other.map(other.guestRoot(GUEST), GuestBench.RING, 0);
        other.machine.invalidateDomain(GuestBench.domain(GUEST));
        other.command(GUEST, WAIT, 0);
        assertThat(other.machine.lastEvent().q0()).isEqualTo(0xCL << 60 | V_CMD | VNR | 1 << 16 | GUEST);
        assertThat(other.machine.lastEvent().q1()).isEqualTo(GuestBench.RING + 0x10);
    }

    @Test
    void theInterruptOfACompletionIsRaisedOnceForEachRise() {
        bench.command(GUEST, WAIT | 2, 0);
        bench.command(GUEST, WAIT | 2, 0);
        assertThat(bench.told("guest 3 interrupt")).containsExactly("guest 3 interrupt COMPLETION_WAIT");
        bench.page(GUEST, 0x20, 1 << 2);
        bench.command(GUEST, WAIT | 2, 0);
        assertThat(bench.told("guest 3 interrupt")).hasSize(1);
        bench.control(GUEST, 0x20, GuestBench.ENABLE | 8);
        bench.page(GUEST, 0x20, 1 << 2);
        bench.command(GUEST, WAIT | 2, 0);
        assertThat(bench.told("guest 3 interrupt")).isEmpty();
        assertThat(bench.status(GUEST) & 1 << 2).isNotZero();
    }

    @Test
    void domainIdsAreReplacedByTheHosts() {
        bench.command(GUEST, DROP_PAGES | 5, 0x1234_5000L | 6);
        assertThat(machine.told).contains("dropped domain 51 12345000 size 4096 pages 0");
    }

    @Test
    void withGnZeroTheWholeDomainGoes() {
        bench.command(GUEST, DROP_PAGES, 0x1234_5000L);
        assertThat(machine.told).contains("dropped domain 51 0 size -1 pages 0");
    }

    @Test
    void deviceIdsAreReplacedByTheHosts() {
        machine.deviceEntry(Machine.DEVICE, 3L << 9 | Machine.ROOT | Machine.READ_WRITE | 3, HOST_DOMAIN, 0, 0);
        machine.read(0);
        machine.told.clear();
        machine.read(0);
        assertThat(machine.told).contains("entry of 48 from cache");
        bench.command(GUEST, 2L << 60 | GUEST_DEVICE, 0);
        machine.told.clear();
        machine.read(0);
        assertThat(machine.told).contains("entry of 48 from memory");
        bench.command(GUEST, 7L << 60 | GUEST_DEVICE | 9L << 32, 5L << 32 | 4);
        assertThat(machine.told).contains("response to 48 pasid 9 group 5 code 0");
        bench.command(GUEST, 5L << 60 | GUEST_DEVICE, 0);
        bench.command(GUEST, 6L << 60 | 1L << 24 | GUEST_DEVICE, 0);
        assertThat(bench.isRunning(GUEST)).isTrue();
    }

    @Test
    void aCommandWaitsForTheDevicesOfItsOwnRingOnly() {
        bench.command(GUEST, 4L << 60 | 1L << 24 | GUEST_DEVICE, EVERYTHING);
        assertThat(machine.told).contains("invalidation of 30 pasid -1 0 size -1 type 0 queue 0 most 1 tag 0");
        bench.command(GUEST, WAIT | MEMORY | 1, 1);
        assertThat(bench.page(GUEST, 0x00)).isEqualTo(0x10);
        machine.command(WAIT | Machine.STORE | 1, 2);
        assertThat(machine.memory.peek(Machine.STORE)).isEqualTo(2);
        bench.command(OTHER, WAIT | MEMORY | 1, 3);
        assertThat(machine.memory.peek(GuestBench.base(OTHER) + MEMORY)).isEqualTo(3);
        machine.iommu.invalidationResponse(Machine.DEVICE, 1);
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + MEMORY)).isEqualTo(1);
        assertThat(bench.page(GUEST, 0x00)).isEqualTo(0x20);
    }

    @Test
    void aGuestHasAtMostSixteenDeviceInvalidations() {
        for (int i = 0; i < 20; i++) {
            bench.command(GUEST, 4L << 60 | 255L << 24 | GUEST_DEVICE, EVERYTHING);
        }
        assertThat(bench.told("invalidation")).hasSize(16);
        machine.command(4L << 60 | 1L << 24 | Machine.DEVICE, EVERYTHING);
        assertThat(bench.told("invalidation")).hasSize(1);
        machine.iommu.invalidationResponse(Machine.DEVICE, -1);
        assertThat(bench.told("invalidation")).hasSize(4);
    }

    @Test
    void guestsTogetherLeaveRoomForTheHost() {
        int devices = 0;
        for (int guest = 10; guest < 24; guest++) {
            bench.add(guest);
            bench.mapDevice(guest, 1, 0x20 + guest);
            machine.told.clear();
            for (int i = 0; i < 16; i++) {
                bench.command(guest, 4L << 60 | 255L << 24 | 1, EVERYTHING);
            }
            devices += bench.told("invalidation").size();
        }
        assertThat(devices).isEqualTo(256 - 64);
        machine.command(4L << 60 | 1L << 24 | Machine.DEVICE, EVERYTHING);
        assertThat(bench.told("invalidation")).hasSize(1);
    }

    @Test
    void invalidateAllOfAGuestIsLimitedToItsDomainsAndDevices() {
        bench.mapDomain(OTHER, GUEST_DOMAIN, HOST_DOMAIN + 1);
        bench.mapDevice(OTHER, GUEST_DEVICE, Machine.DEVICE + 1);
        for (int i = 0; i < 3; i++) {
            machine.deviceEntry(
                    Machine.DEVICE + i,
                    3L << 9 | Machine.ROOT | Machine.READ_WRITE | 3,
                    HOST_DOMAIN + i,
                    2L << 60 | Machine.INTERRUPT_TABLE | 9,
                    0);
        }
        machine.memory.writeLong(Machine.ROOT, Machine.TABLE_2 | 2 << 9 | Machine.READ_WRITE | 1);
        machine.memory.writeLong(Machine.TABLE_2, Machine.TABLE_1 | 1 << 9 | Machine.READ_WRITE | 1);
        machine.map(0, Machine.PAGE_A | Machine.READ_WRITE | 1);
        machine.memory.writeLong(Machine.INTERRUPT_TABLE, 1 | 0x41 << 16);
        for (int i = 0; i < 3; i++) {
            machine.dma(Machine.DEVICE + i, 0, AccessKind.READ);
            machine.iommu.interrupt(Machine.DEVICE + i, 0xFEE0_0000L, 0);
        }
        bench.command(GUEST, 8L << 60, 0);
        assertThat(machine.told).contains("dropped domain -1 0 size -1 pages 1");
        machine.told.clear();
        machine.memory.writeLong(Machine.INTERRUPT_TABLE, 0);
        for (int i = 1; i < 3; i++) {
            assertThat(machine.dma(Machine.DEVICE + i, 0, AccessKind.READ).hit())
                    .isTrue();
            machine.iommu.interrupt(Machine.DEVICE + i, 0xFEE0_0000L, 0);
        }
        assertThat(machine.told).noneMatch(line -> line.endsWith("from memory"));
        assertThat(machine.interrupts).allMatch(found -> found.decision() == InterruptDecision.REMAPPED);
        assertThat(machine.dma(Machine.DEVICE, 0, AccessKind.READ).hit()).isFalse();
        assertThat(machine.told).contains("entry of 48 from memory");
        machine.iommu.interrupt(Machine.DEVICE, 0xFEE0_0000L, 0);
        assertThat(machine.interrupts.get(machine.interrupts.size() - 1).decision())
                .isEqualTo(InterruptDecision.ABORTED);
    }

    @Test
    void clearedEntriesLeadToTheHostsIdZeroWhichIsNobodys() {
        bench.mapDomain(GUEST, 9, 0);
        machine.deviceEntry(Machine.DEVICE, 3L << 9 | Machine.ROOT | Machine.READ_WRITE | 3, 0, 0, 0);
        machine.memory.writeLong(Machine.ROOT, Machine.TABLE_2 | 2 << 9 | Machine.READ_WRITE | 1);
        machine.memory.writeLong(Machine.TABLE_2, Machine.TABLE_1 | 1 << 9 | Machine.READ_WRITE | 1);
        machine.map(0, Machine.PAGE_A | Machine.READ_WRITE | 1);
        machine.read(0);
        bench.command(GUEST, 8L << 60, 0);
        assertThat(machine.read(0).hit()).isTrue();
        bench.command(GUEST, 3L << 60 | 9L << 32, EVERYTHING);
        assertThat(machine.read(0).hit()).isFalse();
    }

    @Test
    void aHostIdIsOfTheGuestThatItWasGivenToLast() {
        bench.mapDomain(GUEST, 8, HOST_DOMAIN);
        bench.mapDomain(OTHER, 1, HOST_DOMAIN);
        machine.deviceEntry(Machine.DEVICE, 3L << 9 | Machine.ROOT | Machine.READ_WRITE | 3, HOST_DOMAIN, 0, 0);
        machine.memory.writeLong(Machine.ROOT, Machine.TABLE_2 | 2 << 9 | Machine.READ_WRITE | 1);
        machine.memory.writeLong(Machine.TABLE_2, Machine.TABLE_1 | 1 << 9 | Machine.READ_WRITE | 1);
        machine.map(0, Machine.PAGE_A | Machine.READ_WRITE | 1);
        machine.read(0);
        bench.command(GUEST, 8L << 60, 0);
        assertThat(machine.read(0).hit()).isTrue();
        bench.mapDomain(OTHER, 1, HOST_DOMAIN + 1);
        bench.command(OTHER, 8L << 60, 0);
        assertThat(machine.read(0).hit()).isTrue();
        bench.mapDomain(OTHER, 1, HOST_DOMAIN);
        bench.mapDomain(OTHER, 2, HOST_DOMAIN);
        bench.control(OTHER, 8, 1L << 63 | 2L << 46 | (long) HOST_DOMAIN << 14);
        bench.command(OTHER, 8L << 60, 0);
        assertThat(machine.read(0).hit()).isFalse();
    }

    @Test
    void dirtyStatusIsSetWhileCommandsWait() {
        long at = 0x1F80_0000L + GUEST * 32L;
        bench.command(GUEST, WAIT, 0);
        assertThat(machine.memory.peek(at)).isZero();
        bench.command(GUEST, 9L << 60, 0);
        assertThat(machine.memory.peek(at)).isEqualTo(1);
        bench.page(GUEST, 0x00, 0x20);
        assertThat(machine.memory.peek(at)).isZero();
    }

    @Test
    void dirtyStatusThatCannotBeWrittenIsReported() {
        long at = 0x1F80_0000L + GUEST * 32L;
        machine.memory.injectFailure(at, 8, MemoryStatus.ABORT);
        bench.command(GUEST, 9L << 60, 0);
        assertThat(machine.lastEvent().q0()).isEqualTo(0xCL << 60 | 0x220L << 48 | V_CMD | GUEST);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x40_0000 + GUEST * 32L);
        bench.mapPrivate(0x40_0000, 0);
        machine.invalidateDomain(GuestBench.PRIVATE_DOMAIN);
        bench.page(GUEST, 0x00, 0x10);
        assertThat(machine.lastEvent().q0()).isEqualTo(0xCL << 60 | 0x020L << 48 | V_CMD | GUEST);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, GuestBench.V_CMD_EN, GuestBench.VIOMMU_EN})
    void allThreeEnableBitsMustBeSet(long bit) {
        bench.put(GUEST, WAIT | MEMORY | 1, 6);
        machine.write(0x18, GuestBench.CONTROL & ~bit);
        bench.ring(GUEST);
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + MEMORY)).isZero();
        machine.write(0x18, GuestBench.CONTROL);
        bench.ring(GUEST);
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + MEMORY)).isEqualTo(6);
    }

    @Test
    void ringsWithWorkAreServedInTurns() {
        machine.write(0x18, GuestBench.CONTROL & ~GuestBench.V_CMD_EN);
        for (int i = 0; i < 2; i++) {
            bench.put(OTHER, WAIT, 0);
            bench.put(GUEST, WAIT, 0);
        }
        bench.ring(OTHER);
        bench.ring(GUEST);
        machine.told.clear();
        machine.write(0x18, GuestBench.CONTROL);
        assertThat(bench.told("guest"))
                .containsExactly(
                        "guest 3 command 1 at 0",
                        "guest 4 command 1 at 0",
                        "guest 3 command 1 at 16",
                        "guest 4 command 1 at 16");
    }

    @Test
    void aRingGoesRound() {
        for (int i = 0; i < 600; i++) {
            bench.command(GUEST, WAIT | MEMORY | 1, i);
        }
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + MEMORY)).isEqualTo(599);
        assertThat(bench.page(GUEST, 0x00)).isEqualTo(600 * 16 & 0xFFF);
    }

    @Test
    void mapEntriesAreCachedUntilAMapControlWrite() {
        bench.command(GUEST, DROP_PAGES, EVERYTHING);
        machine.memory.writeLong(GuestBench.domainMap(GUEST) + GUEST_DOMAIN * 8, 0x44L << 24 | 1);
        machine.told.clear();
        bench.command(GUEST, DROP_PAGES, EVERYTHING);
        assertThat(bench.told("dropped")).containsExactly("dropped domain 51 0 size -1 pages 0");
        bench.mapDomain(GUEST, GUEST_DOMAIN, 0x45);
        bench.command(GUEST, DROP_PAGES, EVERYTHING);
        assertThat(bench.told("dropped")).containsExactly("dropped domain 69 0 size -1 pages 0");
        machine.memory.writeLong(GuestBench.domainMap(GUEST) + GUEST_DOMAIN * 8, 0x46L << 24 | 1);
        machine.invalidateDomain(GuestBench.PRIVATE_DOMAIN);
        machine.told.clear();
        bench.command(GUEST, DROP_PAGES, EVERYTHING);
        assertThat(bench.told("dropped")).containsExactly("dropped domain 70 0 size -1 pages 0");
        machine.memory.writeLong(GuestBench.domainMap(GUEST) + GUEST_DOMAIN * 8, 0x47L << 24 | 1);
        machine.command(8L << 60, 0);
        machine.told.clear();
        bench.command(GUEST, DROP_PAGES, EVERYTHING);
        assertThat(bench.told("dropped")).containsExactly("dropped domain 71 0 size -1 pages 0");
    }

    @Test
    void whatTheRecordingDoesNotHoldIsSkipped() {
        GuestBench dark = new GuestBench(GuestBench.options().build(), false, SparseMemory.recordedOnly());
        dark.add(GUEST);
        dark.page(GUEST, 0x08, 0x10);
        assertThat(dark.page(GUEST, 0x00)).isEqualTo(0x10);
        assertThat(dark.told("failure COMMAND")).hasSize(1);
        dark.rewind(GUEST);
        dark.put(GUEST, 0, 0);
        dark.command(GUEST, 2L << 60 | 9, 0);
        assertThat(dark.page(GUEST, 0x00)).isEqualTo(0x20);
        dark.command(GUEST, WAIT | 0x1000_0000L | 1, 1);
        assertThat(dark.page(GUEST, 0x00)).isEqualTo(0x30);
        dark.control(GUEST, 0x10, 0x77 << 16);
        dark.command(GUEST, WAIT | MEMORY | 1, 1);
        assertThat(dark.page(GUEST, 0x00)).isEqualTo(0x40);
        dark.mapDomain(GUEST, 1, 2);
        dark.mapDevice(GUEST, 0x5000, 2);
        assertThat(dark.machine.memory.peek(GuestBench.domainMap(GUEST) + 8)).isZero();
        assertThat(dark.machine.events).isEmpty();
        assertThat(dark.machine.guestEvents).isEmpty();
    }

    @Test
    void aRingWhosePlaceIsNotRecordedIsSkippedToo() {
        GuestBench dark = new GuestBench(GuestBench.options().build(), true, SparseMemory.recordedOnly());
        dark.prepare(GUEST);
        dark.control(GUEST, 0x20, 0x100_0000L | GuestBench.ENABLE | GuestBench.LENGTH_256);
        dark.page(GUEST, 0x08, 0x10);
        assertThat(dark.page(GUEST, 0x00)).isEqualTo(0x10);
        assertThat(dark.machine.events).isEmpty();
    }

    @Test
    void pendingInvalidationsAreCompleteBeforeACompletion() {
        GuestBench late = new GuestBench(
                GuestBench.options()
                        .invalidations(InvalidationPolicy.delayed(1, 1000))
                        .build(),
                false);
        late.add(GUEST);
        late.mapDomain(GUEST, GUEST_DOMAIN, HOST_DOMAIN);
        late.command(GUEST, DROP_PAGES, EVERYTHING);
        assertThat(late.told("dropped")).isEmpty();
        late.command(GUEST, WAIT, 0);
        assertThat(late.told("dropped")).hasSize(1);
    }

    @Test
    void guestsCommandsAreCounted() {
        GuestBench counting = new GuestBench(
                GuestBench.options()
                        .extendedFeatures(GuestBench.FEATURES | 1L << 9)
                        .build(),
                false);
        counting.add(GUEST);
        counting.mapDomain(GUEST, GUEST_DOMAIN, HOST_DOMAIN);
        counting.machine.write(0x4_0008, 0x11);
        counting.command(GUEST, DROP_PAGES, EVERYTHING);
        counting.command(GUEST, WAIT | MEMORY | 3, 1);
        counting.command(GUEST, 9L << 60, 0);
        counting.machine.command(0xAL << 60 | 1L << 31 | GUEST, 0);
        assertThat(counting.machine.told)
                .contains(
                        "guest 3 command 3 at 0",
                        "guest 3 stopped",
                        "guest 3 reset part",
                        "guest 3 interrupt COMPLETION_WAIT")
                .anyMatch(line -> line.startsWith("private 3"))
                .anyMatch(line -> line.startsWith("guest 3 store"));
        assertThat(counting.machine.guestEvents).hasSize(1);
    }
}
