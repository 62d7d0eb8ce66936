package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;

import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a recording does not hold leaves procedures undecided, and nothing else. */
class NotRecordedTest {
    private static Machine machine(Profile profile) {
        Machine machine = new Machine(IommuOptions.of(profile), SparseMemory.recordedOnly());
        machine.start(Machine.ENABLED);
        return machine;
    }

    @ParameterizedTest
    @EnumSource
    void aMissingCommandIsNamedAndSkipped(Profile profile) {
        Machine machine = machine(profile);
        machine.memory.writeLong(Machine.RING, 1L << 60);
        machine.iommu.mmioWrite(0x2008, 8, 0x10);
        assertThat(machine.told).containsExactly("failure COMMAND 200000 NOT_RECORDED", "command not recorded at 0");
        assertThat(machine.iommu.register(0x2000)).isEqualTo(0x10);
        assertThat(machine.status()).isEqualTo(0x18);
        assertThat(machine.events).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aMissingTableLeavesTheRequestUndecided(Profile profile) {
        Machine machine = machine(profile);
        machine.command(2L << 60 | DEVICE, 0);
        if (profile != Profile.QEMU_11_1) {
            assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.NOT_RECORDED);
        }
        assertThat(machine.interrupt(0xFEE0_0000L, 1).decision()).isEqualTo(InterruptDecision.NOT_RECORDED);
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | 3, DOMAIN, INTERRUPT_TABLE | 9 | 2L << 60, 0);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.NOT_RECORDED);
        assertThat(machine.interrupt(0xFEE0_0000L, 1).decision()).isEqualTo(InterruptDecision.NOT_RECORDED);
        assertThat(machine.told)
                .contains("failure PAGE_TABLE 300000 NOT_RECORDED", "failure INTERRUPT_TABLE 310004 NOT_RECORDED");
        assertThat(machine.events).isEmpty();
        assertThat(machine.iommu.probe(DEVICE, 0x1000).decision()).isEqualTo(TranslationDecision.NOT_RECORDED);
    }
}
