package org.iorewind.model.platform.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.EventRecord;
import org.junit.jupiter.api.Test;

/** Reference 4.5: a driver counts the faults of its devices. */
class FaultLedgerTest {
    private final SoftwareMachine machine = new SoftwareMachine();
    private final GuestDriver driver = Guests.attached(machine, Guests.options(TableFormat.V2), DeviceTraits.plain());

    @Test
    void faultsAreCountedByDeviceAndByCode() {
        machine.dma(0x1000, AccessKind.READ);
        machine.dma(0x2000, AccessKind.READ);
        machine.bus().dma(0, 0x38, -1, 0x3000, 8, AccessKind.READ);
        FaultLedger faults = driver.faults();
        assertThat(faults.handle()).extracting(EventRecord::address).containsExactly(0x1000L, 0x2000L, 0x3000L);
        assertThat(faults.of(DEVICE)).isEqualTo(2);
        assertThat(faults.of(0x38)).isEqualTo(1);
        assertThat(faults.of(0x40)).isZero();
        assertThat(faults.ofCode(2)).isEqualTo(3);
        assertThat(faults.ofCode(1)).isZero();
        assertThat(machine.port().calls()).containsExactly("fault(", "software-read 6", ")0");
        assertThat(faults.overflows()).isZero();
    }

    @Test
    void anOverflowIsEndedAndCounted() {
        for (int i = 0; i < 256; i++) {
            machine.dma(0x1000, AccessKind.READ);
        }
        assertThat(driver.faults().handle()).hasSize(255);
        assertThat(driver.faults().overflows()).isEqualTo(1);
        machine.dma(0x1000, AccessKind.READ);
        assertThat(driver.faults().handle()).hasSize(1);
        assertThat(driver.faults().of(DEVICE)).isEqualTo(256);
    }
}
