package org.iorewind.samples.scenario;

import java.util.Objects;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.HostOptions;
import org.iorewind.model.platform.host.ViommuCalls;
import org.iorewind.model.platform.host.ViommuDriver;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.NestParent;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;

/**
 * A machine that runs virtual machines: one physical IOMMU with hardware vIOMMU, its host drivers, and memory for guests.
 *
 * <pre>
 *   16 MiB           2 GiB      4 GiB x n
 *   │ host's pages … │    …     │ guest n, 64 MiB │ …
 * </pre>
 */
final class VirtualHost {
    private static final long FIRST = 16L << 20;
    private static final long BYTES = 2032L << 20;
    private static final long GUEST_STRIDE = 4L << 30;
    private static final long GUEST_BYTES = 64L << 20;
    /** GCR3TRPModeSup (amd-viommu reference 1.2). */
    private static final long GCR3_TRP_MODE = 1L << 3;
    /** GCR3TRPModeSup and GstBufferTRPModeSup (amd-viommu reference 1.2, MC12). */
    private static final long BOTH_TRP_MODES = 3L << 3;

    private final SystemBus bus;
    private final HostDriver driver;
    private final ViommuDriver viommu;

    private VirtualHost(SystemBus bus, IommuDescription iommu, ViommuOptions options) {
        this.bus = bus;
        bus.addIommu(iommu);
        driver = HostDriver.of(bus, SystemBus.PHYSICAL, new PageAllocator(FIRST, BYTES), HostOptions.linux());
        viommu = new ViommuDriver(bus, SystemBus.PHYSICAL, driver, options);
    }

    /** A host without use for hardware vIOMMU. */
    static VirtualHost plain(SystemBus bus) {
        VirtualHost host = new VirtualHost(bus, iommu(BOTH_TRP_MODES), ViommuOptions.usual());
        BareMachine.done(host.driver.boot());
        return host;
    }

    private static IommuDescription iommu(long extendedFeatures2) {
        return IommuDescription.physical(BareMachine.ROME, extendedFeatures2);
    }

    /** A host with hardware vIOMMU on. */
    static VirtualHost withViommu(SystemBus bus, EventRouting routing, ViommuOptions options) {
        return new VirtualHost(bus, iommu(BOTH_TRP_MODES).routing(routing), options).boot();
    }

    /** The same with the guests' rings and logs at fixed private addresses (GstBufferTRPMode=0). */
    static VirtualHost withFixedBuffers(SystemBus bus) {
        return new VirtualHost(bus, iommu(GCR3_TRP_MODE), ViommuOptions.usual()).boot();
    }

    private VirtualHost boot() {
        BareMachine.done(driver.boot());
        BareMachine.done(viommu.boot());
        return this;
    }

    /** The machine. */
    SystemBus bus() {
        return bus;
    }

    /** Its IOMMU driver. */
    HostDriver driver() {
        return driver;
    }

    /** Its driver of hardware vIOMMU. */
    ViommuDriver viommu() {
        return viommu;
    }

    /** A virtual machine, from number 1. */
    VirtualMachine machine(int number) {
        return machine(number, GUEST_BYTES);
    }

    /** A virtual machine with that much memory, up to 4 GiB. */
    VirtualMachine machine(int number, long bytes) {
        return new VirtualMachine(bus, number, GUEST_STRIDE * number, bytes);
    }

    /** A machine's memory as the second stage of its devices. */
    NestParent parent(VirtualMachine machine) {
        return Objects.requireNonNull(NestParent.of(machine, driver), "no DomainID left");
    }

    /** A hardware vIOMMU of a machine, plugged in. */
    HardwareViommu plug(VirtualMachine machine, int index, ViommuExposure exposure) {
        return plug(machine, index, exposure, parent(machine));
    }

    /** The same on a second stage that is there already. */
    HardwareViommu plug(VirtualMachine machine, int index, ViommuExposure exposure, NestParent parent) {
        HardwareViommu iommu = new HardwareViommu(machine, index, new ViommuCalls(viommu), parent, exposure);
        BareMachine.done(iommu.plug());
        return iommu;
    }
}
