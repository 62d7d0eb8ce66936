package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_2;

import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corners of the QEMU profiles; the ids are those of docs/MODEL.md. */
class QemuDetailTest {
    private static final long MSI = 0xFEE0_0000L;
    private static final long VALID = ROOT | 3 << 9 | READ_WRITE | 3;
    private static final long QEMU_FEATURES = 0x29D3;

    private static Machine announced(long features, long q0) {
        Machine machine = Machine.started(IommuOptions.of(Profile.QEMU_11_1).toBuilder()
                .extendedFeatures(features)
                .build());
        machine.deviceEntry(DEVICE, q0, DOMAIN, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        return machine;
    }

    @ParameterizedTest
    @CsvSource({
        // HAD, EFR bit, decision
        "1, 0,  TRANSLATED",
        "2, 0,  TRANSLATED",
        "3, 0,  TRANSLATED",
        "1, 49, NOT_MODELLED",
        "2, 49, TRANSLATED",
        "1, 52, TRANSLATED",
        "2, 52, NOT_MODELLED",
    })
    void accessedAndDirtyUpdatesAreNamedWhereTheEntryAndTheFeaturesWantThem(
            long had, int feature, TranslationDecision decision) {
        Machine machine = announced(QEMU_FEATURES | 1L << feature, VALID | had << 7);
        assertThat(machine.written(0x1000).decision()).isEqualTo(decision);
        assertThat(machine.memory.peek(ROOT) & 0x60).isZero();
        assertThat(machine.told.contains("not modelled HOST_ACCESSED_DIRTY"))
                .isEqualTo(decision == TranslationDecision.NOT_MODELLED);
    }

    @Test
    void sixLevelsTakeEveryAddressInTheNewVersionToo() {
        Machine machine = announced(QEMU_FEATURES, ROOT | 6 << 9 | READ_WRITE | 3);
        machine.memory.writeLong(ROOT + 127 * 8, TABLE_2 | 5 << 9 | READ_WRITE | 1);
        machine.memory.writeLong(TABLE_2 + 511 * 8, READ_WRITE | 1);
        assertThat(machine.read(-1L).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    @Test
    void withDmaRemappingOffEverythingPasses() {
        Machine machine = new Machine(
                IommuOptions.of(Profile.QEMU_11_1).toBuilder().dmaRemappingOff().build());
        machine.start(Machine.ENABLED);
        machine.deviceEntry(DEVICE, VALID, DOMAIN, INTERRUPT_TABLE | 1 | 2L << 60, 0);
        machine.memory.writeLong(INTERRUPT_TABLE, 1 | 0x41 << 16);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.written(0x1234).decision()).isEqualTo(TranslationDecision.PASSED);
        assertThat(machine.interrupt(MSI, 0).decision()).isEqualTo(InterruptDecision.REMAPPED);
    }

    /** Q-INT-1: delivery mode, destination mode and RqEoi of a 128-bit entry reach the message. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0x00000000FEEAB000, 0x4042",
        "1, 0, 0, 0x00000000FEEAB000, 0x4142",
        "0, 1, 0, 0x00000000FEEAB004, 0x4042",
        "0, 0, 1, 0x00000000FEEAB008, 0x4042",
    })
    void theFieldsOfALongEntryReachTheMessage(int type, int mode, int requestEoi, String address, String data) {
        Machine machine = announced(QEMU_FEATURES, VALID);
        machine.write(0x18, Machine.ENABLED | 1 << 17);
        machine.deviceEntry(DEVICE, VALID, DOMAIN, INTERRUPT_TABLE | 1 | 2L << 60, 0);
        machine.memory.writeLong(INTERRUPT_TABLE, 1 | type << 2 | requestEoi << 5 | mode << 6 | 0xAB << 8);
        machine.memory.writeLong(INTERRUPT_TABLE + 8, 0x42);
        Machine.Delivered delivered = machine.interrupt(MSI | 0xC, 0xC000);
        assertThat(delivered.address()).isEqualTo(Long.decode(address));
        assertThat(delivered.data()).isEqualTo(Integer.decode(data));
    }

    @Test
    void aCommandThatIsNotRecordedMayHaveAnnouncedAnyDevice() {
        Machine machine = new Machine(IommuOptions.of(Profile.QEMU_11_1), SparseMemory.recordedOnly());
        machine.start(Machine.ENABLED);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PASSED);
        machine.write(0x2008, 0x10);
        assertThat(machine.told).contains("command not recorded at 0");
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.NOT_RECORDED);
    }

    @Test
    void anAnnouncedEntryThatIsNotRecordedOpensTheGateOfItsDeviceOnly() {
        Machine machine = new Machine(IommuOptions.of(Profile.QEMU_11_1), SparseMemory.recordedOnly());
        machine.start(Machine.ENABLED);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.NOT_RECORDED);
        assertThat(machine.dma(DEVICE + 1, 0x1000, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    /** Q-IOTLB-4: what 04h drops is told like what 03h drops. */
    @Test
    void aDeviceInvalidationTellsWhatItDropped() {
        Machine machine = announced(QEMU_FEATURES, VALID);
        machine.read(0x1000);
        machine.command(4L << 60 | DEVICE, 0x1000);
        assertThat(machine.told).contains("dropped domain -1 1000 size 4096 pages 1");
    }
}
