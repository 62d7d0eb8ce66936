package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of hardware vIOMMU is part of the state. */
class VirtualStateTest {
    private static final int GUEST = 0x8003;
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;

    private final IommuOptions options =
            GuestBench.options().deviceAnswers(DeviceAnswers.AS_INPUT).build();
    private final GuestBench bench = new GuestBench(options, false);
    private final Machine machine = bench.machine;

    @BeforeEach
    void workingGuests() {
        bench.add(GUEST);
        bench.add(4);
        bench.mapDomain(GUEST, 7, 0x33);
        bench.mapDevice(GUEST, 0x10, Machine.DEVICE);
        bench.command(GUEST, 3L << 60 | 7L << 32, EVERYTHING);
        bench.command(GUEST, 4L << 60 | 1L << 24 | 0x10, EVERYTHING);
        bench.command(GUEST, 1L << 60 | GuestBench.MEMORY | 1, 42);
        bench.command(4, 9L << 60, 0);
    }

    private Machine restored() {
        StateImage image = new StateImage();
        machine.iommu.saveTo(image);
        Machine second = new Machine(options, machine.memory);
        StateImage.Reader reader = StateImage.of(image.toArray()).reader();
        second.iommu.restoreFrom(reader);
        reader.expectEnd();
        return second;
    }

    @Test
    void aRestoredIommuHasTheSameHash() {
        assertThat(restored().hash()).isEqualTo(machine.hash());
    }

    @Test
    void commandsThatWaitGoOnAfterARestore() {
        Machine second = restored();
        long at = GuestBench.base(GUEST) + GuestBench.MEMORY;
        assertThat(machine.memory.peek(at)).isZero();
        second.iommu.invalidationResponse(Machine.DEVICE, 1);
        assertThat(machine.memory.peek(at)).isEqualTo(42);
        assertThat(machine.memory.peek(0x1F80_0000L + 3 * 32L + 16)).isZero();
    }

    @Test
    void aRegisterOfAGuestCanBeSeenWithoutAskingTheDevice() {
        assertThat(machine.iommu.guestRegister(GUEST, 0))
                .as("the third command waits")
                .isEqualTo(0x20);
        assertThat(machine.iommu.guestRegister(5, 0)).isZero();
        assertThat(machine.iommu.guestRegister(-1, 0)).isZero();
        assertThat(machine.iommu.guestRegister(0x1_0000, 0)).isZero();
        assertThat(machine.iommu.guestRegister(GUEST, 0x98)).isZero();
        assertThat(machine.iommu.guestRegister(GUEST, -8)).isZero();
        Machine plain = new Machine(IommuOptions.of(Profile.SPEC));
        assertThat(plain.iommu.guestRegister(GUEST, 0)).isZero();
    }

    @Test
    void registersAndCachedMapsAreRestored() {
        Machine second = restored();
        for (int offset = 0; offset < 0x98; offset += 8) {
            assertThat(second.iommu.read(RegisterSpace.VF, GUEST * 4096 + offset, 8))
                    .isEqualTo(bench.page(GUEST, offset));
        }
        for (int offset = 0; offset < 0x40; offset += 8) {
            assertThat(second.iommu.read(RegisterSpace.VF_CONTROL, GUEST * 64 + offset, 8))
                    .isEqualTo(bench.control(GUEST, offset));
        }
        second.iommu.invalidationResponse(Machine.DEVICE, 1);
        machine.memory.writeLong(GuestBench.domainMap(GUEST) + 7 * 8, 0);
        second.told.clear();
        machine.memory.writeLong(GuestBench.base(GUEST) + GuestBench.RING + 0x30, 3L << 60 | 7L << 32);
        machine.memory.writeLong(GuestBench.base(GUEST) + GuestBench.RING + 0x38, EVERYTHING);
        second.iommu.write(RegisterSpace.VF, GUEST * 4096 + 8, 8, 0x40);
        assertThat(second.told).contains("dropped domain 51 0 size -1 pages 0");
    }

    @Test
    void whoseIdsAreIsRestored() {
        Machine second = restored();
        machine.deviceEntry(Machine.DEVICE, 3L << 9 | Machine.ROOT | Machine.READ_WRITE | 3, 0x33, 0, 0);
        machine.memory.writeLong(Machine.ROOT, Machine.TABLE_2 | 2 << 9 | Machine.READ_WRITE | 1);
        machine.memory.writeLong(Machine.TABLE_2, Machine.TABLE_1 | 1 << 9 | Machine.READ_WRITE | 1);
        machine.map(0, Machine.PAGE_A | Machine.READ_WRITE | 1);
        second.iommu.invalidationResponse(Machine.DEVICE, 1);
        second.read(0);
        machine.memory.writeLong(GuestBench.base(GUEST) + GuestBench.RING + 0x30, 8L << 60);
        machine.memory.writeLong(GuestBench.base(GUEST) + GuestBench.RING + 0x38, 0);
        second.iommu.write(RegisterSpace.VF, GUEST * 4096 + 8, 8, 0x40);
        assertThat(second.read(0).hit()).isFalse();
    }

    @Test
    void everyRegisterIsPartOfTheHash() {
        for (int offset : new int[] {0x08, 0x10, 0x18, 0x28, 0x30, 0x38}) {
            long before = machine.hash();
            bench.control(GUEST, offset, bench.control(GUEST, offset) ^ (offset <= 0x10 ? 1L << 20 : 1L << 40));
            assertThat(machine.hash()).as("VF-control %x", offset).isNotEqualTo(before);
        }
        for (int offset : new int[] {0x10, 0x30, 0x50, 0x70, 0x80, 0x88, 0x90}) {
            long before = machine.hash();
            bench.page(GUEST, offset, 0x10);
            assertThat(machine.hash()).as("VF %x", offset).isNotEqualTo(before);
        }
    }

    @Test
    void aResetLeavesNothing() {
        machine.iommu.reset();
        assertThat(machine.hash()).isEqualTo(new Machine(options).hash());
        machine.start(GuestBench.CONTROL);
        assertThat(bench.status(GUEST)).isZero();
    }

    /** Every kind of effect is brought about, with and without somebody who hears it. */
    @Test
    void whoListensDoesNotMatter() {
        StateImage image = new StateImage();
        machine.iommu.saveTo(image);
        Iommu unheard = new Iommu(options, machine.memory, EffectSink.NONE);
        unheard.restoreFrom(image.reader());
        Machine heard = restored();
        machine.memory.writeLong(Machine.RING, 3L << 60 | (long) GuestBench.PRIVATE_DOMAIN << 32);
        machine.memory.writeLong(Machine.RING + 8, EVERYTHING);
        machine.memory.writeLong(Machine.RING + 16, 0xAL << 60 | 1L << 29 | 4);
        machine.memory.writeLong(Machine.RING + 24, 0);
        for (Iommu iommu : new Iommu[] {unheard, heard.iommu}) {
            iommu.mmioWrite(0x0008, 8, Machine.RING | 8L << 56);
            iommu.mmioWrite(0x2008, 8, 0x10);
            iommu.invalidationResponse(Machine.DEVICE, 1);
            iommu.write(RegisterSpace.VF, 4 * 4096 + 0x20, 8, 2);
            iommu.write(RegisterSpace.VF_CONTROL, 4 * 64 + 0x20, 8, 8);
            iommu.write(RegisterSpace.VF_CONTROL, 4 * 64 + 0x20, 8, GuestBench.ENABLE | GuestBench.LENGTH_256);
            iommu.mmioWrite(0x2008, 8, 0x20);
        }
        assertThat(heard.told)
                .contains("guest 32771 store 10000 at " + Long.toHexString(GuestBench.base(GUEST) + 0x1_0000) + " 42")
                .contains("guest 4 stopped", "guest 4 reset part", "guest 4 interrupt EVENT_LOG")
                .anyMatch(line -> line.startsWith("private"));
        StateHasher hasher = new StateHasher();
        unheard.saveTo(hasher);
        assertThat(hasher.value()).isEqualTo(heard.hash());
    }
}
