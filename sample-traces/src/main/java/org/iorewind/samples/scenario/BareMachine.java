package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.PhysicalPort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.EventRecord;
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

    static final int FEW_DEVICES = 256;

    private static final long FIRST = 16L << 20;
    private static final long BYTES = 2032L << 20;

    private final SystemBus bus;
    private final PageAllocator pages = new PageAllocator(FIRST, BYTES);
    private final PhysicalPort port;
    private final IommuDriver driver;

    private BareMachine(SystemBus bus, DriverOptions options, IommuDescription iommu) {
        this.bus = bus;
        bus.addIommu(iommu);
        port = new PhysicalPort(bus, SystemBus.PHYSICAL, pages);
        driver = new IommuDriver(port, options);
    }

    /** Puts a machine together and boots its driver. */
    static BareMachine boot(SystemBus bus, DriverOptions options) {
        return boot(bus, options, IommuDescription.physical(ROME, 0));
    }

    /** The same with another IOMMU. */
    static BareMachine boot(SystemBus bus, DriverOptions options, IommuDescription iommu) {
        BareMachine machine = new BareMachine(bus, options, iommu);
        done(machine.driver.boot());
        return machine;
    }

    /** The same with the features of {@link #ROME} and a device table for the devices of bus 0. */
    static BareMachine small(SystemBus bus) {
        return boot(bus, DriverOptions.linux().devices(FEW_DEVICES));
    }

    /** The driver takes the entries out of its event log. */
    List<EventRecord> readFaults() {
        port.enter(CallNames.FAULT, SystemBus.NO_REQUESTER, 0, 0, 0);
        List<EventRecord> events = driver.events().drain();
        port.leave(CallNames.FAULT, 0);
        return events;
    }

    /** Writes a device table entry as the driver ought to: with its invalidation, and waited for. */
    void setEntry(int requester, DeviceEntryImage entry) {
        driver.deviceTable().set(requester, entry);
        flush(Command.invalidateDeviceEntry(requester));
    }

    /** Sends commands and waits for them. */
    void flush(Command... commands) {
        for (Command command : commands) {
            driver.commands().push(command);
        }
        driver.commands().complete();
    }

    /** Starts the command ring again after it has stopped, as software has to (reference 3.1). */
    void restartRing() {
        driver.control().clear(ControlDescriptor.CMD_BUF_EN);
        driver.commands().reset();
        driver.control().set(ControlDescriptor.CMD_BUF_EN);
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
