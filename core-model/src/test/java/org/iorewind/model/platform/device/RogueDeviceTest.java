package org.iorewind.model.platform.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;

import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.EventRecord;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.FlushPolicy;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.junit.jupiter.api.Test;

/** What devices do that should not: the IOMMU stops it, and software hears of it. */
class RogueDeviceTest {
    private static final int RW = 3;

    private final SoftwareMachine machine = new SoftwareMachine();
    private final RogueDevice device = new RogueDevice(new DevicePort(machine.bus(), 0, DEVICE, 0), 42);

    private GuestDriver driver(FlushPolicy policy) {
        GuestDriver driver = new GuestDriver(
                machine.port(),
                GuestOptions.of(TableFormat.V2)
                        .driver(DriverOptions.linux().devices(256))
                        .flushPolicy(policy));
        driver.boot();
        driver.attach(DEVICE, DeviceTraits.plain());
        return driver;
    }

    @Test
    void anAddressThatWasTakenBackIsOfUseOnlyUntilTheFlush() {
        GuestDriver driver = driver(FlushPolicy.lazy(2));
        long iova = driver.map(DEVICE, 0x40_0000, 0x2000, RW);
        device.remember(iova, 0x2000);
        assertThat(device.useRemembered()).isEqualTo(2);
        driver.unmap(DEVICE, iova, 0x2000);
        assertThat(device.useRemembered()).isEqualTo(2);
        driver.tick();
        assertThat(device.useRemembered()).isZero();
        assertThat(driver.faults().handle()).extracting(EventRecord::address).containsExactly(iova, iova + 0x1000);
    }

    @Test
    void writesBesideABufferAreStoppedAndTheSeedChoosesThem() {
        GuestDriver driver = driver(FlushPolicy.strict());
        long iova = driver.map(DEVICE, 0x40_0000, 0x800, RW);
        assertThat(device.writeBeside(iova - 0x4000_0000L, 0x800, 20)).isZero();
        var events = driver.faults().handle();
        assertThat(events).hasSize(20);
        assertThat(events)
                .allMatch(event -> event.address() >= iova - 0x4000_0000L + 0x1000
                        && event.address() < iova - 0x4000_0000L + 0x1000_1000L);
        RogueDevice twin = new RogueDevice(new DevicePort(machine.bus(), 0, DEVICE, 0), 42);
        twin.writeBeside(iova - 0x4000_0000L, 0x800, 20);
        assertThat(driver.faults().handle()).isEqualTo(events);
        RogueDevice other = new RogueDevice(new DevicePort(machine.bus(), 0, DEVICE, 0), 43);
        other.writeBeside(iova - 0x4000_0000L, 0x800, 20);
        assertThat(driver.faults().handle()).isNotEqualTo(events);
        // Where all is open, nobody stops it.
        driver.detach(DEVICE);
        driver.attachUntranslated(DEVICE, DeviceTraits.plain());
        assertThat(device.writeBeside(0x40_0000, 0x800, 5)).isEqualTo(5);
    }

    @Test
    void anotherDevicesNameOpensThatDevicesPages() {
        GuestDriver driver = driver(FlushPolicy.strict());
        driver.attach(0x38, DeviceTraits.plain());
        long iova = driver.map(0x38, 0x40_0000, 0x1000, RW);
        assertThat(device.impersonate(new DevicePort(machine.bus(), 0, 0x38, 0), iova))
                .isTrue();
        assertThat(device.impersonate(new DevicePort(machine.bus(), 0, DEVICE, 0), iova))
                .isFalse();
        assertThat(driver.faults().handle()).extracting(EventRecord::requester).containsExactly(DEVICE);
    }

    @Test
    void aFloodOverflowsTheLog() {
        GuestDriver driver = driver(FlushPolicy.strict());
        assertThat(device.flood(0x1000, 600)).isEqualTo(600);
        assertThat(driver.faults().handle()).hasSize(511);
        assertThat(driver.faults().overflows()).isEqualTo(1);
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(device.flood(iova, 3)).isZero();
    }
}
