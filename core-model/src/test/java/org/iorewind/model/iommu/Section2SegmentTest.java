package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 1.3 and 2.1: a device table in several segments. */
class Section2SegmentTest {
    private static final long MSI = 0xFEE0_0000L;
    private static final int SEGMENT_TABLE = 0x80_0000;
    private static final long EIGHT_SEGMENTS = 2L << 10 | 3L << 38;
    private static final long PASSING = Machine.READ_WRITE | 3;

    private static Machine segmented(long features, int code, int cacheSize) {
        Machine machine = new Machine(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(features)
                .deviceEntryCache(cacheSize)
                .build());
        machine.start(Machine.ENABLED | (long) code << 34);
        return machine;
    }

    /** An entry that passes memory requests with DomainID {@code domain} and aborts all interrupts. */
    private static void entryAt(Machine machine, long address, int domain) {
        machine.memory.writeLong(address, PASSING);
        machine.memory.writeLong(address + 8, domain);
        machine.memory.writeLong(address + 16, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0x8005, 0x100, 0x0005",
        "1, 0xFFFF, 0x100, 0x7FFF",
        "2, 0x4005, 0x100, 0x0005",
        "2, 0x8005, 0x108, 0x0005",
        "2, 0xFFFF, 0x110, 0x3FFF",
        "3, 0x2005, 0x100, 0x0005",
        "3, 0x8005, 0x118, 0x0005",
        "3, 0xA005, 0x120, 0x0005",
        "3, 0xFFFF, 0x130, 0x1FFF",
    })
    void theHighBitsOfADeviceIdChooseTheSegment(String code, String device, String register, String entry) {
        Machine machine = segmented(EIGHT_SEGMENTS, Integer.decode(code), 0);
        int requester = Integer.decode(device);
        machine.write(Integer.decode(register), SEGMENT_TABLE | 0x1FF);
        entryAt(machine, SEGMENT_TABLE + Integer.decode(entry) * 32L, 9);
        Machine.Translation answer = machine.dma(requester, 0x7000, AccessKind.WRITE);
        assertThat(answer.decision()).isEqualTo(TranslationDecision.PASSED);
        assertThat(answer.domain()).isEqualTo(9);
        assertThat(machine.iommu.interrupt(requester, MSI, 0)).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.events).isEmpty();
        assertThat(machine.told).noneMatch(line -> line.startsWith("not modelled"));
    }

    @Test
    void qemuHasOneTableWhateverControlSays() {
        Machine qemu = new Machine(IommuOptions.of(Profile.QEMU_10_0).toBuilder()
                .extendedFeatures(EIGHT_SEGMENTS)
                .build());
        qemu.start(Machine.ENABLED | 3L << 34);
        entryAt(qemu, Machine.DEVICE_TABLE + 32L * 0xE005, 9);
        assertThat(qemu.dma(0xE005, 0x7000, AccessKind.READ).domain()).isEqualTo(9);
    }

    @Test
    void segmentZeroStaysAtTheFirstRegister() {
        Machine machine = segmented(EIGHT_SEGMENTS, 3, 0);
        entryAt(machine, Machine.DEVICE_TABLE + 32L * Machine.DEVICE, 4);
        assertThat(machine.dma(Machine.DEVICE, 0x7000, AccessKind.READ).domain())
                .isEqualTo(4);
    }

    @Test
    void eachSegmentHasItsOwnSize() {
        Machine machine = segmented(EIGHT_SEGMENTS, 1, 0);
        machine.write(0x100, SEGMENT_TABLE);
        entryAt(machine, SEGMENT_TABLE + 127 * 32, 9);
        assertThat(machine.dma(0x807F, 0x7000, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
        machine.dma(0x8080, 0x7000, AccessKind.READ);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | 0x8080);
        machine.iommu.interrupt(0x8080, MSI, 0);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | 0x008L << 48 | 0x8080);
    }

    @Test
    void theSizeFieldShrinksWithTheSegments() {
        Machine machine = segmented(EIGHT_SEGMENTS, 0, 0);
        long[] sizes = {0xFF, 0x7F, 0x7F, 0x3F, 0x3F, 0x3F, 0x3F};
        for (int i = 0; i < sizes.length; i++) {
            machine.write(0x100 + 8 * i, -1);
            assertThat(machine.iommu.register(0x100 + 8 * i))
                    .as("segment %d", i + 1)
                    .isEqualTo(0x000F_FFFF_FFFF_F000L | sizes[i]);
        }
    }

    @Test
    void moreSegmentsThanSupportedCountAsTheMostSupported() {
        Machine machine = segmented(2L << 10 | 1L << 38, 3, 0);
        machine.write(0x100, SEGMENT_TABLE | 0xFF);
        machine.write(0x108, 0x90_0000);
        assertThat(machine.iommu.register(0x108)).isZero();
        entryAt(machine, SEGMENT_TABLE + 0x4005 * 32, 9);
        assertThat(machine.dma(0xC005, 0x7000, AccessKind.READ).domain()).isEqualTo(9);
    }

    @Test
    void aCachedEntryOfASegmentStaysUntilItsDeviceIsInvalidated() {
        Machine machine = segmented(EIGHT_SEGMENTS, 3, 64);
        machine.write(0x130, SEGMENT_TABLE | 0x3F);
        entryAt(machine, SEGMENT_TABLE + 5 * 32, 9);
        assertThat(machine.dma(0xE005, 0x7000, AccessKind.READ).domain()).isEqualTo(9);
        entryAt(machine, SEGMENT_TABLE + 5 * 32, 10);
        machine.command(2L << 60 | 5, 0);
        assertThat(machine.dma(0xE005, 0x7000, AccessKind.READ).domain()).isEqualTo(9);
        machine.command(2L << 60 | 0xE005, 0);
        assertThat(machine.dma(0xE005, 0x7000, AccessKind.READ).domain()).isEqualTo(10);
    }
}
