package org.iorewind.model.platform;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.HostOptions;
import org.iorewind.model.platform.host.ViommuCalls;
import org.iorewind.model.platform.host.ViommuDriver;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.GuestPort;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.NestParent;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualIommu;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** A host with hardware vIOMMU, and memory for virtual machines. */
public final class VirtualWorld {
    /** EFR: PPR, XT, GT, IA, GA, HATS six levels, GLX two levels, 16-bit PASIDs, GIo, EPH, vIOMMU (amd-viommu reference 1.1). */
    public static final long FEATURES =
            0x2L | 0x4L | 0x10L | 0x40L | 0x80L | 2L << 10 | 1L << 14 | 15L << 32 | 1L << 48 | 1L << 50 | 1L << 55;

    /** EFR2: GCR3TRPModeSup and GstBufferTRPModeSup (amd-viommu reference 1.2). */
    public static final long FEATURES_2 = 0x18;

    /** DeviceIDs of the host's table; translate devices come from the upper half. */
    public static final int DEVICES = 1024;

    /** Where the memory of the first virtual machine begins. */
    public static final long MACHINE_BASE = 0x2_0000_0000L;

    /** Memory of a virtual machine. */
    public static final long MACHINE_BYTES = 64L << 20;

    /** A device of the host. */
    public static final int HOST_DEVICE = 0x41;

    /** How its guest knows it. */
    public static final int GUEST_DEVICE = 0x10;

    private final ListingBus bus = new ListingBus();
    private final PageAllocator pages = new PageAllocator(0x1_0000_0000L, 0x4000_0000L);
    private final HostDriver host;
    private final ViommuDriver driver;
    private final ViommuCalls calls;

    /** A host that has not booted. */
    public VirtualWorld(IommuDescription description, ViommuOptions options) {
        bus.addIommu(description);
        host = HostDriver.of(
                bus, 0, pages, HostOptions.linux().driver(DriverOptions.linux().devices(DEVICES)));
        driver = new ViommuDriver(bus, 0, host, options);
        calls = new ViommuCalls(driver);
    }

    /** A host that has booted and has hardware vIOMMU on. */
    public static VirtualWorld booted() {
        return booted(description(), ViommuOptions.usual());
    }

    /** The same with another IOMMU or other options. */
    public static VirtualWorld booted(IommuDescription description, ViommuOptions options) {
        VirtualWorld world = new VirtualWorld(description, options);
        require(world.host.boot());
        require(world.driver.boot());
        world.bus.forget();
        return world;
    }

    /** The physical IOMMU. */
    public static IommuDescription description() {
        return IommuDescription.physical(FEATURES, FEATURES_2);
    }

    /** The same, whose events all go to the host first. */
    public static IommuDescription telling() {
        return description().routing(EventRouting.HOST_THEN_INJECT);
    }

    private static void require(int result) {
        if (result != Errno.OK) {
            throw new AssertionError("expected 0, found " + result);
        }
    }

    /** The machine. */
    public ListingBus bus() {
        return bus;
    }

    /** The host's driver. */
    public HostDriver host() {
        return host;
    }

    /** The vIOMMU driver. */
    public ViommuDriver driver() {
        return driver;
    }

    /** Its calls. */
    public ViommuCalls calls() {
        return calls;
    }

    /** A virtual machine by its number, from 1. */
    public VirtualMachine machine(int number) {
        return new VirtualMachine(bus, number, MACHINE_BASE + (number - 1) * MACHINE_BYTES, MACHINE_BYTES);
    }

    /** A hardware vIOMMU of a machine, plugged in, with one device. */
    public HardwareViommu hardware(VirtualMachine machine, int index, ViommuExposure exposure) {
        HardwareViommu iommu = new HardwareViommu(machine, index, calls, parent(machine), exposure);
        require(iommu.plug());
        require(iommu.attach(HOST_DEVICE + machine.number() - 1, GUEST_DEVICE));
        return iommu;
    }

    /** A machine's memory in a domain of the host. */
    public NestParent parent(VirtualMachine machine) {
        NestParent parent = NestParent.of(machine, host);
        if (parent == null) {
            throw new AssertionError("expected a DomainID to be left");
        }
        return parent;
    }

    /** A guest's driver that has booted. */
    public static GuestDriver guest(VirtualMachine machine, VirtualIommu iommu, GuestOptions options) {
        GuestDriver guest = new GuestDriver(new GuestPort(machine, iommu), options);
        require(guest.boot());
        return guest;
    }

    /** Where DMA of a device of the host leads, or -1. */
    public long reach(int hostDevice, long address, AccessKind access) {
        return reach(0, hostDevice, address, access);
    }

    /** Where DMA behind any IOMMU leads, as that one sees memory, or -1. */
    public long reach(int iommu, int device, long address, AccessKind access) {
        TranslationDecision decision = bus.dma(iommu, device, -1, address, 8, access);
        return DevicePort.isReached(decision) ? bus.target() : -1;
    }
}
