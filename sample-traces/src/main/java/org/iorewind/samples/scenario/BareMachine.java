package org.iorewind.samples.scenario;

import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.PhysicalPort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.IommuDriver;

/**
 * A machine with one physical IOMMU and its driver.
 *
 * <pre>
 *   0            16 MiB                                2 GiB
 *   │  firmware  │ tables, rings, logs, buffers: pages  │ …
 * </pre>
 */
final class BareMachine {
    /** Measured on second-generation EPYC (amd-viommu reference 1.1). */
    static final long ROME = 0x058F_77EF_2229_4ADEL;

    private static final long FIRST = 16L << 20;
    private static final long BYTES = 2032L << 20;

    private final SystemBus bus;
    private final PageAllocator pages = new PageAllocator(FIRST, BYTES);
    private final PhysicalPort port;
    private final IommuDriver driver;

    private BareMachine(SystemBus bus, DriverOptions options) {
        this.bus = bus;
        bus.addIommu(IommuDescription.physical(ROME, 0));
        port = new PhysicalPort(bus, SystemBus.PHYSICAL, pages);
        driver = new IommuDriver(port, options);
    }

    /** Puts a machine together and boots its driver. */
    static BareMachine boot(SystemBus bus, DriverOptions options) {
        BareMachine machine = new BareMachine(bus, options);
        done(machine.driver.boot());
        return machine;
    }

    /** The machine. */
    SystemBus bus() {
        return bus;
    }

    /** What its driver works through. */
    PhysicalPort port() {
        return port;
    }

    /** Its driver. */
    IommuDriver driver() {
        return driver;
    }

    /** Takes a buffer for a device, and fills it with zeros. */
    long buffer(long bytes, long alignment) {
        long address = pages.allocate(bytes, alignment);
        port.clear(MemoryRole.DATA, address, bytes);
        return address;
    }

    /** A device behind the IOMMU. */
    DevicePort device(int requester) {
        return new DevicePort(bus, SystemBus.PHYSICAL, requester, 0);
    }

    /**
     * Takes a result that a story counts on.
     *
     * @throws IllegalStateException if the call failed
     */
    static void done(int result) {
        if (result < 0) {
            throw new IllegalStateException("a call of the story failed: result=" + result);
        }
    }
}
