package org.iorewind.samples.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.SystemBus;
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
import org.iorewind.model.platform.vmm.SoftwareOptions;
import org.iorewind.model.platform.vmm.SoftwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualIommu;
import org.iorewind.model.platform.vmm.VirtualMachine;
import org.iorewind.model.platform.vmm.topology.HostPlatform;
import org.iorewind.model.platform.vmm.topology.Topology;
import org.iorewind.model.platform.vmm.topology.VirtualDevice;
import org.iorewind.model.platform.vmm.topology.VirtualInstance;

/**
 * A host and a virtual machine as a command line wants them: each physical IOMMU with its drivers, each instance with the
 * passthrough devices behind it and with its driver in the guest.
 *
 * <pre>
 *   Topology ──▶ HostPlatform.Unit ──▶ IOMMU 0, 1, … with HostDriver and ViommuDriver
 *          └───▶ VirtualInstance ────▶ SoftwareViommu or HardwareViommu, GuestDriver
 * </pre>
 *
 * Each physical IOMMU has a device table of its own, and its own DeviceID there is that of 00:00.2 whatever its function, as a
 * recording tells of no other.
 */
final class PlannedMachine {
    private static final long HOST_FIRST = 16L << 20;
    private static final long HOST_BYTES = 512L << 20;
    private static final long GUEST_BASE = 4L << 30;
    private static final long GUEST_BYTES = 64L << 20;
    /** GCR3TRPModeSup and GstBufferTRPModeSup (amd-viommu reference 1.2, MC12). */
    private static final long BOTH_TRP_MODES = 3L << 3;

    /** A physical IOMMU. */
    private record Host(HostPlatform.Unit unit, int number, HostDriver driver, ViommuDriver viommu) {}

    private final SystemBus bus;
    private final HostPlatform platform;
    private final Topology topology;
    private final List<Host> hosts = new ArrayList<>();
    private final VirtualMachine machine;
    private final Map<Integer, GuestDriver> drivers = new HashMap<>();
    private final Map<Integer, Integer> emulatedNumbers = new HashMap<>();

    private PlannedMachine(SystemBus bus, HostPlatform platform, Topology topology) {
        this.bus = bus;
        this.platform = platform;
        this.topology = topology;
        this.machine = new VirtualMachine(bus, 1, GUEST_BASE, GUEST_BYTES);
    }

    /** Puts host and machine together, and boots all drivers. */
    static PlannedMachine boot(SystemBus bus, HostPlatform platform, Topology topology) {
        PlannedMachine planned = new PlannedMachine(bus, platform, topology);
        planned.bootHosts();
        topology.instances().forEach(planned::start);
        return planned;
    }

    /** All physical IOMMUs come first, so that their numbers are the platform's. */
    private void bootHosts() {
        for (HostPlatform.Unit unit : platform.units()) {
            int number = bus.addIommu(IommuDescription.physical(BareMachine.ROME, BOTH_TRP_MODES));
            PageAllocator pages = new PageAllocator(HOST_FIRST + HOST_BYTES * number, HOST_BYTES);
            HostDriver driver = HostDriver.of(bus, number, pages, HostOptions.linux());
            hosts.add(new Host(unit, number, driver, new ViommuDriver(bus, number, driver, ViommuOptions.usual())));
        }
        for (Host host : hosts) {
            BareMachine.done(host.driver.boot());
            if (!topology.hardware().isEmpty()) {
                BareMachine.done(host.viommu.boot());
            }
        }
    }

    private void start(VirtualInstance instance) {
        if (instance.isHardware()) {
            startHardware(instance);
        } else {
            startSoftware(instance);
        }
    }

    private void startHardware(VirtualInstance instance) {
        Host host = hosts.stream()
                .filter(any -> instance.physical().equals(Optional.of(any.unit.function())))
                .findFirst()
                .orElseThrow();
        NestParent parent = Objects.requireNonNull(NestParent.of(machine, host.driver), "no DomainID left");
        HardwareViommu iommu = new HardwareViommu(
                machine, instance.number(), new ViommuCalls(host.viommu), parent, ViommuExposure.DIRECT);
        BareMachine.done(iommu.plug());
        for (VirtualDevice device : passthroughBehind(instance)) {
            BareMachine.done(iommu.attach(hostId(device), device.requester()));
        }
        bootGuest(instance, iommu, GuestOptions.of(TableFormat.V2));
    }

    private void startSoftware(VirtualInstance instance) {
        SoftwareOptions options = instance.isRemappingDma() ? SoftwareOptions.shadowing() : SoftwareOptions.emulated();
        SoftwareViommu iommu = new SoftwareViommu(machine, instance.number(), options);
        emulatedNumbers.put(instance.number(), iommu.number());
        for (VirtualDevice device : passthroughBehind(instance)) {
            BareMachine.done(iommu.attach(hostOf(device).driver, hostId(device), device.requester()));
        }
        bootGuest(instance, iommu, GuestOptions.of(TableFormat.V1).notPresentCached(instance.isRemappingDma()));
    }

    private void bootGuest(VirtualInstance instance, VirtualIommu iommu, GuestOptions options) {
        GuestDriver driver = new GuestDriver(new GuestPort(machine, iommu), options);
        BareMachine.done(driver.boot());
        drivers.put(instance.number(), driver);
    }

    private List<VirtualDevice> passthroughBehind(VirtualInstance instance) {
        return topology.passthroughDevices().stream()
                .filter(device -> device.instance() == instance.number())
                .toList();
    }

    private Host hostOf(VirtualDevice device) {
        HostPlatform.Unit unit = platform.unitOf(device.host().orElseThrow()).orElseThrow();
        return hosts.stream().filter(host -> host.unit.equals(unit)).findFirst().orElseThrow();
    }

    private static int hostId(VirtualDevice device) {
        return device.host().orElseThrow().deviceId();
    }

    /** The guest gives a device a page through the driver of its instance, and the device writes to it. */
    void use(VirtualDevice device) {
        GuestDriver driver = Objects.requireNonNull(drivers.get(device.instance()));
        BareMachine.done(driver.attach(device.requester(), DeviceTraits.plain()));
        long buffer = machine.pages().allocate(GuestNic.PAGE, GuestNic.PAGE);
        machine.clear(MemoryRole.DATA, buffer, GuestNic.PAGE);
        long iova = driver.map(device.requester(), buffer, GuestNic.PAGE, GuestNic.BOTH_RIGHTS);
        portOf(device).store(EffectSink.NO_PASID, iova, device.requester());
    }

    private DevicePort portOf(VirtualDevice device) {
        if (device.host().isPresent()) {
            return new DevicePort(bus, hostOf(device).number, hostId(device), 0);
        }
        int number = Objects.requireNonNull(emulatedNumbers.get(device.instance()));
        return new DevicePort(bus, number, device.requester(), machine.systemBase());
    }
}
