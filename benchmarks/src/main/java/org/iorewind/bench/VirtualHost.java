package org.iorewind.bench;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.PlainMachine;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.HostOptions;
import org.iorewind.model.platform.host.ViommuCalls;
import org.iorewind.model.platform.host.ViommuDriver;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.GuestPort;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.NestParent;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;

/**
 * A machine that nobody records, whose host has booted and has hardware vIOMMU on, with GstBufferTRPMode and GCR3TRPMode; its
 * virtual machines are driven by the model's own drivers, and reach their third 4 KiB without an exit.
 *
 * <pre>
 *   system physical   1_0000_0000h host's tables and rings   100_0000_0000h + (number - 1) * 4 MiB memory of machine number
 * </pre>
 */
final class VirtualHost {
    /** How a guest knows its device. */
    static final int GUEST_DEVICE = 0x10;
    /** DomainID that a guest's driver gives its first device. */
    static final int GUEST_DOMAIN = 1;
    /** Memory of a virtual machine, in bytes. */
    static final long MACHINE_BYTES = 4L << 20;

    /** PPR, XT, GT, IA, GA, HATS six levels, GLX two levels, 16-bit PASIDs, GIo, EPH, vIOMMU. */
    private static final long FEATURES =
            0x2L | 0x4L | 0x10L | 0x40L | 0x80L | 2L << 10 | 1L << 14 | 15L << 32 | 1L << 48 | 1L << 50 | 1L << 55;
    /** GCR3TRPModeSup, GstBufferTRPModeSup. */
    private static final long FEATURES_2 = 0x18;

    private static final int FIRST_DEVICE = 0x100;
    private static final int GUEST_DEVICES = 128;
    private static final long HOST_PAGES = 0x1_0000_0000L;
    private static final long HOST_BYTES = 0x40_0000_0000L;
    private static final long MACHINES = 0x100_0000_0000L;

    private final PlainMachine bus = new PlainMachine();
    private final IommuDescription description = IommuDescription.physical(FEATURES, FEATURES_2);
    private final HostDriver driver;
    private final ViommuCalls calls;

    VirtualHost() {
        bus.addIommu(description);
        PageAllocator pages = new PageAllocator(HOST_PAGES, HOST_BYTES);
        driver = HostDriver.of(bus, 0, pages, HostOptions.linux().driver(DriverOptions.linux()));
        ViommuDriver viommu = new ViommuDriver(bus, 0, driver, ViommuOptions.usual());
        calls = new ViommuCalls(viommu);
        require(driver.boot());
        require(viommu.boot());
    }

    static void require(int result) {
        if (result != Errno.OK) {
            throw new IllegalStateException("expected 0, found " + result);
        }
    }

    PlainMachine bus() {
        return bus;
    }

    /** How the IOMMU was described. */
    IommuDescription description() {
        return description;
    }

    /** The host's driver. */
    HostDriver driver() {
        return driver;
    }

    /** The calls of its VMMs. */
    ViommuCalls calls() {
        return calls;
    }

    /** DeviceID of the device of a virtual machine. */
    static int hostDevice(int number) {
        return FIRST_DEVICE + number - 1;
    }

    /** Makes a virtual machine with one device: what the host and the VMM do. */
    Guest plug(int number) {
        VirtualMachine machine =
                new VirtualMachine(bus, number, MACHINES + (number - 1) * MACHINE_BYTES, MACHINE_BYTES);
        NestParent parent = NestParent.of(machine, driver);
        if (parent == null) {
            throw new IllegalStateException("expected a DomainID to be left for machine " + number);
        }
        HardwareViommu iommu = new HardwareViommu(machine, 0, calls, parent, ViommuExposure.DIRECT);
        require(iommu.plug());
        require(iommu.attach(hostDevice(number), GUEST_DEVICE));
        DriverOptions options = DriverOptions.linux().devices(GUEST_DEVICES);
        GuestDriver guest = new GuestDriver(
                new GuestPort(machine, iommu), GuestOptions.of(TableFormat.V2).driver(options));
        return new Guest(machine, iommu, guest);
    }

    /** Where DMA of a machine's device leads, or -1. */
    long reach(int number, long iova, AccessKind access) {
        return DevicePort.isReached(bus.dma(0, hostDevice(number), -1, iova, Long.BYTES, access)) ? bus.target() : -1;
    }

    /** A virtual machine, its vIOMMU and its driver. */
    record Guest(VirtualMachine machine, HardwareViommu iommu, GuestDriver driver) {
        /** What the guest does before it uses its device. */
        void boot() {
            require(driver.boot());
            require(driver.attach(GUEST_DEVICE, DeviceTraits.plain()));
        }
    }
}
