package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reference 7.1, translated requests (AT=10), and trap 28. */
class Section7TranslatedRequestTest {
    private static final long I = 1L << 32;
    private static final long MODE_3 = ROOT | 3 << 9 | 3;

    private final Machine machine = machine(IommuOptions.of(Profile.SPEC).toBuilder());

    private static Machine machine(IommuOptions.Builder options) {
        Machine machine = Machine.started(options.deviceEntryCache(0).build());
        machine.deviceEntry(DEVICE, MODE_3, DOMAIN | I, 0, 0);
        machine.told.clear();
        return machine;
    }

    private static void expectTypeOne(Machine machine, AccessKind access) {
        assertThat(machine.pretranslated(0x1000, access).decision()).isEqualTo(TranslationDecision.ABORTED);
        assertThat(machine.lastEvent().code()).isEqualTo(8);
        assertThat(machine.lastEvent().flags()).isEqualTo(1 << 9);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x1000);
    }

    @ParameterizedTest
    @EnumSource
    void itPassesWithoutAWalkAndWithoutRights(AccessKind access) {
        Machine.Translation passed = machine.pretranslated(0x1_2345_6789L, access);
        assertThat(passed.decision()).isEqualTo(TranslationDecision.PASSED);
        assertThat(passed.result()).isEqualTo(0x1_2345_6000L);
        assertThat(passed.domain()).isEqualTo(DOMAIN);
        assertThat(machine.told).containsExactly("entry of 48 from memory");
        assertThat(machine.events).isEmpty();
    }

    @Test
    void tvDoesNotMatter() {
        machine.deviceEntry(DEVICE, 1, DOMAIN | I, 0, 0);
        assertThat(machine.pretranslated(0x1000, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @Test
    void aDeviceWithoutAtsIsReported() {
        machine.deviceEntry(DEVICE, MODE_3 | READ_WRITE, DOMAIN, 0, 0);
        expectTypeOne(machine, AccessKind.READ);
        expectTypeOne(machine, AccessKind.WRITE);
        expectTypeOne(machine(IommuOptions.of(Profile.SPEC).toBuilder().iotlbSupported(false)), AccessKind.READ);
    }

    @Test
    void anEntryThatIsNotValidIsReported() {
        machine.deviceEntry(DEVICE, 0, I, 0, 0);
        expectTypeOne(machine, AccessKind.READ);
    }

    @Test
    void withTheIommuOffItPasses() {
        machine.write(0x18, 0);
        assertThat(machine.pretranslated(0x1000, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @Test
    void theDeviceTableEntryMustBeThereAndLegal() {
        machine.iommu.translatedDma(0x1234, NO_PASID, 0x1000, 4, AccessKind.WRITE);
        assertThat(machine.lastEvent().code()).isEqualTo(2);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x20);
        machine.deviceEntry(DEVICE, MODE_3 | 4, DOMAIN | I, 0, 0);
        assertThat(machine.pretranslated(0x1000, AccessKind.READ).decision())
                .isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        machine.memory.injectFailure(Machine.DEVICE_TABLE, 4096, MemoryStatus.ABORT);
        assertThat(machine.pretranslated(0x1000, AccessKind.READ).decision())
                .isEqualTo(TranslationDecision.HARDWARE_ERROR);
    }

    @Test
    void theSpecialRangesAreClosedToItToo() {
        assertThat(machine.pretranslated(0xFEE0_0000L, AccessKind.WRITE).decision())
                .isEqualTo(TranslationDecision.ABORTED);
        assertThat(machine.pretranslated(0xFE_0000_0000L, AccessKind.READ).decision())
                .isEqualTo(TranslationDecision.ABORTED);
        assertThat(machine.events).isEmpty();
    }

    @Test
    void secureAtsIsNamed() {
        Machine secured = machine(IommuOptions.of(Profile.SPEC).toBuilder().extendedFeatures(2L << 10 | 1L << 31));
        secured.deviceEntry(DEVICE, MODE_3, DOMAIN | I | 1L << 42, 0, 0);
        assertThat(secured.pretranslated(0x1000, AccessKind.READ).decision())
                .isEqualTo(TranslationDecision.NOT_MODELLED);
        assertThat(secured.told).contains("not modelled ATS");
    }
}
