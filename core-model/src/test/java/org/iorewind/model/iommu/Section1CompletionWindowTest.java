package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.STORE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 1.6 under SNP: the window for completion stores. */
class Section1CompletionWindowTest {
    private static final long SNP = 1L << 63;

    private final Machine secure = machine(Profile.SPEC);

    private static Machine machine(Profile profile) {
        return Machine.started(IommuOptions.of(profile).toBuilder()
                .extendedFeatures(SNP | 2L << 10)
                .build());
    }

    private static void window(Machine machine, long base, long limit) {
        machine.write(0x20, base);
        machine.write(0x28, limit);
    }

    @ParameterizedTest
    @CsvSource({"0x320000, true", "0x320FF8, true", "0x31FFF8, false", "0x321000, false"})
    void aBaseThatEqualsTheLimitIsOnePage(String at, boolean stored) {
        window(secure, STORE, STORE);
        secure.command(1L << 60 | Long.decode(at) | 1, 3);
        assertThat(secure.memory.peek(Long.decode(at))).isEqualTo(stored ? 3 : 0);
        assertThat(secure.status() & 0x10).as("CmdBufRun").isEqualTo(stored ? 0x10 : 0);
    }

    @Test
    void aStoreOutsideIsACommandHardwareErrorWithTheStoresAddress() {
        window(secure, 0x7000, 0x9000);
        secure.command(1L << 60 | STORE | 1, 3);
        assertThat(secure.lastEvent().q0()).isEqualTo(6L << 60 | 0x200L << 48);
        assertThat(secure.lastEvent().q1()).isEqualTo(STORE);
        assertThat(secure.told).contains("failure COMPLETION_STORE 320000 ABORT");
        assertThat(secure.iommu.register(0x2000)).isEqualTo(0x10);
    }

    @Test
    void withoutABaseEveryStoreIsAllowed() {
        secure.command(1L << 60 | STORE | 1, 3);
        assertThat(secure.memory.peek(STORE)).isEqualTo(3);
    }

    @Test
    void theRegistersHaveNoSwitchesAndThereIsNoExclusionRange() {
        window(secure, 0x1003, 0x2000);
        assertThat(secure.iommu.register(0x20)).isEqualTo(0x1000);
        secure.iommu.forceRegister(0x20, 0x1003);
        secure.deviceEntry(DEVICE, Machine.ROOT | 3 << 9 | Machine.READ_WRITE | 3, DOMAIN | 1L << 39, 0, 0);
        secure.command(2L << 60 | DEVICE, 0);
        assertThat(secure.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
    }

    @Test
    void anExclusionRangeIsNoWindowWithoutSnp() {
        Machine plain = Machine.started(Profile.SPEC);
        window(plain, 0x7000, 0x7000);
        plain.command(1L << 60 | STORE | 1, 3);
        assertThat(plain.memory.peek(STORE)).isEqualTo(3);
        Machine qemu = machine(Profile.QEMU_11_1);
        qemu.iommu.forceRegister(0x20, 0x7000);
        qemu.command(1L << 60 | STORE | 1, 3);
        assertThat(qemu.memory.peek(STORE)).isEqualTo(3);
    }
}
