package org.iorewind.model.platform.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.driver.DriverMachine.DEVICE;
import static org.iorewind.model.platform.driver.DriverMachine.FEATURES;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.TranslationDecision;
import org.junit.jupiter.api.Test;

/** amd-viommu reference 8 and reference 1.4, 1.5: what a driver does when it boots. */
class IommuDriverTest {
    private static final int NO_PASID = -1;
    private final DriverMachine world = new DriverMachine();

    @Test
    void afterBootRingsAndLogsRunAndNoDeviceReachesMemory() {
        IommuDriver driver = world.booted();
        // Status: EventLogRun 3, CmdBufRun 4, PprLogRun 7 (reference 1.11).
        assertThat(world.iommu().register(0x2020) & 0x98).isEqualTo(0x98);
        // Control: IommuEn, EventLogEn, EventIntEn, CmdBufEn, PprLogEn, PprIntEn, PprEn, GTEn, GAEn; Coherent since
        // reset.
        assertThat(world.iommu().register(0x18)).isEqualTo(0x3_F40DL);
        assertThat(world.dma(0x1000, AccessKind.READ)).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(driver.deviceTable().get(DEVICE)).isEqualTo(DeviceEntryImage.BLOCKED);
        assertThat(driver.features()).isEqualTo(FEATURES);
        assertThat(driver.features2()).isZero();
    }

    @Test
    void whatHardwareLacksIsNotSwitchedOn() {
        DriverMachine plain = new DriverMachine(0x40);
        plain.booted();
        assertThat(plain.iommu().register(0x18)).isEqualTo(0x140DL);
    }

    @Test
    void shortInterruptEntriesAreAChoice() {
        world.booted(DriverMachine.small().longInterruptEntries(false));
        assertThat(world.iommu().register(0x18)).isEqualTo(0x1_F40DL);
    }

    @Test
    void aMappedDeviceReachesMemory() {
        IommuDriver driver = world.booted();
        HostPageTable table = HostPageTable.ofThreeLevels(world.port);
        table.map(0x5000, 0x40_0000, 0x1000, 3);
        driver.deviceTable().set(DEVICE, DeviceEntryImage.host(7, table.root(), table.levels()));
        driver.commands().push(Command.invalidateDeviceEntry(DEVICE));
        assertThat(driver.commands().complete()).isTrue();
        assertThat(world.opcodes()).containsExactly(2, 1);
        assertThat(world.dma(0x5008, AccessKind.WRITE)).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(world.machine.target()).isEqualTo(0x40_0008);
        assertThat(world.probe(NO_PASID, 0x5123, AccessKind.READ)).isEqualTo(0x40_0123);
        assertThat(world.probe(NO_PASID, 0x6000, AccessKind.READ)).isEqualTo(-1);
    }

    @Test
    void withoutInvalidateAllEveryDeviceAndEveryDomainIsInvalidated() {
        DriverMachine old = new DriverMachine(FEATURES & ~0x40L);
        IommuDriver driver = new IommuDriver(old.port, DriverMachine.small().devices(128));
        assertThat(driver.boot()).isEqualTo(Errno.OK);
        List<Integer> expected = new ArrayList<>();
        for (int device = 0; device < 128; device++) {
            expected.addAll(List.of(2, 5));
        }
        for (int domain = 0; domain < 65_536; domain++) {
            expected.add(3);
        }
        expected.add(1);
        assertThat(old.opcodes()).isEqualTo(expected);
    }
}
