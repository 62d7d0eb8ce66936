package org.iorewind.model.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.junit.jupiter.api.Test;

/** Software and devices reach memory and IOMMUs by their ports, and by nothing else. */
class PlainMachineTest {
    private static final int DEVICE = 0x30;
    private static final long GUEST_MEMORY = 0x1_0000_0000L;
    private static final long FEATURES = FeatureDescriptor.PPR | FeatureDescriptor.GUEST_APIC;
    private static final long DEVICE_TABLE = 0x10_0000;
    private static final long ROOT = 0x20_0000;
    private static final long PAGE = 0x40_0000;

    private final PlainMachine machine = new PlainMachine();
    private final int physical = machine.addIommu(IommuDescription.physical(FEATURES, 0));
    private final PageAllocator pages = new PageAllocator(0x80_0000, 0x10_0000);
    private final PhysicalPort driver = new PhysicalPort(machine, physical, pages);

    /** A one-level table that maps IOVA 0x5000 to {@link #PAGE}, read and write (reference 2.2, 6.1). */
    private void tables(SystemBus bus, long base) {
        bus.store(0, MemoryRole.DEVICE_TABLE, base + DEVICE_TABLE + 32 * DEVICE, ROOT | 3L << 61 | 1 << 9 | 3, 7, 0, 0);
        bus.store(0, MemoryRole.HOST_TABLE, base + ROOT + 8 * 5, PAGE | 3L << 61 | 1);
    }

    @Test
    void aDriverWritesMemoryAndRegistersOfItsOwnIommu() {
        driver.store(MemoryRole.COMMAND_RING, 0x6000, 1, 2);
        assertThat(driver.load(0x6008)).isEqualTo(2);
        driver.clear(MemoryRole.COMMAND_RING, 0x6000, 16);
        assertThat(driver.load(0x6000)).isZero();
        assertThat(driver.load(0x6008)).isZero();

        driver.writeRegister(0x0000, 8, DEVICE_TABLE);
        assertThat(driver.readRegister(0x0000, 8)).isEqualTo(DEVICE_TABLE);
        assertThat(driver.readRegister(0x0030, 8)).isEqualTo(FEATURES);
        long table = driver.allocate(4096, 4096);
        assertThat(table).isEqualTo(0x80_0000);
        driver.free(table, 4096);
        assertThat(pages.left()).isEqualTo(0x10_0000);
        driver.enter(CallNames.MAP, DEVICE, 0, 0, 0);
        driver.note(CallNames.PIN, DEVICE, 0, 0, 1);
        driver.leave(CallNames.MAP, 0);
        machine.phase("quiet", true);
        machine.vmExit(1, ExitCause.MMIO, 0);
        assertThat(machine.memory().refusedWrites()).isZero();
    }

    @Test
    void aDeviceReachesMemoryByItsTablesOnly() {
        tables(machine, 0);
        driver.writeRegister(0x0000, 8, DEVICE_TABLE);
        driver.writeRegister(0x0018, 8, 1);
        DevicePort device = new DevicePort(machine, physical, DEVICE, 0);

        assertThat(device.requester()).isEqualTo(DEVICE);
        assertThat(device.store(EffectSink.NO_PASID, 0x5010, 42)).isTrue();
        assertThat(machine.load(PAGE + 0x10)).isEqualTo(42);
        assertThat(device.load(EffectSink.NO_PASID, 0x5010)).isTrue();
        assertThat(device.word()).isEqualTo(42);
        assertThat(device.target()).isEqualTo(PAGE + 0x10);
        assertThat(device.store(EffectSink.NO_PASID, 0x6000, 1)).isFalse();
        assertThat(device.load(EffectSink.NO_PASID, 0x6000)).isFalse();
        assertThat(device.word()).isEqualTo(42);
        assertThat(device.request(EffectSink.NO_PASID, 0x6000, 4, AccessKind.READ))
                .isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
    }

    @Test
    void whileTheIommuIsOffAddressesAreSystemPhysical() {
        DevicePort device = new DevicePort(machine, physical, DEVICE, 0);
        machine.deviceStore(0x12_3458, 9);

        assertThat(device.load(EffectSink.NO_PASID, 0x12_3458)).isTrue();
        assertThat(device.word()).isEqualTo(9);
    }

    @Test
    void anEmulatedIommuSeesTheMemoryOfItsGuest() {
        int emulated = machine.addIommu(
                new IommuDescription(FEATURES, 0, true, EventRouting.DIRECT, GUEST_MEMORY, 0x1000_0000));
        tables(machine, GUEST_MEMORY);
        machine.writeRegister(1, emulated, RegisterSpace.HOST, 0x0000, 8, DEVICE_TABLE);
        machine.writeRegister(1, emulated, RegisterSpace.HOST, 0x0018, 8, 1);
        DevicePort device = new DevicePort(machine, emulated, DEVICE, GUEST_MEMORY);

        assertThat(emulated).isEqualTo(1);
        assertThat(machine.iommu(emulated).options().isNotPresentCached()).isTrue();
        assertThat(device.store(EffectSink.NO_PASID, 0x5008, 3)).isTrue();
        assertThat(machine.load(GUEST_MEMORY + PAGE + 8)).isEqualTo(3);
        assertThat(machine.iommu(physical).register(0)).isZero();
    }

    @Test
    void theOtherRequestsOfADeviceReachItsIommuToo() {
        List<String> heard = new ArrayList<>();
        DevicePort device = new DevicePort(machine, physical, DEVICE, 0);
        device.listen(new EffectSink() {
            @Override
            public void interrupt(
                    int requester,
                    InterruptDecision decision,
                    long requestAddress,
                    int requestData,
                    long deliveredAddress,
                    int deliveredData,
                    int irteBytes,
                    long irteAddress,
                    long irteLow,
                    long irteHigh) {
                heard.add("interrupt of " + requester + ": " + requestData);
            }
        });

        assertThat(device.interrupt(0xFEE0_0000L, 0x31)).isEqualTo(InterruptDecision.PASSED);
        assertThat(device.translationRequest(EffectSink.NO_PASID, 0x5000, 8, true))
                .isEqualTo(AtsStatus.UNSUPPORTED_REQUEST);
        assertThat(device.translatedRequest(EffectSink.NO_PASID, 0x5000, 8, AccessKind.READ))
                .isEqualTo(TranslationDecision.PASSED);
        assertThat(device.pageRequest(EffectSink.NO_PASID, 0x5000, 3, 1, true))
                .isNotEqualTo(PageRequestDecision.LOGGED);
        device.invalidationResponse(1);
        assertThat(heard).containsExactly("interrupt of 48: 49");
    }

    @Test
    void configurationSpaceIsARegisterSpaceOfItsOwn() {
        int vendorAndDevice = (int) machine.readRegister(0, physical, RegisterSpace.PCI_CONFIG, 0, 4);
        assertThat(vendorAndDevice & 0xFFFF).as("AMD, reference 1.1").isEqualTo(0x1022);
        machine.writeRegister(0, physical, RegisterSpace.PCI_CONFIG, 0x04, 2, 4);
        assertThat(machine.readRegister(0, physical, RegisterSpace.PCI_CONFIG, 0x04, 2) & 4)
                .isEqualTo(4);
    }

    @Test
    void aRoutingIsPartOfTheDescription() {
        IommuDescription description = IommuDescription.physical(FEATURES, 8).routing(EventRouting.HOST_THEN_INJECT);

        assertThat(description.options().eventRouting()).isEqualTo(EventRouting.HOST_THEN_INJECT);
        assertThat(description.options().extendedFeatures2()).isEqualTo(8);
        assertThat(IommuDescription.physical(0, 0).options().eventRouting()).isEqualTo(EventRouting.DIRECT);
    }

    /** Reference 4.2: a table that cannot be read is a hardware error with its type; what heals works again. */
    @Test
    void hardwareCanBeMadeToFailAndToHeal() {
        tables(machine, 0);
        driver.writeRegister(0x0000, 8, DEVICE_TABLE);
        driver.writeRegister(0x0018, 8, 1);
        DevicePort device = new DevicePort(machine, physical, DEVICE, 0);

        machine.inject(physical, HardwareFault.memoryAborts(DEVICE_TABLE, 0x1000));
        assertThat(device.load(EffectSink.NO_PASID, 0x5000)).isFalse();
        machine.inject(physical, HardwareFault.memoryHealed(DEVICE_TABLE, 0x1000));
        machine.inject(physical, HardwareFault.memoryPoisoned(ROOT, 0x1000));
        assertThat(device.load(EffectSink.NO_PASID, 0x5000)).isFalse();
        machine.inject(physical, HardwareFault.memoryHealed(ROOT, 0x1000));
        assertThat(device.load(EffectSink.NO_PASID, 0x5000)).isTrue();
    }

    @Test
    void aDeviceCanFallSilentAndTheIommuCanLogWhatTheModelHasNoCauseFor() {
        List<Long> logged = new ArrayList<>();
        machine.listen(physical, new EffectSink() {
            @Override
            public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
                logged.add(qword0);
            }
        });
        long rmpFault = 0xDL << 60 | DEVICE;

        machine.inject(physical, HardwareFault.logged(rmpFault, 0x1000));
        assertThat(logged).containsExactly(rmpFault);

        long flush = 4L << 60 | DEVICE;
        machine.store(0, MemoryRole.COMMAND_RING, 0x30_0000, flush, 0x5000, 1L << 60 | 0x30_8000 | 1, 7);
        machine.store(0, MemoryRole.COMMAND_RING, 0x30_0020, flush, 0x5000, 1L << 60 | 0x30_8008 | 1, 7);
        driver.writeRegister(0x0008, 8, 0x30_0000 | 8L << 56);
        driver.writeRegister(0x0018, 8, 1 << 12 | 1);
        driver.writeRegister(0x2008, 8, 0x20);
        assertThat(machine.load(0x30_8000))
                .as("the wait behind a flush that is answered")
                .isEqualTo(7);
        machine.inject(physical, HardwareFault.deviceSilent(DEVICE));
        driver.writeRegister(0x2008, 8, 0x40);
        assertThat(machine.load(0x30_8008))
                .as("the wait behind one that is not")
                .isZero();
    }
}
