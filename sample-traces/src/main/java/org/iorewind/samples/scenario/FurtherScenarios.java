package org.iorewind.samples.scenario;

import java.util.List;
import java.util.Objects;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.InterruptMessage;
import org.iorewind.model.platform.guest.InterruptTables;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.HostOptions;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.GuestPort;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.NestParent;
import org.iorewind.model.platform.vmm.SoftwareOptions;
import org.iorewind.model.platform.vmm.SoftwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** What guests use an IOMMU for besides DMA of their own: interrupts, and guests of their own. */
final class FurtherScenarios {
    static final int VECTOR = 0x41;
    static final int DESTINATION = 3;
    /** Physical address of the nested guest that its device uses. */
    static final long NESTED_ADDRESS = 0x30_0000;

    private static final int FEW_DEVICES = 256;
    private static final long NESTED_BYTES = 16L << 20;
    private static final long NESTED_ALIGNMENT = 2L << 20;

    private FurtherScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "sw-emulated-intremap",
                        "A guest gives an emulated NIC an interrupt; the IOMMU that the VMM emulates remaps its"
                                + " message.",
                        (bus, seed) -> emulatedInterrupt(bus),
                        "sw",
                        "interrupts"),
                Scenario.of(
                        "sw-fault",
                        "A passthrough NIC behind shadow tables goes astray: the host's log has the event, and the"
                                + " guest hears nothing of it.",
                        (bus, seed) -> unseenFault(bus),
                        "sw",
                        "fault"),
                Scenario.of(
                        "guest-nested-passthrough",
                        "A guest passes its NIC on to a guest of its own: the NIC uses that one's physical"
                                + " addresses, until they are unmapped.",
                        (bus, seed) -> nestedGuest(bus),
                        "hw",
                        "nested"));
    }

    private static void emulatedInterrupt(SystemBus bus) {
        VirtualMachine machine = VirtualHost.plain(bus).machine(1);
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.emulated());
        DevicePort nic = new DevicePort(bus, iommu.number(), GuestNic.GUEST_DEVICE, machine.systemBase());
        GuestNic guest = new GuestNic(machine, iommu, GuestOptions.of(TableFormat.V1), nic).start();
        InterruptTables interrupts = guest.driver().interrupts();
        BareMachine.done(interrupts.setUp(GuestNic.GUEST_DEVICE));
        int index = interrupts.allocate(GuestNic.GUEST_DEVICE, VECTOR, DESTINATION);
        BareMachine.done(index);
        InterruptMessage message = InterruptTables.message(index);
        nic.interrupt(message.address(), message.data());
        BareMachine.done(interrupts.release(GuestNic.GUEST_DEVICE, index));
        nic.interrupt(message.address(), message.data());
        iommu.settle();
    }

    private static void unseenFault(SystemBus bus) {
        GuestNic guest = SoftwareScenarios.passthrough(bus);
        bus.phase("stray request", true);
        guest.nic().load(EffectSink.NO_PASID, 0x123_4000);
        guest.driver().faults().handle();
        bus.phase("stray request", false);
    }

    private static void nestedGuest(SystemBus bus) {
        VirtualHost host = VirtualHost.withViommu(bus, EventRouting.DIRECT, ViommuOptions.usual());
        VirtualMachine outer = host.machine(1);
        HardwareViommu iommu = host.plug(outer, 0, ViommuExposure.DIRECT);
        BareMachine.done(iommu.attach(SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE));
        HostOptions options = HostOptions.linux()
                .driver(DriverOptions.linux().devices(FEW_DEVICES))
                .format(HostOptions.TableFormat.V2);
        HostDriver outerDriver = new HostDriver(new GuestPort(outer, iommu), SystemBus.PHYSICAL, options);
        BareMachine.done(outerDriver.boot());
        VirtualMachine inner = outer.nested(2, outer.pages().allocate(NESTED_BYTES, NESTED_ALIGNMENT), NESTED_BYTES);
        NestParent memory = Objects.requireNonNull(NestParent.of(inner, outerDriver), "no DomainID left");
        BareMachine.done(outerDriver.attach(GuestNic.GUEST_DEVICE, memory.domain()));
        DevicePort nic = new DevicePort(bus, SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC, 0);
        nic.store(EffectSink.NO_PASID, NESTED_ADDRESS, 1);
        BareMachine.done(memory.space().unmap(0, inner.bytes()));
        nic.load(EffectSink.NO_PASID, NESTED_ADDRESS);
    }
}
