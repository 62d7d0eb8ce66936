package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.Machine.DEVICE;

import org.iorewind.model.iommu.Machine.OwnMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 4.5, 1.2, 1.9: which message carries an interrupt of the IOMMU itself. */
class Section4OwnInterruptTest {
    private static final int MSI = 0x64;
    private static final long PPR = 1L << 1;
    private static final long XT = 1L << 2;
    private static final long MIRRORS = 1L << 46;
    private static final long ON = Machine.ENABLED | 1L << 4 | 7L << 13;
    private static final long INT_CAP_XT_EN = 1L << 51;
    private static final long GA_LOG = 0x61_0000;
    private static final long GA_ON = 1L << 17 | 1L << 25 | 1L << 28 | 1L << 29;

    private final Machine machine = machine();

    private static Machine machine() {
        Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | PPR | XT | MIRRORS | 1L << 7)
                .pci(PciOptions.of(Profile.SPEC).withMessages(5, 6, 7))
                .build());
        machine.write(0x38, 0x60_0000L | 8L << 56);
        machine.write(0xE0, GA_LOG | 8L << 56);
        machine.write(0x18, ON);
        return machine;
    }

    private static void message(Machine machine, int granted) {
        machine.iommu.configWrite(MSI + 4, 4, 0xFEE0_1000L);
        machine.iommu.configWrite(MSI + 8, 4, 0x55);
        machine.iommu.configWrite(MSI + 12, 2, 0x4040);
        machine.iommu.configWrite(MSI + 2, 2, granted << 4 | 1);
    }

    private void raise(OwnInterrupt source) {
        switch (source) {
            case EVENT_LOG -> machine.read(0x1000);
            case COMPLETION_WAIT -> machine.command(1L << 60 | 2, 0);
            case PPR_LOG -> machine.iommu.pageRequest(DEVICE, NO_PASID, 0, 1, 0, true);
            case GUEST_APIC_LOG -> {
                machine.write(0x18, machine.iommu.register(0x18) | GA_ON);
                machine.deviceEntry(DEVICE, 0, 0, Machine.INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60, 0);
                machine.command(2L << 60 | DEVICE, 0);
                machine.memory.writeLong(Machine.INTERRUPT_TABLE, 1 | 1 << 2 | 1 << 7);
                machine.memory.writeLong(Machine.INTERRUPT_TABLE + 8, 0x70_0000 | 0x41);
                machine.interrupt(0xFEE0_0000L, 0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"EVENT_LOG, 0x4045", "COMPLETION_WAIT, 0x4045", "PPR_LOG, 0x4046", "GUEST_APIC_LOG, 0x4047"})
    void eachSourceHasItsMessageNumber(OwnInterrupt source, String data) {
        message(machine, 3);
        raise(source);
        assertThat(machine.ownMessages).containsExactly(new OwnMessage(source, 0x55_FEE0_1000L, Integer.decode(data)));
    }

    @ParameterizedTest
    @CsvSource({"0, 0x4040", "1, 0x4041", "2, 0x4041", "3, 0x4045", "5, 0x4045", "7, 0x4045"})
    void theNumberTakesAsManyBitsAsSoftwareGranted(int granted, String data) {
        message(machine, granted);
        raise(OwnInterrupt.EVENT_LOG);
        assertThat(machine.ownMessages.get(0).data()).isEqualTo(Integer.decode(data));
    }

    @Test
    void softwareMayChooseTheGuestApicLogsNumber() {
        message(machine, 3);
        machine.iommu.mmioWrite(0x154, 4, 2);
        raise(OwnInterrupt.GUEST_APIC_LOG);
        assertThat(machine.ownMessages.get(0).data()).isEqualTo(0x4042);
    }

    @Test
    void withoutMsiTheInterruptIsToldWithoutAMessage() {
        message(machine, 3);
        machine.iommu.configWrite(MSI + 2, 2, 0);
        raise(OwnInterrupt.EVENT_LOG);
        assertThat(machine.ownMessages)
                .containsExactly(new OwnMessage(OwnInterrupt.EVENT_LOG, EffectSink.NO_MESSAGE, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "EVENT_LOG, 0x170",
        "COMPLETION_WAIT, 0x170",
        "PPR_LOG, 0x178",
        "GUEST_APIC_LOG, 0x180",
    })
    void underIntCapXtEnEachSourceHasItsRegister(OwnInterrupt source, String at) {
        message(machine, 3);
        machine.write(0x18, ON | INT_CAP_XT_EN);
        machine.write(Integer.decode(at), 0xAAL << 56 | 1L << 40 | 0x41L << 32 | 0xBB_CCDDL << 8 | 4);
        raise(source);
        assertThat(machine.ownMessages)
                .containsExactly(new OwnMessage(source, 0xAABB_CC00_FEE0_0000L | 0xDD << 12 | 4, 0x141));
    }

    @Test
    void aRegisterOfZeroMasksItsInterruptButNotTheStatusBit() {
        message(machine, 3);
        machine.write(0x18, ON | INT_CAP_XT_EN);
        raise(OwnInterrupt.EVENT_LOG);
        assertThat(machine.ownMessages).isEmpty();
        assertThat(machine.status() & 2).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"SPEC, 0", "QEMU_11_1, 4"})
    void withoutTheRegistersTheControlBitDoesNothing(Profile profile, long features) {
        Machine plain = Machine.started(IommuOptions.of(profile).toBuilder()
                .extendedFeatures(2L << 10 | features)
                .build());
        plain.write(0x18, ON | INT_CAP_XT_EN);
        message(plain, 0);
        plain.command(1L << 60 | 2, 0);
        assertThat(plain.ownMessages)
                .containsExactly(new OwnMessage(OwnInterrupt.COMPLETION_WAIT, 0x55_FEE0_1000L, 0x4040));
    }
}
