package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.iorewind.model.iommu.Machine.DEVICE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 1.1, 1.2 and the mirrors of 1.3: the PCI function and its capabilities. */
class Section1CapabilityTest {
    private static final int CAPABILITY = 0x40;
    private static final int MSI = 0x64;
    private static final long MIRRORS = 1L << 46;

    private final Machine machine = with(MIRRORS);
    private final Iommu iommu = machine.iommu;

    private static Machine with(long features) {
        return Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | features)
                .build());
    }

    private static Iommu of(IommuOptions.Builder options) {
        return new Machine(options.build()).iommu;
    }

    private static IommuOptions.Builder options() {
        return IommuOptions.of(Profile.SPEC).toBuilder();
    }

    private long dword(int offset) {
        return iommu.configRead(offset, 4);
    }

    @Test
    void theFunctionIsAnIommu() {
        assertThat(dword(0x08) >>> 8).isEqualTo(0x080600);
        assertThat(dword(0x04) >>> 20 & 1).as("capabilities list").isEqualTo(1);
        Iommu named = of(options().pci(PciOptions.of(Profile.SPEC).withIds(0x1002, 0x5A23, 7)));
        assertThat(named.configRead(0, 2)).isEqualTo(0x1002);
        assertThat(named.configRead(2, 2)).isEqualTo(0x5A23);
        assertThat(named.configRead(8, 1)).isEqualTo(7);
    }

    @Test
    void theCapabilitiesFormAChainOfThree() {
        int first = (int) iommu.configRead(0x34, 1);
        assertThat(iommu.configRead(first, 1)).isEqualTo(0x0F);
        int second = (int) iommu.configRead(first + 1, 1);
        assertThat(iommu.configRead(second, 1)).isEqualTo(0x05);
        int third = (int) iommu.configRead(second + 1, 1);
        assertThat(iommu.configRead(third, 1)).isEqualTo(0x08);
        assertThat(dword(third) >>> 27).as("HyperTransport type: MSI mapping").isEqualTo(0b10101);
        assertThat(iommu.configRead(third + 1, 1)).isZero();
        assertThat(dword(second) >>> 23 & 1).as("64-bit addressing").isEqualTo(1);
    }

    @Test
    void theHeaderSaysWhatTheOptionsSay() {
        long header = dword(CAPABILITY);
        assertThat(header >>> 16 & 7).as("CapType").isEqualTo(3);
        assertThat(header >>> 19 & 0x1F).as("CapRev").isEqualTo(1);
        assertThat(header >>> 24).as("CapExt, EFRSup, IotlbSup").isEqualTo(0b1_1001);
        long other = of(options().iotlbSupported(false).notPresentCached(true)).configRead(CAPABILITY, 4);
        assertThat(other >>> 24).as("CapExt, EFRSup, NpCache").isEqualTo(0b1_1100);
        assertThat(options().build().isNotPresentCached()).isFalse();
    }

    @Test
    void miscellaneousInformationHoldsMessageNumbersAndSizes() {
        PciOptions pci = PciOptions.of(Profile.SPEC)
                .withMessages(3, 0x11, 0x1F)
                .withSizes(0x40, 0x34, 2)
                .withHtAtsReserved(true);
        Iommu described = of(options().pci(pci));
        long expected = 3 | 2 << 5 | 0x34 << 8 | 0x40 << 15 | 1 << 22 | 0x11L << 27;
        assertThat(described.configRead(CAPABILITY + 0x10, 4)).isEqualTo(expected);
        assertThat(described.configRead(CAPABILITY + 0x14, 4)).isEqualTo(0x1F);
        assertThat(described.configRead(MSI + 2, 2) >>> 1 & 7).as("32 messages").isEqualTo(5);
        assertThat(dword(CAPABILITY + 0x0C)).as("range").isZero();
    }

    @Test
    void theBaseIsLockedOnceEnableIsSet() {
        iommu.configWrite(CAPABILITY + 8, 4, 0x1234_5678);
        iommu.configWrite(CAPABILITY + 4, 4, 0xFEB8_3FFEL);
        assertThat(dword(CAPABILITY + 4)).isEqualTo(0xFEB8_0000L);
        iommu.configWrite(CAPABILITY + 4, 4, 0xFEB8_4001L);
        iommu.configWrite(CAPABILITY + 4, 4, 0);
        iommu.configWrite(CAPABILITY + 8, 4, 0);
        assertThat(dword(CAPABILITY + 4)).isEqualTo(0xFEB8_4001L);
        assertThat(dword(CAPABILITY + 8)).isEqualTo(0x1234_5678);
        iommu.reset();
        assertThat(dword(CAPABILITY + 4) | dword(CAPABILITY + 8)).isZero();
    }

    @Test
    void aWindowOfHalfAMegabyteIsAlignedToItsSize() {
        Machine counting = with(1L << 9);
        counting.iommu.configWrite(CAPABILITY + 4, 4, 0xFFFF_FFFEL);
        assertThat(counting.iommu.configRead(CAPABILITY + 4, 4)).isEqualTo(0xFFF8_0000L);
    }

    @Test
    void constantsTakeNoWrites() {
        for (int offset : new int[] {0, 8, 0x34, CAPABILITY, 0x4C, 0x50, 0x54, 0x74, 0x80, 0xFC}) {
            long before = dword(offset);
            iommu.configWrite(offset, 4, ~before);
            assertThat(dword(offset)).as("%x", offset).isEqualTo(before);
        }
        iommu.configWrite(4, 4, 0xF7FF_FFFFL);
        assertThat(dword(4)).isEqualTo(0x0010_0506);
    }

    @ParameterizedTest
    @CsvSource({"0x64, 0x00710000", "0x68, 0xFFFFFFFC", "0x6C, 0xFFFFFFFF", "0x70, 0x0000FFFF"})
    void theMsiCapabilityTakesAMessage(String at, String mask) {
        int offset = Integer.decode(at);
        long constant = dword(offset);
        iommu.configWrite(offset, 4, 0xFFFF_FFFFL);
        assertThat(dword(offset)).isEqualTo(constant | Long.decode(mask));
        iommu.configWrite(offset, 4, 0);
        assertThat(dword(offset)).isEqualTo(constant);
    }

    @Test
    void bytesAndHalvesAreReachedAlone() {
        iommu.configWrite(MSI + 4, 4, 0x1122_3344);
        iommu.configWrite(MSI + 5, 1, 0xAB);
        iommu.configWrite(MSI + 6, 2, 0xCDEF);
        assertThat(dword(MSI + 4)).isEqualTo(0xCDEF_AB44L);
        assertThat(iommu.configRead(MSI + 5, 1)).isEqualTo(0xAB);
        assertThat(iommu.configRead(MSI + 6, 2)).isEqualTo(0xCDEF);
    }

    @ParameterizedTest
    @CsvSource({"0x69, 2", "0x6A, 4", "0x68, 8", "0x68, 3", "0x68, 0", "0x100, 4", "-4, 4"})
    void otherAccessesAreIgnored(String at, int size) {
        iommu.configWrite(MSI + 4, 4, 0x1122_3344);
        long hash = machine.hash();
        iommu.configWrite(Integer.decode(at), size, -1);
        assertThat(machine.hash()).isEqualTo(hash);
        assertThat(iommu.configRead(Integer.decode(at), size)).isZero();
    }

    @Test
    void theMirrorsShowWhatConfigurationSpaceHolds() {
        iommu.configWrite(MSI + 2, 2, 0x21);
        iommu.configWrite(MSI + 4, 4, 0xFEE0_1000L);
        iommu.configWrite(MSI + 8, 4, 0x77);
        iommu.configWrite(MSI + 12, 2, 0x4041);
        for (int mirror = 0; mirror < 4; mirror++) {
            assertThat(iommu.mmioRead(0x158 + 4 * mirror, 4)).isEqualTo(dword(MSI + 4 * mirror));
        }
        assertThat(iommu.mmioRead(0x150, 4)).isEqualTo(dword(CAPABILITY + 0x10));
        assertThat(iommu.mmioRead(0x154, 4)).isEqualTo(dword(CAPABILITY + 0x14));
        assertThat(iommu.mmioRead(0x168, 4)).isEqualTo(dword(0x74));
    }

    @Test
    void whatIsWrittenToTheMirrorsStandsInConfigurationSpace() {
        for (int offset = 0x150; offset <= 0x168; offset += 8) {
            iommu.mmioWrite(offset, 8, -1);
        }
        assertThat(dword(CAPABILITY + 0x10)).as("MSI vector 0 is read-only").isEqualTo(iommu.mmioRead(0x150, 4));
        assertThat(dword(CAPABILITY + 0x14)).isEqualTo(0x1F);
        assertThat(dword(MSI)).isEqualTo(0x00F5_7405);
        assertThat(dword(MSI + 4)).isEqualTo(0xFFFF_FFFCL);
        assertThat(dword(MSI + 8)).isEqualTo(0xFFFF_FFFFL);
        assertThat(dword(MSI + 12)).isEqualTo(0xFFFF);
        assertThat(dword(0x74)).isEqualTo(0xA803_0008L);
    }

    @Test
    void aForcedMirrorKeepsTheConstants() {
        iommu.forceRegister(0x158, 0xFEE0_0000L << 32 | 1 << 16);
        iommu.forceRegister(0x168, -1);
        assertThat(dword(MSI)).isEqualTo(0x0085_7405);
        assertThat(dword(MSI + 4)).isEqualTo(0xFEE0_0000L);
        assertThat(iommu.register(0x168)).isEqualTo(-1L << 32 | 0xA803_0008L);
    }

    @Test
    void withoutTheFeatureThereAreNoMirrors() {
        Machine plain = with(0);
        plain.iommu.configWrite(MSI + 4, 4, 0xFEE0_1000L);
        plain.write(0x158, -1);
        for (int offset = 0x150; offset <= 0x168; offset += 8) {
            assertThat(plain.iommu.register(offset)).isZero();
        }
        assertThat(plain.iommu.configRead(MSI + 4, 4)).isEqualTo(0xFEE0_1000L);
    }

    @Test
    void anAbortIsSignalledUntilAOneIsWritten() {
        machine.map(0x1000, Machine.PAGE_A | Machine.READ_WRITE | 1);
        machine.read(0x1000);
        assertThat(iommu.configRead(6, 2)).isEqualTo(0x0010);
        machine.read(0x2000);
        assertThat(iommu.configRead(6, 2)).isEqualTo(0x0810);
        iommu.configWrite(4, 2, 0xFFFF);
        assertThat(iommu.configRead(6, 2)).isEqualTo(0x0810);
        iommu.configWrite(6, 2, 0x0800);
        assertThat(iommu.configRead(6, 2)).isEqualTo(0x0010);
    }

    @Test
    void anInterruptIsAbortedUnlessItsDeviceIsBeyondTheTable() {
        iommu.interrupt(0x4000, 0xFEE0_1000L, 3);
        assertThat(machine.interrupts.get(0).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(iommu.configRead(6, 2)).isEqualTo(0x0010);
        machine.deviceEntry(DEVICE, 0, 0, 1, 0);
        machine.command(2L << 60 | DEVICE, 0);
        machine.interrupt(0xFEE0_1000L, 3);
        assertThat(iommu.configRead(6, 2)).isEqualTo(0x0810);
    }

    @Test
    void qemuShowsItsOwnHeader() {
        Iommu qemu = new Machine(IommuOptions.of(Profile.QEMU_10_0)).iommu;
        assertThat(qemu.configRead(0, 4)).isEqualTo(0x1419_1022);
        assertThat(qemu.configRead(CAPABILITY, 4) & ~0xFF00L).isEqualTo(0x1F03_000F);
        assertThat(qemu.configRead(CAPABILITY + 0x10, 4)).isEqualTo(0x0018_2840 | 2 << 5);
    }

    @Test
    void optionsThatFitNoFieldAreRefused() {
        PciOptions pci = PciOptions.of(Profile.SPEC);
        assertThatThrownBy(() -> pci.withMessages(32, 0, 0)).hasMessageContaining("message from 0 to 31, found 32");
        assertThatThrownBy(() -> pci.withSizes(64, -1, 2)).hasMessageContaining("physicalBits");
        assertThatThrownBy(() -> pci.withIds(0x1_0000, 0, 0)).hasMessageContaining("vendor");
        assertThatThrownBy(() -> options().counters(64, 4)).hasMessageContaining("banks=64");
        assertThatThrownBy(() -> options().counters(2, 0)).hasMessageContaining("perBank=0");
        assertThatThrownBy(() -> options().counters(0, 1)).hasMessageContaining("banks=0");
        assertThatThrownBy(() -> options().counters(1, 16)).hasMessageContaining("perBank=16");
    }
}
