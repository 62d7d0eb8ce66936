package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.platform.ListingBus;
import org.iorewind.model.platform.MemoryRole;
import org.junit.jupiter.api.Test;

/** Memory, interceptions and interrupts of a virtual machine. */
class VirtualMachineTest {
    private static final long BASE = 0x1000_0000L;
    private static final long BYTES = 0x80_0000L;
    private final ListingBus bus = new ListingBus();
    private final VirtualMachine machine = new VirtualMachine(bus, 1, BASE, BYTES);
    private final Silent iommu = new Silent();
    private final GuestPort port = new GuestPort(machine, iommu);

    @Test
    void guestPhysicalMemoryIsAPartOfTheSystems() {
        port.store(MemoryRole.DATA, 0x2000, 1, 2);
        assertThat(bus.load(BASE + 0x2008)).isEqualTo(2);
        assertThat(port.load(0x2000)).isEqualTo(1);
        port.clear(MemoryRole.DATA, 0x2000, 16);
        assertThat(port.load(0x2008)).isZero();
        assertThat(bus.lines()).containsExactly("store 1 DATA", "clear 1 DATA 10");
    }

    @Test
    void beyondItsEndThereIsNothing() {
        port.store(MemoryRole.DATA, BYTES - 8, 1, 2);
        port.clear(MemoryRole.DATA, BYTES - 8, 16);
        port.store(MemoryRole.DATA, -8, 1);
        assertThat(bus.lines()).isEmpty();
        assertThat(port.load(BYTES)).isEqualTo(-1);
        assertThat(machine.holds(0, -1)).isFalse();
        assertThat(machine.holds(0, BYTES)).isTrue();
    }

    @Test
    void itsDriversGetMemoryAboveOneMebibyte() {
        long first = port.allocate(0x2000, 0x1000);
        assertThat(first).isEqualTo(0x10_0000);
        port.free(first, 0x2000);
        assertThat(port.allocate(0x1000, 0x1000)).isEqualTo(first);
        assertThat(machine.pages().left()).isEqualTo(BYTES - 0x10_0000 - 0x1000);
    }

    @Test
    void storesToAnInterceptedTableExit16BytesEach() {
        List<String> seen = new ArrayList<>();
        machine.watch(iommu, 0x4000, 0x1000, (address, bytes) -> seen.add(Long.toHexString(address) + "+" + bytes));
        port.store(MemoryRole.DEVICE_TABLE, 0x4020, 1, 2, 3, 4);
        port.store(MemoryRole.DEVICE_TABLE, 0x4040, 5);
        port.store(MemoryRole.DEVICE_TABLE, 0x3FF8, 6);
        port.store(MemoryRole.DEVICE_TABLE, 0x5000, 6);
        assertThat(seen).containsExactly("4020+16", "4030+16", "4040+8");
        assertThat(bus.lines("exit"))
                .containsExactly("exit 1 TABLE_WRITE 4020", "exit 1 TABLE_WRITE 4030", "exit 1 TABLE_WRITE 4040");
        assertThat(bus.load(BASE + 0x4038)).isEqualTo(4);
        port.clear(MemoryRole.DEVICE_TABLE, 0x4000, 0x1000);
        assertThat(seen).last().isEqualTo("4000+4096");
        assertThat(bus.lines("exit")).hasSize(4);
    }

    @Test
    void eachIommuHasOneTable() {
        List<String> seen = new ArrayList<>();
        machine.watch(iommu, 0x4000, 0x1000, (address, bytes) -> seen.add("old"));
        machine.watch(iommu, 0x6000, 0x1000, (address, bytes) -> seen.add("new"));
        machine.watch(new Silent(), 0x8000, 0x1000, (address, bytes) -> seen.add("other"));
        port.store(MemoryRole.DEVICE_TABLE, 0x4000, 1);
        port.store(MemoryRole.DEVICE_TABLE, 0x6000, 1);
        port.store(MemoryRole.DEVICE_TABLE, 0x8000, 1);
        assertThat(seen).containsExactly("new", "other");
    }

    @Test
    void interruptsWaitUntilTheGuestTakesThem() {
        List<String> taken = new ArrayList<>();
        machine.add(iommu);
        machine.onInterrupt(iommu, () -> taken.add("handled"));
        machine.inject(iommu, GuestSignal.EVENT_LOG);
        machine.inject(iommu, GuestSignal.PPR_LOG);
        assertThat(taken).isEmpty();
        assertThat(machine.isInterruptWaiting()).isTrue();
        machine.takeInterrupts();
        machine.takeInterrupts();
        assertThat(taken).containsExactly("handled");
        assertThat(iommu.settled).isEqualTo(2);
        assertThat(machine.isInterruptWaiting()).isFalse();
        machine.inject(new Silent(), GuestSignal.EVENT_LOG);
        machine.takeInterrupts();
        assertThat(taken).hasSize(1);
    }

    @Test
    void markersCarryTheGuestsNumber() {
        port.enter("map", 1, 0x10, 0, 0);
        port.note("pin", 1, 0, 0, 3);
        port.leave("map", 0);
        assertThat(port.readRegister(0x18, 8)).isEqualTo(0x18);
        port.writeRegister(0x20, 8, 5);
        assertThat(iommu.written).isEqualTo(5);
        assertThat(bus.lines()).containsExactly("enter 1 map 10", "note 1 pin 3", "leave 1 map 0");
    }

    @Test
    void aMachineInAMachineLiesInItsMemory() {
        VirtualMachine inner = machine.nested(7, 0x40_0000, 0x20_0000);
        assertThat(inner.owner()).isEqualTo(1);
        assertThat(inner.number()).isEqualTo(7);
        assertThat(inner.ownerBase()).isEqualTo(0x40_0000);
        assertThat(inner.systemBase()).isEqualTo(BASE + 0x40_0000);
        inner.store(MemoryRole.DATA, 0x10, 9);
        assertThat(machine.load(0x40_0010)).isEqualTo(9);
        assertThat(inner.bytes()).isEqualTo(0x20_0000);
        assertThat(inner.bus()).isSameAs(bus);
    }

    private static final class Silent implements VirtualIommu {
        private long written;
        private int settled;

        @Override
        public void write(int offset, int sizeBytes, long value) {
            written = value;
        }

        @Override
        public long read(int offset, int sizeBytes) {
            return offset;
        }

        @Override
        public void settle() {
            settled++;
        }
    }
}
