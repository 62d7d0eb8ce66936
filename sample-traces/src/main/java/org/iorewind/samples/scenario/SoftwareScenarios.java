package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.vmm.SoftwareOptions;
import org.iorewind.model.platform.vmm.SoftwareViommu;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** QEMU's {@code amd-iommu}: emulated devices by its own walk, passthrough devices by shadow tables. */
final class SoftwareScenarios {
    /** The NIC as the host knows it, 41:00.0. */
    static final int HOST_NIC = 0x4100;

    static final int PACKETS = 32;
    /** Name of the workload that all modes have in common. */
    static final String STRICT_NIC = "strict NIC";

    private static final long FEW_BYTES = 4L * GuestNic.PAGE;

    private SoftwareScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "sw-emulated-dma",
                        "A guest maps a buffer, an emulated NIC uses it through the IOMMU that the VMM emulates,"
                                + " the guest unmaps it, and the NIC's next request lands in the guest's event log.",
                        (bus, seed) -> emulated(bus),
                        "sw",
                        "dma",
                        "fault"),
                Scenario.of(
                        "sw-shadow-dma",
                        "A guest maps a buffer of four pages, the VMM shadows them in the host's tables, a"
                                + " passthrough NIC uses them, and the guest unmaps them.",
                        (bus, seed) -> shadowed(bus),
                        "sw",
                        "dma"),
                Scenario.seeded(
                        "sw-strict-nic",
                        "The strict NIC workload of a guest behind a software vIOMMU with shadow tables.",
                        (bus, seed) -> passthrough(bus).packets(STRICT_NIC, PACKETS, seed),
                        "sw",
                        "workload"));
    }

    /** A guest with an emulated NIC, ready. */
    static GuestNic emulatedNic(VirtualMachine machine, int index) {
        SoftwareViommu iommu = new SoftwareViommu(machine, index, SoftwareOptions.emulated());
        DevicePort nic = new DevicePort(machine.bus(), iommu.number(), GuestNic.GUEST_DEVICE, machine.systemBase());
        GuestNic guest = new GuestNic(machine, iommu, GuestOptions.of(TableFormat.V1), nic);
        machine.onInterrupt(iommu, () -> guest.driver().faults().handle());
        return guest.start();
    }

    private static void emulated(SystemBus bus) {
        VirtualMachine machine = VirtualHost.plain(bus).machine(1);
        GuestNic guest = emulatedNic(machine, 0);
        long buffer = guest.buffer(FEW_BYTES);
        long iova = guest.map(buffer, FEW_BYTES);
        guest.transfer(iova, FEW_BYTES);
        guest.unmap(iova, FEW_BYTES);
        guest.nic().load(EffectSink.NO_PASID, iova);
        machine.takeInterrupts();
    }

    /** A guest with a passthrough NIC behind shadow tables, ready. */
    static GuestNic passthrough(SystemBus bus) {
        return passthrough(bus, GuestOptions.of(TableFormat.V1).notPresentCached(true));
    }

    /** The same with other habits. */
    static GuestNic passthrough(SystemBus bus, GuestOptions options) {
        VirtualHost host = VirtualHost.plain(bus);
        VirtualMachine machine = host.machine(1);
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.shadowing());
        BareMachine.done(iommu.attach(host.driver(), HOST_NIC, GuestNic.GUEST_DEVICE));
        DevicePort nic = new DevicePort(bus, SystemBus.PHYSICAL, HOST_NIC, 0);
        return new GuestNic(machine, iommu, options, nic).start();
    }

    private static void shadowed(SystemBus bus) {
        GuestNic guest = passthrough(bus);
        long buffer = guest.buffer(FEW_BYTES);
        long iova = guest.map(buffer, FEW_BYTES);
        guest.transfer(iova, FEW_BYTES);
        guest.unmap(iova, FEW_BYTES);
    }
}
