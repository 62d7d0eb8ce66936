package org.iorewind.model.platform.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.iommu.DeviceAnswers;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SoftwareMachine;
import org.junit.jupiter.api.Test;

/** Reference 3.1 and amd-viommu reference 8: the software side of a command ring. */
class CommandQueueTest {
    private static final int TAIL = 0x2008;
    private static final Command HARMLESS = Command.invalidateDeviceEntry(SoftwareMachine.DEVICE);

    private final SoftwareMachine machine = new SoftwareMachine();

    private CommandQueue queue(Doorbell doorbell) {
        return Drivers.booted(machine, Drivers.small().doorbell(doorbell)).commands();
    }

    @Test
    void aCommandIsOneStoreAndOneTailWriteInLinux() {
        CommandQueue queue = queue(Doorbell.EACH_COMMAND);
        assertThat(queue.push(HARMLESS)).isTrue();
        assertThat(machine.port().stores(MemoryRole.COMMAND_RING)).isEqualTo(1);
        assertThat(machine.port().writesOf(TAIL)).isEqualTo(1);
        // A flush and its wait are two tail stores (amd-viommu reference 9.1: q=2).
        assertThat(queue.complete()).isTrue();
        assertThat(machine.port().writesOf(TAIL)).isEqualTo(2);
        assertThat(machine.taken()).containsExactly(HARMLESS, Command.completionWait(queue.semaphore(), 2));
    }

    @Test
    void batchedCommandsShareATailWrite() {
        CommandQueue queue = queue(Doorbell.BATCHED);
        long before = queue.doorbells();
        queue.push(HARMLESS);
        queue.push(HARMLESS);
        assertThat(machine.taken()).isEmpty();
        assertThat(queue.complete()).isTrue();
        assertThat(machine.port().writesOf(TAIL)).isEqualTo(1);
        assertThat(queue.doorbells() - before).isEqualTo(1);
        assertThat(machine.opcodes()).containsExactly(2, 2, 1);
    }

    @Test
    void aFullRingIsShownToTheHardwareWhichMakesRoom() {
        CommandQueue queue = queue(Doorbell.BATCHED);
        long before = queue.commands();
        for (int i = 0; i < 1000; i++) {
            assertThat(queue.push(HARMLESS)).isTrue();
        }
        assertThat(queue.complete()).isTrue();
        assertThat(queue.commands() - before).isEqualTo(1001);
        assertThat(machine.taken()).hasSize(1001);
        // 256 places, of which 32 bytes stay free: no more than 254 commands fit.
        assertThat(machine.port().writesOf(TAIL)).isBetween(4, 5);
        assertThat(queue.ringBytes()).isEqualTo(4096);
        assertThat(machine.iommu().register(0x08) & -4096 & (1L << 52) - 1).isEqualTo(queue.base());
    }

    @Test
    void aCommandOfTwoSlotsIsShownWhole() {
        CommandQueue queue = queue(Doorbell.EACH_COMMAND);
        assertThat(queue.push(HARMLESS, HARMLESS)).isTrue();
        assertThat(machine.port().stores(MemoryRole.COMMAND_RING)).isEqualTo(2);
        assertThat(machine.port().writesOf(TAIL)).isEqualTo(1);
        assertThat(machine.taken()).hasSize(2);
    }

    @Test
    void aFullRingMakesRoomForTwoSlots() {
        CommandQueue batched = queue(Doorbell.BATCHED);
        for (int i = 0; i < 200; i++) {
            assertThat(batched.push(HARMLESS, HARMLESS)).isTrue();
        }
        assertThat(batched.complete()).isTrue();
        assertThat(machine.taken()).hasSize(401);
    }

    @Test
    void aCommandOfTwoSlotsNeedsRoomForBoth() {
        CommandQueue queue = queue(Doorbell.EACH_COMMAND);
        queue.push(new Command(0, 0));
        while (queue.push(HARMLESS)) {
            // Until the ring that stopped is full.
        }
        assertThat(queue.push(HARMLESS, HARMLESS)).isFalse();
    }

    @Test
    void aRingThatStoppedMakesCallsFail() {
        CommandQueue queue = queue(Doorbell.EACH_COMMAND);
        assertThat(queue.push(new Command(0, 0))).isTrue();
        assertThat(queue.complete()).isFalse();
        int taken = 0;
        while (queue.push(HARMLESS)) {
            taken++;
        }
        assertThat(taken).isLessThan(256);
        assertThat(queue.complete()).isFalse();
    }

    @Test
    void aRingThatStoppedStartsAgainFromAnEmptyOne() {
        CommandQueue queue = queue(Doorbell.EACH_COMMAND);
        queue.push(new Command(0, 0));
        ControlRegister control = new ControlRegister(machine.port());
        control.clear(0x1000);
        queue.reset();
        control.set(0x1000);
        assertThat(queue.complete()).isTrue();
    }

    @Test
    void whileItWaitsDevicesMayAnswer() {
        SoftwareMachine late = new SoftwareMachine(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(SoftwareMachine.FEATURES)
                .deviceAnswers(DeviceAnswers.AS_INPUT)
                .build());
        CommandQueue queue = Drivers.booted(late).commands();
        queue.push(
                Command.invalidateDevicePages(SoftwareMachine.DEVICE, 32, EffectSink.NO_PASID, AddressSpan.EVERYTHING));
        assertThat(queue.complete()).isFalse();
        queue.whileWaiting(() -> late.bus().invalidationResponse(0, SoftwareMachine.DEVICE, -1));
        assertThat(queue.complete()).isTrue();
    }

    @Test
    void roomThatComesWhileItWaitsIsUsed() {
        SoftwareMachine late = new SoftwareMachine(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(SoftwareMachine.FEATURES)
                .deviceAnswers(DeviceAnswers.AS_INPUT)
                .build());
        CommandQueue queue = Drivers.booted(late).commands();
        queue.push(
                Command.invalidateDevicePages(SoftwareMachine.DEVICE, 32, EffectSink.NO_PASID, AddressSpan.EVERYTHING));
        queue.complete();
        while (queue.push(HARMLESS)) {}
        queue.whileWaiting(() -> late.bus().invalidationResponse(0, SoftwareMachine.DEVICE, -1));
        assertThat(queue.push(HARMLESS)).isTrue();
    }

    @Test
    void aCommandOfTwoSlotsIsShownAsAWhole() {
        CommandQueue queue = queue(Doorbell.EACH_COMMAND);
        long before = queue.commands();
        assertThat(queue.push(HARMLESS, HARMLESS)).isTrue();
        assertThat(machine.port().writesOf(TAIL)).isEqualTo(1);
        assertThat(machine.taken()).containsExactly(HARMLESS, HARMLESS);
        assertThat(queue.commands() - before).isEqualTo(1);
        queue.push(new Command(0, 0));
        int pairs = 0;
        while (queue.push(HARMLESS, HARMLESS)) {
            pairs++;
        }
        assertThat(pairs).isLessThan(128);
    }

    @Test
    void commandsOfTwoSlotsMayBeBatched() {
        CommandQueue queue = queue(Doorbell.BATCHED);
        for (int i = 0; i < 300; i++) {
            assertThat(queue.push(HARMLESS, HARMLESS)).isTrue();
        }
        assertThat(queue.complete()).isTrue();
        assertThat(machine.taken()).hasSize(601);
        assertThat(machine.port().writesOf(TAIL)).isBetween(2, 4);
    }

    @Test
    void domainIdsAreTheLowestThatAreFree() {
        DomainIds ids = new DomainIds(1, 3);
        assertThat(ids.allocate()).isEqualTo(1);
        assertThat(ids.allocate()).isEqualTo(2);
        ids.free(1);
        assertThat(ids.allocate()).isEqualTo(1);
        assertThat(ids.allocate()).isEqualTo(3);
        assertThat(ids.allocate()).isEqualTo(DomainIds.NONE);
        assertThat(ids.used()).isEqualTo(3);
        assertThat(new DomainIds().allocate()).isEqualTo(1);
    }
}
