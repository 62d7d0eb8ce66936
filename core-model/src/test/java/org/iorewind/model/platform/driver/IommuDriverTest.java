package org.iorewind.model.platform.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.SoftwareMachine.FEATURES;
import static org.iorewind.model.platform.SoftwareMachine.NO_PASID;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.platform.SoftwareMachine;
import org.junit.jupiter.api.Test;

/** amd-viommu reference 8 and reference 1.4, 1.5: what a driver does when it boots. */
class IommuDriverTest {
    private final SoftwareMachine machine = new SoftwareMachine();

    @Test
    void afterBootRingsAndLogsRunAndNoDeviceReachesMemory() {
        IommuDriver driver = Drivers.booted(machine);
        // Status: EventLogRun 3, CmdBufRun 4, PprLogRun 7 (reference 1.11).
        assertThat(machine.iommu().register(0x2020) & 0x98).isEqualTo(0x98);
        // Control: IommuEn, EventLogEn, EventIntEn, CmdBufEn, PprLogEn, PprIntEn, PprEn, GTEn, GAEn; Coherent since
        // reset.
        assertThat(machine.iommu().register(0x18)).isEqualTo(0x3_F40DL);
        assertThat(machine.dma(0x1000, AccessKind.READ)).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(driver.deviceTable().get(DEVICE)).isEqualTo(DeviceEntryImage.BLOCKED);
        assertThat(driver.features()).isEqualTo(FEATURES);
        assertThat(driver.features2()).isZero();
        assertThat(driver.port()).isSameAs(machine.port());
    }

    @Test
    void basesComeBeforePointersAndTheMasterSwitchComesLast() {
        IommuDriver driver = new IommuDriver(machine.port(), Drivers.small());
        driver.boot();
        assertThat(machine.port().registersWritten())
                .containsExactly(
                        0x18, 0x18, 0x00, 0x08, 0x2000, 0x2008, 0x18, 0x10, 0x2010, 0x2018, 0x18, 0x38, 0x2030, 0x2038,
                        0x18, 0x18, 0x18, 0x18, 0x18, 0x2008, 0x2008);
        assertThat(machine.opcodes()).containsExactly(8, 1);
        assertThat(machine.port().calls()).containsExactly("boot(", ")0");
        assertThat(driver.control().read()).isEqualTo(0x3_F40DL);
    }

    @Test
    void ringsAndLogsOfLinuxHave512EntriesAndItsTableAllDevices() {
        Drivers.booted(machine, DriverOptions.linux());
        assertThat(machine.iommu().register(0x08) >>> 56).isEqualTo(9);
        assertThat(machine.iommu().register(0x10) >>> 56).isEqualTo(9);
        assertThat(machine.iommu().register(0x38) >>> 56).isEqualTo(9);
        assertThat(machine.iommu().register(0x00) & 0x1FF).isEqualTo(0x1FF);
    }

    @Test
    void whatHardwareLacksIsNotSwitchedOn() {
        SoftwareMachine plain = new SoftwareMachine(0x40);
        IommuDriver driver = Drivers.booted(plain);
        assertThat(plain.iommu().register(0x18)).isEqualTo(0x140DL);
        assertThat(driver.hasLongInterruptEntries()).isFalse();
    }

    @Test
    void shortInterruptEntriesAreAChoice() {
        IommuDriver driver = Drivers.booted(machine, Drivers.small().longInterruptEntries(false));
        assertThat(machine.iommu().register(0x18)).isEqualTo(0x1_F40DL);
        assertThat(driver.hasLongInterruptEntries()).isFalse();
    }

    @Test
    void devicesThatNobodyAttachedMayBeLeftOpen() {
        Drivers.booted(machine, Drivers.small().unknownDevices(DeviceEntryImage.OPEN));
        assertThat(machine.dma(0x1000, AccessKind.READ)).isEqualTo(TranslationDecision.PASSED);
    }

    @Test
    void whatFirmwareLeftRunningIsSwitchedOffFirst() {
        machine.iommu().mmioWrite(0x08, 8, 0x10_0000L | 8L << 56);
        machine.iommu().mmioWrite(0x18, 8, 0x100D);
        IommuDriver driver = Drivers.booted(machine);
        assertThat(driver.commands().complete()).isTrue();
        assertThat(machine.opcodes()).containsExactly(1);
    }

    @Test
    void hardwareThatTakesNoCommandsMakesBootFail() {
        // Nobody answers where the ring lies, so that it stops at its first command.
        IommuDriver driver = new IommuDriver(machine.port(), Drivers.small());
        machine.bus().memory().injectFailure(0x100_0000, 0x100_0000, MemoryStatus.ABORT);
        assertThat(driver.boot()).isEqualTo(Errno.TIMED_OUT);
    }

    @Test
    void aMappedDeviceReachesMemory() {
        IommuDriver driver = Drivers.booted(machine);
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        table.map(0x5000, 0x40_0000, 0x1000, 3);
        driver.deviceTable().set(DEVICE, DeviceEntryImage.host(7, table.root(), table.levels()));
        driver.commands().push(Command.invalidateDeviceEntry(DEVICE));
        assertThat(driver.commands().complete()).isTrue();
        assertThat(machine.opcodes()).containsExactly(2, 1);
        assertThat(machine.dma(0x5008, AccessKind.WRITE)).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(machine.bus().target()).isEqualTo(0x40_0008);
        assertThat(machine.probe(NO_PASID, 0x5123, AccessKind.READ)).isEqualTo(0x40_0123);
        assertThat(machine.probe(NO_PASID, 0x6000, AccessKind.READ)).isEqualTo(-1);
    }

    @Test
    void withoutInvalidateAllEveryDeviceAndEveryDomainIsInvalidated() {
        SoftwareMachine old = new SoftwareMachine(FEATURES & ~0x40L);
        IommuDriver driver = new IommuDriver(old.port(), Drivers.small().devices(128));
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

    @Test
    void entriesAreWrittenAsTheOptionsSay() {
        IommuDriver driver = Drivers.booted(machine, Drivers.small().entryStores(EntryStores.HALVES));
        driver.deviceTable().set(DEVICE, DeviceEntryImage.identity(1));
        long entry = driver.deviceTable().address(DEVICE);
        assertThat(machine.port().addressesStored()).containsExactly(entry + 16, entry);
    }
}
