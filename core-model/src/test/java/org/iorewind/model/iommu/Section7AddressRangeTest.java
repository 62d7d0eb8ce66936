package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;

import org.iorewind.model.iommu.translate.AddressClass;
import org.iorewind.model.iommu.translate.AddressRangeDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference 7.2 with the types of INVALID_DEVICE_REQUEST of 4.3 for TR=0. */
class Section7AddressRangeTest {
    private static final long TRANSLATED = ROOT | 3 << 9 | READ_WRITE | 3;
    private static final long IDENTITY = READ_WRITE | 3;
    private static final long HT_INTERRUPT = 0xFD_F800_0020L;
    private static final long SYSTEM_MANAGEMENT = 0xFD_F91F_FFFFL;
    private static final long PORT_IO = 0xFD_FC00_0060L;
    private static final int NONE = -1;

    private final Machine machine = Machine.started(
            IommuOptions.of(Profile.SPEC).toBuilder().deviceEntryCache(0).build());

    /** The type of the event that a request leaves; -1 when it leaves none. */
    private void expect(long address, AccessKind access, TranslationDecision decision, int type) {
        machine.events.clear();
        assertThat(machine.dma(DEVICE, address, access).decision()).isEqualTo(decision);
        if (type == NONE) {
            assertThat(machine.events).isEmpty();
        } else {
            assertThat(machine.events).hasSize(1);
            assertThat(machine.lastEvent().q0()).isEqualTo((8L << 12 | type << 9L) << 48 | DEVICE);
            assertThat(machine.lastEvent().q1()).isEqualTo(address);
        }
    }

    @Test
    void theTableCoversTheHoleWithoutAGap() {
        long next = AddressRangeDescriptor.HYPER_TRANSPORT_FIRST;
        for (AddressClass range : AddressClass.values()) {
            if (range != AddressClass.MSI_WINDOW) {
                assertThat(range.first()).as(range.name()).isEqualTo(next);
                next = range.last() + 1;
            }
        }
        assertThat(next).isEqualTo(AddressRangeDescriptor.HYPER_TRANSPORT_LAST + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "FEE00000, READ, 0",
        "FEEFFFFF, ATOMIC, 0",
        "FEE00000, UNKNOWN, 0",
        "FEE00000, WRITE, -1",
        "FD00000000, READ, 0",
        "FDF7FFFFFF, WRITE, 6",
        "FDF8000000, READ, 0",
        "FDF8FFFFFF, ATOMIC, 0",
        "FDF9000000, READ, 0",
        "FDF90FFFFF, WRITE, 6",
        "FDF9100000, READ, 4",
        "FDF9100000, WRITE, 3",
        "FDF91FFFFF, ATOMIC, 4",
        "FDF9200000, READ, -1",
        "FDFAFFFFFF, WRITE, -1",
        "FDFC000000, READ, 2",
        "FDFDFFFFFF, WRITE, 2",
        "FDFE000000, READ, -1",
        "FDFFFFFFFF, WRITE, -1",
        "FE00000000, READ, -1",
        "FE1FFFFFFF, WRITE, -1",
        "FE20000000, READ, -1",
        "FFFFFFFFFF, WRITE, -1"
    })
    void eachRangeRefusesWithItsType(String address, AccessKind access, int type) {
        expect(Long.parseLong(address, 16), access, TranslationDecision.ABORTED, type);
    }

    @Test
    void theRangeOfAtsResponsesIsMemoryUnlessReserved() {
        machine.deviceEntry(DEVICE, IDENTITY, DOMAIN, 0, 0);
        expect(0xFD_FB00_0000L, AccessKind.READ, TranslationDecision.PASSED, NONE);
    }

    @Test
    void htRangeIgnoreMakesThemAllOrdinaryAddresses() {
        Machine ignoring = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures2(1 << 11)
                .deviceEntryCache(0)
                .build());
        ignoring.deviceEntry(DEVICE, IDENTITY, DOMAIN, 1, 0);
        for (AddressClass range : AddressClass.values()) {
            boolean isMsi = range == AddressClass.MSI_WINDOW;
            assertThat(ignoring.dma(DEVICE, range.first(), AccessKind.WRITE).decision())
                    .isEqualTo(isMsi ? TranslationDecision.ABORTED : TranslationDecision.PASSED);
        }
        ignoring.deviceEntry(DEVICE, 0, 0, 1, 0);
        assertThat(ignoring.written(HT_INTERRUPT).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @ParameterizedTest
    @CsvSource({"0, PASSED, -1", "1, ABORTED, 5", "1000000000000001, PASSED, -1"})
    void ivAndIntCtlDecideAboutHyperTransportInterrupts(String q2, TranslationDecision decision, int type) {
        long interrupts = Long.parseLong(q2, 16);
        machine.deviceEntry(DEVICE, TRANSLATED, DOMAIN, interrupts, 0);
        expect(HT_INTERRUPT, AccessKind.WRITE, decision, type);
        // V does not matter to interrupts.
        machine.deviceEntry(DEVICE, 0, 0, interrupts, 0);
        expect(HT_INTERRUPT, AccessKind.WRITE, decision, type);
    }

    @Test
    void withoutVOnlyWritesToTheInterruptRangeAreLookedAt() {
        machine.deviceEntry(DEVICE, 0, 0, 1, 0);
        expect(HT_INTERRUPT, AccessKind.READ, TranslationDecision.PASSED, NONE);
        expect(0xFEE0_0000L, AccessKind.READ, TranslationDecision.PASSED, NONE);
        expect(PORT_IO, AccessKind.WRITE, TranslationDecision.PASSED, NONE);
    }

    @Test
    void remappingAHyperTransportInterruptIsNamed() {
        machine.deviceEntry(DEVICE, TRANSLATED, DOMAIN, 2L << 60 | 1, 0);
        expect(HT_INTERRUPT, AccessKind.WRITE, TranslationDecision.NOT_MODELLED, NONE);
        assertThat(machine.told).contains("not modelled SPECIAL_ADDRESS_RANGE");
    }

    @Test
    void theReservedIntCtlMakesTheEntryIllegal() {
        machine.deviceEntry(DEVICE, TRANSLATED, DOMAIN, 3L << 60 | 1, 0);
        assertThat(machine.written(HT_INTERRUPT).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(machine.lastEvent().code()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0, READ, ABORTED, 4",
        "0, WRITE, ABORTED, 3",
        "1, READ, ABORTED, 4",
        "1, WRITE, PASSED, -1",
        "2, READ, ABORTED, 4",
        "2, WRITE, PASSED, -1",
        "3, READ, PASSED, -1",
        "3, WRITE, PASSED, -1"
    })
    void sysMgtDecidesAboutSystemManagement(long sysMgt, AccessKind access, TranslationDecision decision, int type) {
        machine.deviceEntry(DEVICE, IDENTITY, DOMAIN | sysMgt << 40, 0, 0);
        expect(SYSTEM_MANAGEMENT, access, decision, type);
    }

    @Test
    void systemManagementThatIsTranslatedNeedsTv() {
        machine.deviceEntry(DEVICE, READ_WRITE | 1, DOMAIN | 3L << 40, 0, 0);
        expect(SYSTEM_MANAGEMENT, AccessKind.WRITE, TranslationDecision.ABORTED, 7);
        machine.deviceEntry(DEVICE, TRANSLATED | 4 << 9, DOMAIN | 3L << 40, 0, 0);
        machine.deviceEntry(DEVICE, ROOT | 4 << 9 | READ_WRITE | 3, DOMAIN | 3L << 40, 0, 0);
        assertThat(machine.written(SYSTEM_MANAGEMENT).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(machine.lastEvent().code()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"0, ABORTED, 2", "1, PASSED, -1", "2, PASSED, -1"})
    void ioCtlDecidesAboutPortIo(long ioCtl, TranslationDecision decision, int type) {
        machine.deviceEntry(DEVICE, IDENTITY, DOMAIN | ioCtl << 35, 0, 0);
        expect(PORT_IO, AccessKind.READ, decision, type);
        expect(PORT_IO, AccessKind.WRITE, decision, type);
    }

    @Test
    void portIoThatIsForwardedNeedsNoRight() {
        machine.deviceEntry(DEVICE, 3, DOMAIN | 1L << 35, 0, 0);
        expect(PORT_IO, AccessKind.WRITE, TranslationDecision.PASSED, NONE);
        machine.deviceEntry(DEVICE, 3, DOMAIN | 2L << 35, 0, 0);
        assertThat(machine.written(PORT_IO).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
    }

    @Test
    void anAbortedInterruptOfTheHyperTransportRangeLeavesTheConfirmedEvent() {
        machine.deviceEntry(DEVICE, 0, 0, 1, 0);
        assertThat(machine.interrupt(HT_INTERRUPT, 0).decision()).isEqualTo(InterruptDecision.ABORTED);
        // The flags that real machines print: 0x0a00.
        assertThat(machine.lastEvent().flags()).isEqualTo(0xA00);
        assertThat(machine.lastEvent().code()).isEqualTo(8);
        machine.events.clear();
        assertThat(machine.interrupt(0xFEE0_0000L, 0).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0xFEDF_FFFFL, 0xFEF0_0000L, 0xFC_FFFF_FFFFL, 0x100_0000_0000L})
    void whatLiesBesideTheRangesIsMemory(long address) {
        machine.deviceEntry(DEVICE, IDENTITY, DOMAIN, 1, 0);
        expect(address, AccessKind.WRITE, TranslationDecision.PASSED, NONE);
    }

    @Test
    void qemuReportsNothing() {
        Machine qemu = Machine.started(Profile.QEMU_11_1);
        assertThat(qemu.read(0xFEE0_0000L).decision()).isEqualTo(TranslationDecision.ABORTED);
        assertThat(qemu.events).isEmpty();
    }
}
