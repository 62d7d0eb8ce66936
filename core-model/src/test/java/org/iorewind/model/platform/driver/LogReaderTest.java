package org.iorewind.model.platform.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.SoftwareMachine.NO_PASID;

import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SoftwareMachine;
import org.junit.jupiter.api.Test;

/** Reference 4.5 and 5.2: a driver reads logs, and starts them again after an overflow. */
class LogReaderTest {
    private static final int STATUS = 0x2020;
    private final SoftwareMachine machine = new SoftwareMachine();
    private final IommuDriver driver = Drivers.booted(machine);

    private void askForPage(int group, boolean last) {
        machine.bus().pageRequest(0, DEVICE, 7, 0x5123, 3, group, last);
    }

    private void allowPageRequests() {
        Gcr3Table gcr3 = new Gcr3Table(machine.port(), 1);
        driver.deviceTable()
                .set(
                        DEVICE,
                        DeviceEntryImage.guest(7, gcr3.root(), 1, 4, true)
                                .withAts()
                                .withPageRequests());
        driver.commands().push(Command.invalidateDeviceEntry(DEVICE));
    }

    @Test
    void eventsAreTakenOldestFirstAndAcknowledged() {
        machine.dma(0x1000, AccessKind.READ);
        machine.dma(0x2000, AccessKind.WRITE);
        machine.port().forget();
        List<EventRecord> events = driver.events().drain();
        assertThat(events).extracting(EventRecord::address).containsExactly(0x1000L, 0x2000L);
        EventRecord second = events.get(1);
        assertThat(second.isPageFault()).isTrue();
        assertThat(second.requester()).isEqualTo(DEVICE);
        // Refused by a present entry: PR, PE, and RW for the write (reference 4.1).
        assertThat(second.flags()).isEqualTo(0x70);
        assertThat(second.tag()).isZero();
        assertThat(machine.iommu().register(0x2010)).isEqualTo(32);
        assertThat(machine.iommu().register(STATUS) & 2).isZero();
        assertThat(machine.port().stores(MemoryRole.EVENT_LOG)).isEqualTo(2);
        assertThat(machine.port().load(driver.events().base() + 16)).isZero();
        assertThat(machine.port().calls()).containsExactly("software-read 4");
        assertThat(driver.events().drain()).isEmpty();
    }

    @Test
    void aLogThatOverflowedRunsAgain() {
        for (int i = 0; i < 300; i++) {
            machine.dma(0x1000L * i, AccessKind.READ);
        }
        assertThat(machine.iommu().register(STATUS) & 9).isEqualTo(1);
        assertThat(driver.events().drain()).hasSize(255);
        assertThat(machine.iommu().register(STATUS) & 9).isEqualTo(8);
        assertThat(driver.events().overflows()).isEqualTo(1);
        machine.dma(0x77_7000, AccessKind.READ);
        assertThat(driver.events().drain()).extracting(EventRecord::address).containsExactly(0x77_7000L);
    }

    @Test
    void anEventWithAPasidTellsIt() {
        machine.iommu().forceLogEntry(2L << 60 | 1L << 48 | 0xBCDEL << 32 | 0xA_0030, 0x5000);
        assertThat(driver.events().drain()).containsExactly(new EventRecord(2, 0x30, 0xABCDE, 1, 0x5000));
        machine.iommu().forceLogEntry(5L << 60, 0x5000);
        assertThat(driver.events().drain().get(0).isPageFault()).isFalse();
    }

    @Test
    void pageRequestsTellPasidGroupAndRights() {
        allowPageRequests();
        askForPage(5, false);
        askForPage(5, true);
        assertThat(driver.pageRequests().drain())
                .containsExactly(
                        new PageRequestRecord(DEVICE, 7, 5, false, 3, 0x5000),
                        new PageRequestRecord(DEVICE, 7, 5, true, 3, 0x5000));
        machine.bus().pageRequest(0, DEVICE, NO_PASID, 0x9000, 0xC, 1, true);
        assertThat(driver.pageRequests().drain())
                .containsExactly(new PageRequestRecord(DEVICE, NO_PASID, 1, true, 0xC, 0x9000));
        assertThat(driver.pageRequests().base()).isEqualTo(machine.iommu().register(0x38) & 0xF_FFFF_FFFF_F000L);
    }

    @Test
    void thePageRequestLogRunsAgainToo() {
        allowPageRequests();
        for (int i = 0; i < 300; i++) {
            askForPage(i, true);
        }
        assertThat(machine.iommu().register(STATUS) & 0xA0).isEqualTo(0x20);
        assertThat(driver.pageRequests().drain()).hasSize(255);
        assertThat(machine.iommu().register(STATUS) & 0xA0).isEqualTo(0x80);
        assertThat(driver.pageRequests().overflows()).isEqualTo(1);
    }
}
