package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.guest.FlushPolicy;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** {@code amd-viommu}: guests whose tables and commands the hardware takes itself. */
final class HardwareScenarios {
    private static final long FEW_BYTES = 3L * GuestNic.PAGE;

    private HardwareScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "hw-nested-dma",
                        "A guest maps a buffer in its v2 tables, a passthrough NIC uses it through both stages, and"
                                + " the guest unmaps it. Nobody leaves the guest.",
                        (bus, seed) -> nested(bus),
                        "hw",
                        "dma"),
                Scenario.seeded(
                        "hw-trapped-strict-nic",
                        "The strict NIC workload of a guest whose third 4 KiB of registers the VMM traps and passes"
                                + " on.",
                        (bus, seed) -> strict(bus, ViommuExposure.TRAPPED, seed),
                        "hw",
                        "workload"),
                Scenario.seeded(
                        "hw-direct-strict-nic",
                        "The strict NIC workload of a guest that has the VF page itself.",
                        (bus, seed) -> strict(bus, ViommuExposure.DIRECT, seed),
                        "hw",
                        "workload"),
                Scenario.seeded(
                        "hw-direct-lazy-nic",
                        "The NIC workload of a guest that puts its flushes off.",
                        (bus, seed) -> lazy(bus, seed),
                        "hw",
                        "workload"),
                Scenario.of(
                        "hw-direct-logs",
                        "A passthrough NIC goes astray in the guest's own tables: hardware writes the event into"
                                + " the guest's log, with the guest's IDs.",
                        (bus, seed) -> fault(bus, EventRouting.DIRECT),
                        "hw",
                        "fault"),
                Scenario.of(
                        "hw-inject-event",
                        "The same where events go to the host's log first: the host hands them on with"
                                + " INSERT_GUEST_EVENT.",
                        (bus, seed) -> fault(bus, EventRouting.HOST_THEN_INJECT),
                        "hw",
                        "fault",
                        "new-commands"),
                Scenario.seeded(
                        "hybrid-strict-nic",
                        "One guest with an emulated NIC behind amd-iommu and a passthrough NIC behind amd-viommu:"
                                + " both do the strict NIC workload.",
                        (bus, seed) -> hybrid(bus, seed),
                        "hybrid",
                        "workload"));
    }

    private static VirtualHost host(SystemBus bus, EventRouting routing) {
        return VirtualHost.withViommu(bus, routing, ViommuOptions.usual());
    }

    /** A guest with a passthrough NIC, ready. */
    static GuestNic guest(
            VirtualHost host, VirtualMachine machine, int index, ViommuExposure exposure, GuestOptions options) {
        HardwareViommu iommu = host.plug(machine, index, exposure);
        BareMachine.done(iommu.attach(SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE));
        DevicePort nic = new DevicePort(host.bus(), SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC, 0);
        GuestNic guest = new GuestNic(machine, iommu, options, nic);
        machine.onInterrupt(iommu, () -> guest.driver().faults().handle());
        return guest.start();
    }

    private static GuestOptions strictV2() {
        return GuestOptions.of(TableFormat.V2);
    }

    private static void nested(SystemBus bus) {
        VirtualHost host = host(bus, EventRouting.DIRECT);
        GuestNic guest = guest(host, host.machine(1), 0, ViommuExposure.DIRECT, strictV2());
        long buffer = guest.buffer(FEW_BYTES);
        bus.phase("nested", true);
        long iova = guest.map(buffer, FEW_BYTES);
        guest.transfer(iova, FEW_BYTES);
        guest.unmap(iova, FEW_BYTES);
        bus.phase("nested", false);
    }

    private static void strict(SystemBus bus, ViommuExposure exposure, long seed) {
        VirtualHost host = host(bus, EventRouting.DIRECT);
        guest(host, host.machine(1), 0, exposure, strictV2())
                .packets(SoftwareScenarios.STRICT_NIC, SoftwareScenarios.PACKETS, seed);
    }

    private static void lazy(SystemBus bus, long seed) {
        VirtualHost host = host(bus, EventRouting.DIRECT);
        GuestNic guest = guest(
                host, host.machine(1), 0, ViommuExposure.DIRECT, strictV2().flushPolicy(FlushPolicy.lazy(8)));
        guest.packets("lazy NIC", SoftwareScenarios.PACKETS, seed);
        BareMachine.done(guest.driver().tick());
    }

    private static void fault(SystemBus bus, EventRouting routing) {
        VirtualHost host = host(bus, routing);
        VirtualMachine machine = host.machine(1);
        GuestNic guest = guest(host, machine, 0, ViommuExposure.DIRECT, strictV2());
        bus.phase("stray request", true);
        guest.nic().load(EffectSink.NO_PASID, 0x123_4000);
        host.driver().takeInterrupts();
        machine.takeInterrupts();
        bus.phase("stray request", false);
    }

    private static void hybrid(SystemBus bus, long seed) {
        VirtualHost host = host(bus, EventRouting.DIRECT);
        VirtualMachine machine = host.machine(1);
        GuestNic emulated = SoftwareScenarios.emulatedNic(machine, 0);
        GuestNic passthrough = guest(host, machine, 1, ViommuExposure.DIRECT, strictV2());
        emulated.packets("strict NIC, emulated", SoftwareScenarios.PACKETS, seed);
        passthrough.packets(SoftwareScenarios.STRICT_NIC, SoftwareScenarios.PACKETS, seed);
    }
}
