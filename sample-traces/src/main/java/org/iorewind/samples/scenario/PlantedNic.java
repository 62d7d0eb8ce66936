package org.iorewind.samples.scenario;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.PhysicalPort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.DriverBugs;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;

/** A machine with one IOMMU and a NIC, and a strict driver that makes the mistakes it is told to make. */
final class PlantedNic {
    /** The NIC, 00:04.0. */
    static final int NIC = 0x20;

    static final int PAGE = 4096;
    static final int READ = 1;
    static final int BOTH_RIGHTS = 3;

    private static final long FIRST = 16L << 20;
    private static final long BYTES = 2032L << 20;

    private final PhysicalPort port;
    private final PageAllocator pages = new PageAllocator(FIRST, BYTES);
    private final GuestDriver driver;
    private final DevicePort nic;

    private PlantedNic(SystemBus bus, DriverBugs bugs) {
        bus.addIommu(IommuDescription.physical(BareMachine.ROME, 0));
        port = new PhysicalPort(bus, SystemBus.PHYSICAL, pages);
        driver = new GuestDriver(port, GuestOptions.of(TableFormat.V1).bugs(bugs));
        nic = new DevicePort(bus, SystemBus.PHYSICAL, NIC, 0);
    }

    /** Boots the driver and gives the NIC a domain. */
    static PlantedNic start(SystemBus bus, DriverBugs bugs) {
        PlantedNic machine = new PlantedNic(bus, bugs);
        BareMachine.done(machine.driver.boot());
        BareMachine.done(machine.driver.attach(NIC, DeviceTraits.plain()));
        return machine;
    }

    GuestDriver driver() {
        return driver;
    }

    /** Maps a fresh page. */
    long map() {
        long page = pages.allocate(PAGE, PAGE);
        port.clear(MemoryRole.DATA, page, PAGE);
        long iova = driver.map(NIC, page, PAGE, BOTH_RIGHTS);
        if (iova < 0) {
            throw new IllegalStateException("a map of the story failed: result=" + iova);
        }
        return iova;
    }

    void unmap(long iova) {
        BareMachine.done(driver.unmap(NIC, iova, PAGE));
    }

    /** The NIC writes. */
    void write(long iova) {
        nic.store(EffectSink.NO_PASID, iova, iova);
    }

    /** The NIC reads. */
    void read(long iova) {
        nic.load(EffectSink.NO_PASID, iova);
    }

    /** A packet: mapped, written and read by the NIC, unmapped. */
    long packet() {
        long iova = map();
        write(iova);
        read(iova);
        unmap(iova);
        return iova;
    }

    void packets(int number) {
        for (int i = 0; i < number; i++) {
            packet();
        }
    }
}
