package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.ProcessSpace;
import org.iorewind.model.platform.guest.SharedSpaces;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** Guests of hardware vIOMMU that come, go, share, misbehave and recover. */
final class LifecycleScenarios {
    /** A second NIC of the host, 41:00.1. */
    static final int OTHER_NIC = 0x4101;
    /** Guest physical, beyond the memory of every guest. */
    static final long BEYOND = 0x4000_0000;
    /** Guest virtual, of a process. */
    static final long VIRTUAL = 0x7F00_0000_0000L;

    private static final long RING_LENGTH = 9L << RegisterDescriptor.RING_LENGTH_SHIFT;
    private static final int GUESTS = 20;
    private static final long SOME_GPA = 0x20_0000;

    private LifecycleScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "hw-host-boot",
                        "The host turns hardware vIOMMU on: capability, BARs, private address space, its own device"
                                + " table entry, and the enable bits last.",
                        (bus, seed) -> host(bus),
                        "hw",
                        "boot"),
                Scenario.of(
                        "hw-vm-lifecycle",
                        "A virtual machine gets a guest image and a device, gives both back, and gets an image again.",
                        (bus, seed) -> lifecycle(host(bus)),
                        "hw",
                        "calls"),
                Scenario.of(
                        "hw-vm-lifecycle-full",
                        "The same by a driver that initialises all 65,536 DeviceIDs and all 65,536 DomainIDs of a"
                                + " guest, as Linux does.",
                        (bus, seed) -> lifecycle(VirtualHost.withViommu(
                                bus,
                                EventRouting.DIRECT,
                                ViommuOptions.usual().idMaps(ViommuOptions.IdMaps.ALL_AT_ONCE))),
                        "hw",
                        "calls",
                        "large"),
                Scenario.of(
                        "hw-two-guests",
                        "Two guests use the same DomainID for a NIC each. One unmaps and flushes; what the IOMMU"
                                + " has cached for the other stays.",
                        (bus, seed) -> twoGuests(bus),
                        "hw",
                        "isolation"),
                Scenario.of(
                        "hw-private-fault",
                        "A guest puts its command ring where it has no memory: VIOMMU_HARDWARE_ERROR tells the"
                                + " host, RESET_VMMIO starts the guest's registers anew, and the guest works again.",
                        (bus, seed) -> strayRing(bus),
                        "hw",
                        "fault",
                        "recovery",
                        "new-commands"),
                Scenario.of(
                        "hw-attach-refused",
                        "A guest writes a v1 table into its device table entry, which hardware does not nest: the"
                                + " host refuses it, and the device is blocked.",
                        (bus, seed) -> hostTables(bus),
                        "hw",
                        "errors"),
                Scenario.of(
                        "guest-svm",
                        "A process in a guest shares its address space with an accelerator: the missing page comes"
                                + " by a page request in the guest's own log and an answer on its own ring.",
                        (bus, seed) -> sharedSpace(bus),
                        "hw",
                        "sva",
                        "ppr"),
                Scenario.of(
                        "hw-many-guests",
                        "Twenty guests with a hardware vIOMMU each, every one of which boots its driver.",
                        (bus, seed) -> manyGuests(bus),
                        "hw",
                        "isolation",
                        "large"));
    }

    private static VirtualHost host(SystemBus bus) {
        return VirtualHost.withViommu(bus, EventRouting.DIRECT, ViommuOptions.usual());
    }

    private static void lifecycle(VirtualHost host) {
        VirtualMachine machine = host.machine(1);
        HardwareViommu iommu = host.plug(machine, 0, ViommuExposure.DIRECT);
        BareMachine.done(iommu.attach(SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE));
        BareMachine.done(iommu.detach(GuestNic.GUEST_DEVICE));
        BareMachine.done(iommu.unplug());
        host.plug(machine, 0, ViommuExposure.DIRECT);
    }

    /** A guest with a passthrough NIC, ready. */
    static GuestNic guest(VirtualHost host, int number, int hostNic) {
        VirtualMachine machine = host.machine(number);
        HardwareViommu iommu = host.plug(machine, 0, ViommuExposure.DIRECT);
        BareMachine.done(iommu.attach(hostNic, GuestNic.GUEST_DEVICE));
        DevicePort nic = new DevicePort(host.bus(), SystemBus.PHYSICAL, hostNic, 0);
        return new GuestNic(machine, iommu, GuestOptions.of(TableFormat.V2), nic).start();
    }

    private static void twoGuests(SystemBus bus) {
        VirtualHost host = host(bus);
        GuestNic first = guest(host, 1, SoftwareScenarios.HOST_NIC);
        GuestNic second = guest(host, 2, OTHER_NIC);
        long mine = first.map(first.buffer(GuestNic.PAGE), GuestNic.PAGE);
        long yours = second.map(second.buffer(GuestNic.PAGE), GuestNic.PAGE);
        bus.phase("warm", true);
        first.nic().load(EffectSink.NO_PASID, mine);
        second.nic().load(EffectSink.NO_PASID, yours);
        bus.phase("warm", false);
        first.unmap(mine, GuestNic.PAGE);
        bus.phase("after the flush", true);
        second.nic().load(EffectSink.NO_PASID, yours);
        bus.phase("after the flush", false);
    }

    private static void strayRing(SystemBus bus) {
        VirtualHost host = host(bus);
        GuestNic guest = guest(host, 1, SoftwareScenarios.HOST_NIC);
        DriverPort port = guest.driver().iommu().port();
        port.writeRegister(RegisterDescriptor.COMMAND_BASE, Long.BYTES, BEYOND | RING_LENGTH);
        port.writeRegister(RegisterDescriptor.COMMAND_HEAD, Long.BYTES, 0);
        port.writeRegister(RegisterDescriptor.COMMAND_TAIL, Long.BYTES, RegisterDescriptor.RING_ENTRY_BYTES);
        host.driver().takeInterrupts();
        CommandQueue commands = guest.driver().iommu().commands();
        commands.reset();
        long buffer = guest.buffer(GuestNic.PAGE);
        long iova = guest.map(buffer, GuestNic.PAGE);
        guest.transfer(iova, GuestNic.PAGE);
        guest.unmap(iova, GuestNic.PAGE);
    }

    private static void hostTables(SystemBus bus) {
        VirtualHost host = host(bus);
        GuestNic guest = guest(host, 1, SoftwareScenarios.HOST_NIC);
        guest.driver().iommu().deviceTable().set(GuestNic.GUEST_DEVICE, DeviceEntryImage.host(1, SOME_GPA, 3));
        guest.nic().load(EffectSink.NO_PASID, SOME_GPA);
    }

    private static void sharedSpace(SystemBus bus) {
        VirtualHost host = host(bus);
        VirtualMachine machine = host.machine(1);
        HardwareViommu iommu = host.plug(machine, 0, ViommuExposure.DIRECT);
        BareMachine.done(iommu.attach(SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE));
        DevicePort accelerator = new DevicePort(bus, SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC, 0);
        GuestNic guest = new GuestNic(machine, iommu, GuestOptions.of(TableFormat.V2), accelerator);
        BareMachine.done(guest.driver().boot());
        BareMachine.done(guest.driver().attach(GuestNic.GUEST_DEVICE, DeviceTraits.forSharing()));
        SharedSpaces shared = guest.driver().sharedSpaces();
        ProcessSpace process = shared.create();
        shared.reserve(process, VIRTUAL, GuestNic.PAGE, AccessKind.RIGHTS_ALL);
        BareMachine.done(shared.bind(GuestNic.GUEST_DEVICE, process));
        bus.phase("page request", true);
        accelerator.translationRequest(process.pasid(), VIRTUAL, GuestNic.PAGE, false);
        accelerator.pageRequest(process.pasid(), VIRTUAL, BaseScenarios.USER_RIGHTS, 7, true);
        BareMachine.done(shared.handlePageRequests());
        accelerator.translationRequest(process.pasid(), VIRTUAL, GuestNic.PAGE, false);
        accelerator.store(process.pasid(), VIRTUAL, 1);
        bus.phase("page request", false);
    }

    private static void manyGuests(SystemBus bus) {
        VirtualHost host = host(bus);
        for (int number = 1; number <= GUESTS; number++) {
            guest(host, number, SoftwareScenarios.HOST_NIC + number);
        }
    }
}
