package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** amd-viommu reference 6: INSERT_GUEST_EVENT and RESET_VMMIO. */
class VirtualHostCommandTest {
    private static final int GUEST = 3;
    private static final long FAULT = 2L << 60 | 0x005L << 48 | 5L << 32 | 0x108;
    private static final long RESET_ALL = 0xA000_0000_9000_0003L;

    private final GuestBench bench = new GuestBench();
    private final Machine machine = bench.machine;
    private int tail;

    @BeforeEach
    void aGuest() {
        bench.add(GUEST);
        tail = 0;
        machine.write(0x0008, Machine.RING | 8L << 56);
    }

    /** Puts two places into the host's ring and rings once. */
    private void insert(long q0, long q1, long event0, long event1) {
        put(q0, q1);
        put(event0, event1);
        machine.write(0x2008, tail);
    }

    private void put(long q0, long q1) {
        machine.memory.writeLong(Machine.RING + tail, q0);
        machine.memory.writeLong(Machine.RING + tail + 8, q1);
        tail = tail + 16 & 0xFFF;
    }

    private long head() {
        return machine.iommu.register(0x2000);
    }

    private void expectFault(int guest, int reasons) {
        assertThat(machine.lastEvent().q0()).isEqualTo(0xBL << 60 | (long) reasons << 48 | (long) guest << 32);
        assertThat(machine.lastEvent().q1()).isEqualTo(Machine.RING + tail - 32);
        assertThat(head()).isEqualTo(tail);
        assertThat(machine.guestEvents).isEmpty();
    }

    @Test
    void anEventIsInsertedAsItIs() {
        insert(9L << 60 | (long) GUEST << 32, 0, FAULT, 0x1234_5678L);
        assertThat(machine.guestEvents)
                .containsExactly(new Machine.GuestLogged(GUEST, LogKind.EVENT, 0, FAULT, 0x1234_5678L, true));
        assertThat(head()).isEqualTo(0x20);
        assertThat(machine.told.stream().filter(line -> line.startsWith("command")))
                .containsExactly("command 9 at 0");
        assertThat(machine.told).contains("guest 3 interrupt EVENT_LOG");
        assertThat(machine.events).isEmpty();
    }

    @Test
    void theCommandWaitsForItsEvent() {
        put(9L << 60 | (long) GUEST << 32, 0);
        machine.write(0x2008, tail);
        assertThat(head()).isZero();
        put(FAULT, 0);
        machine.write(0x2008, tail);
        assertThat(head()).isEqualTo(0x20);
        assertThat(machine.guestEvents).hasSize(1);
    }

    @Test
    void itGoesRoundTheRing() {
        for (int i = 0; i < 255; i++) {
            put(1L << 60, 0);
        }
        machine.write(0x2008, tail);
        insert(9L << 60 | (long) GUEST << 32, 0, FAULT, 7);
        assertThat(machine.guestEvents.get(0).q1()).isEqualTo(7);
        assertThat(head()).isEqualTo(0x10);
    }

    @Test
    void eachReasonAgainstItHasItsFlag() {
        insert(9L << 60 | (long) GUEST << 32 | 1, 0, FAULT, 0);
        expectFault(GUEST, 1);
        insert(9L << 60 | (long) GUEST << 32, 1, FAULT, 0);
        expectFault(GUEST, 1);
        insert(9L << 60 | 9L << 32, 0, FAULT, 0);
        expectFault(9, 4);
        insert(9L << 60 | (long) GUEST << 32, 0, 0xAL << 60, 0);
        expectFault(GUEST, 8);
        insert(9L << 60 | (long) GUEST << 32, 0, 0, 0);
        expectFault(GUEST, 8);
        bench.control(GUEST, 0x28, 0x88);
        insert(9L << 60 | (long) GUEST << 32, 0, FAULT, 0);
        expectFault(GUEST, 2);
        insert(9L << 60 | (long) GUEST << 32, 1, 0, 0);
        expectFault(GUEST, 0xB);
        machine.write(0x18, GuestBench.CONTROL & ~GuestBench.VIOMMU_EN);
        insert(9L << 60 | (long) GUEST << 32, 0, FAULT, 0);
        expectFault(GUEST, 4);
    }

    @Test
    void aFullLogOverflowsWithoutAFault() {
        for (int i = 0; i < 256; i++) {
            insert(9L << 60 | (long) GUEST << 32, 0, FAULT, 0);
        }
        assertThat(bench.status(GUEST) & 1).isEqualTo(1);
        assertThat(machine.events).isEmpty();
    }

    @Test
    void anEventThatCannotBeReadStopsTheRing() {
        machine.memory.injectFailure(Machine.RING + 16, 8, MemoryStatus.ABORT);
        insert(9L << 60 | (long) GUEST << 32, 0, FAULT, 0);
        assertThat(machine.lastEvent().q0()).isEqualTo(6L << 60 | 0x200L << 48);
        assertThat(machine.status() & 1 << 4).isZero();
        assertThat(head()).isZero();
    }

    @Test
    void anEventThatIsNotRecordedIsSkipped() {
        GuestBench dark = new GuestBench(GuestBench.options().build(), false, SparseMemory.recordedOnly());
        dark.add(GUEST);
        dark.machine.memory.writeLong(Machine.RING, 9L << 60 | (long) GUEST << 32);
        dark.machine.memory.writeLong(Machine.RING + 8, 0);
        dark.machine.write(0x2008, 0x20);
        assertThat(dark.machine.iommu.register(0x2000)).isEqualTo(0x20);
        assertThat(dark.machine.guestEvents).isEmpty();
        assertThat(dark.machine.events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 10})
    void withoutTheFeatureBothAreIllegal(long opcode) {
        Machine plain = Machine.started(Profile.SPEC);
        plain.command(opcode << 60, 0);
        assertThat(plain.lastEvent().code()).isEqualTo(5);
        assertThat(plain.status() & 1 << 4).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0x10000, 0", "0x8000000, 0", "0x100000000, 0", "0, 1"})
    void reservedBitsOfResetAreIllegal(String q0, long q1) {
        put(RESET_ALL | Long.decode(q0), q1);
        machine.write(0x2008, tail);
        assertThat(machine.lastEvent().code()).isEqualTo(5);
        assertThat(machine.status() & 1 << 4).isZero();
    }

    private void reset(long flags) {
        put(0xAL << 60 | flags | GUEST, 0);
        machine.write(0x2008, tail);
    }

    @Test
    void allMakesTheImageNewButKeepsTheMaps() {
        bench.mapDomain(GUEST, 7, 0x33);
        bench.command(GUEST, 9L << 60, 0);
        bench.page(GUEST, 0x80, 5);
        reset(1L << 28 | 1L << 31);
        assertThat(machine.told).contains("guest 3 reset all");
        for (int offset = 0; offset < 0x98; offset += 8) {
            assertThat(bench.page(GUEST, offset)).as("VF %x", offset).isZero();
        }
        for (int offset = 0x10; offset < 0x40; offset += 8) {
            assertThat(bench.control(GUEST, offset)).as("VF-control %x", offset).isZero();
        }
        assertThat(machine.memory.peek(0x1F80_0000L + GUEST * 32L)).isZero();
        bench.rewind(GUEST);
        bench.add(GUEST);
        bench.command(GUEST, 3L << 60 | 7L << 32, 0x7FFF_FFFF_FFFF_F001L);
        assertThat(bench.told("dropped")).containsExactly("dropped domain 51 0 size -1 pages 0");
    }

    @Test
    void aResetDropsWhatIsCachedOfTheMaps() {
        bench.mapDomain(GUEST, 7, 0x33);
        bench.command(GUEST, 3L << 60 | 7L << 32, 0x7FFF_FFFF_FFFF_F001L);
        machine.memory.writeLong(GuestBench.domainMap(GUEST) + 7 * 8, 0x34L << 24 | 1);
        reset(1L << 30);
        machine.told.clear();
        bench.command(GUEST, 3L << 60 | 7L << 32, 0x7FFF_FFFF_FFFF_F001L);
        assertThat(bench.told("dropped")).containsExactly("dropped domain 52 0 size -1 pages 0");
    }

    @Test
    void vCmdResetsTheRingAlone() {
        bench.command(GUEST, 1L << 60 | 2, 0);
        bench.command(GUEST, 9L << 60, 0);
        bench.page(GUEST, 0x10, 0x10);
        long events = bench.page(GUEST, 0x18);
        reset(1L << 31);
        assertThat(bench.told("guest 3 reset")).containsExactly("guest 3 reset part");
        assertThat(bench.page(GUEST, 0x00)).isZero();
        assertThat(bench.page(GUEST, 0x08)).isZero();
        assertThat(bench.status(GUEST) & (1 << 2 | 1 << 3 | 1 << 4)).isEqualTo(1 << 3);
        assertThat(bench.page(GUEST, 0x18)).isEqualTo(events).isNotZero();
        assertThat(bench.control(GUEST, 0x20)).isNotZero();
    }

    @Test
    void vEventAndVPprResetTheirLogsAlone() {
        for (int pointer : new int[] {0x10, 0x30, 0x50, 0x70}) {
            bench.page(GUEST, pointer, 0x40);
        }
        bench.command(GUEST, 9L << 60, 0);
        reset(1L << 29);
        assertThat(bench.page(GUEST, 0x10)).isZero();
        assertThat(bench.page(GUEST, 0x18)).isZero();
        assertThat(bench.page(GUEST, 0x70)).isZero();
        assertThat(bench.page(GUEST, 0x30)).isEqualTo(0x40);
        assertThat(bench.status(GUEST)).isEqualTo(1 << 7);
        reset(1L << 30);
        assertThat(bench.page(GUEST, 0x30)).isZero();
        assertThat(bench.page(GUEST, 0x50)).isZero();
        assertThat(bench.status(GUEST)).isZero();
    }

    @Test
    void aGuestThatIsNotKnownIsResetToo() {
        put(0xAL << 60 | 1L << 28 | 77, 0);
        machine.write(0x2008, tail);
        assertThat(machine.told).contains("guest 77 reset all");
        assertThat(machine.events).isEmpty();
    }

    @Test
    void aResetGuestIsForgotten() {
        GuestBench other = new GuestBench();
        other.prepare(GUEST);
        other.machine.command(RESET_ALL, 0);
        other.machine.memory.writeLong(Machine.RING + 0x20, FAULT);
        other.machine.memory.writeLong(Machine.RING + 0x10, 9L << 60 | (long) GUEST << 32);
        other.machine.write(0x2008, 0x30);
        assertThat(other.machine.lastEvent().flags()).isEqualTo(4);
    }
}
