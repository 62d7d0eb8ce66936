package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.driver.IommuDriver;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.ViommuCalls;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.NestParent;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** What hardware vIOMMU keeps for itself of each guest in its private address space: ID maps, dirty status, rings. */
final class MapScenarios {
    /** A DeviceID of a guest, of amd-viommu reference 14.2. */
    static final int MAPPED_DEVICE = 0x0100;
    /** A DomainID of a guest, of amd-viommu reference 14.2. */
    static final int MAPPED_DOMAIN = 0x25;
    /** A GuestID, of amd-viommu reference 14.1. */
    static final int THIRD_GUEST = 3;
    /** A GuestID, of amd-viommu reference 14.1. */
    static final int FAR_GUEST = 0x1234;
    /** Guest physical address of a ring at its first place. */
    static final long RING = 0x20_0000;
    /** Guest physical address of a ring at its second place. */
    static final long OTHER_RING = 0x30_0000;
    /** log2 of the entries of that ring. */
    static final int RING_LENGTH = 9;

    private static final int VF_CONTROL_SLOT = 64;
    private static final long RING_BYTES = 16L << RING_LENGTH;
    private static final long ILLEGAL_IN_A_GUEST = 0x9L << 60;
    private static final int THREE = 3;

    private MapScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "hw-private-space",
                        "Three guests with GuestIDs far apart: each gets its ID maps at its own private addresses,"
                                + " which the IOMMU's own device table entry leads to memory.",
                        (bus, seed) -> privateSpace(bus),
                        "hw",
                        "private-space"),
                Scenario.of(
                        "hw-device-map",
                        "A guest gets a device: hardware writes the DeviceID map for the host, and the device table"
                                + " entry names guest and device.",
                        (bus, seed) -> deviceMap(bus),
                        "hw",
                        "private-space",
                        "calls"),
                Scenario.of(
                        "hw-domain-map",
                        "Two guests use the same DomainID: hardware maps it to a DomainID of the host for each.",
                        (bus, seed) -> domainMap(bus),
                        "hw",
                        "private-space",
                        "isolation"),
                Scenario.of(
                        "hw-dirty-status",
                        "A guest's ring stops with commands in it, which the dirty status tells; the guest puts it"
                                + " right, and the ring drains.",
                        (bus, seed) -> drain(stopWithWork(bus)),
                        "hw",
                        "private-space",
                        "recovery"),
                Scenario.of(
                        "hw-command-buffer-map",
                        "Without GstBufferTRPMode the host maps a guest's ring to private addresses, page by page;"
                                + " the guest moves its ring, and works on.",
                        (bus, seed) -> commandBufferMap(bus),
                        "hw",
                        "private-space",
                        "calls"),
                Scenario.of(
                        "hw-guest-v1",
                        "A guest flushes one address in the way of v1 tables, which hardware does not nest: all of"
                                + " the domain is flushed.",
                        (bus, seed) -> hostStyleFlush(bus),
                        "hw",
                        "commands"),
                Scenario.of(
                        "hw-host-remap",
                        "The host takes a page of memory away from a guest with three nested domains, each of which"
                                + " is flushed.",
                        (bus, seed) -> remap(bus),
                        "hw",
                        "isolation"));
    }

    private static VirtualHost host(SystemBus bus) {
        return VirtualHost.withViommu(bus, EventRouting.DIRECT, ViommuOptions.usual());
    }

    /** Three guests. */
    static VirtualHost privateSpace(SystemBus bus) {
        VirtualHost host = host(bus);
        for (int number : List.of(1, THIRD_GUEST, FAR_GUEST)) {
            host.plug(host.machine(number), 0, ViommuExposure.DIRECT);
        }
        return host;
    }

    /** A guest with a device. */
    static VirtualHost deviceMap(SystemBus bus) {
        VirtualHost host = host(bus);
        HardwareViommu iommu = host.plug(host.machine(THIRD_GUEST), 0, ViommuExposure.DIRECT);
        BareMachine.done(iommu.attach(SoftwareScenarios.HOST_NIC, MAPPED_DEVICE));
        readMapControl(bus, THIRD_GUEST * VF_CONTROL_SLOT);
        return host;
    }

    private static void readMapControl(SystemBus bus, int offset) {
        bus.readRegister(SystemBus.HOST, SystemBus.PHYSICAL, RegisterSpace.VF_CONTROL, offset, Long.BYTES);
    }

    /** Two guests with a device and a domain each. */
    static VirtualHost domainMap(SystemBus bus) {
        VirtualHost host = host(bus);
        ViommuCalls calls = new ViommuCalls(host.viommu());
        for (int number = 1; number <= 2; number++) {
            HardwareViommu iommu = host.plug(host.machine(number), 0, ViommuExposure.DIRECT);
            BareMachine.done(iommu.attach(SoftwareScenarios.HOST_NIC + number, MAPPED_DEVICE));
            BareMachine.done(calls.domainAttach(iommu.guestId(), MAPPED_DEVICE, MAPPED_DOMAIN));
        }
        return host;
    }

    /** What a ring with commands in it that stands still belongs to. */
    record Stopped(VirtualHost host, VirtualMachine machine, GuestNic guest) {}

    /** Stops a guest's ring by a command that guests may not use. */
    static Stopped stopWithWork(SystemBus bus) {
        VirtualHost host = host(bus);
        VirtualMachine machine = host.machine(FAR_GUEST);
        HardwareViommu iommu = host.plug(machine, 0, ViommuExposure.DIRECT);
        DevicePort nic = new DevicePort(bus, SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC, 0);
        GuestNic guest = new GuestNic(machine, iommu, GuestOptions.of(TableFormat.V2), nic);
        BareMachine.done(guest.driver().boot());
        CommandQueue commands = guest.driver().iommu().commands();
        commands.push(new Command(ILLEGAL_IN_A_GUEST, 0));
        commands.push(Command.invalidateAll());
        return new Stopped(host, machine, guest);
    }

    /** Puts a legal command in the place of that one, and starts the ring again. */
    static void drain(Stopped stopped) {
        IommuDriver driver = stopped.guest.driver().iommu();
        long head = driver.port().readRegister(RegisterDescriptor.COMMAND_HEAD, Long.BYTES);
        Command legal = Command.invalidateAll();
        stopped.machine.store(
                MemoryRole.COMMAND_RING, driver.commands().base() + head, legal.quadword0(), legal.quadword1());
        driver.control().clear(ControlDescriptor.CMD_BUF_EN);
        driver.control().set(ControlDescriptor.CMD_BUF_EN);
    }

    /** A guest whose ring moves. */
    static VirtualHost commandBufferMap(SystemBus bus) {
        VirtualHost host = VirtualHost.withFixedBuffers(bus);
        VirtualMachine machine = host.machine(1);
        HardwareViommu iommu = host.plug(machine, 0, ViommuExposure.DIRECT);
        bus.phase("ring", true);
        iommu.write(RegisterDescriptor.COMMAND_BASE, Long.BYTES, base(RING));
        bus.phase("ring", false);
        invalidateAll(machine, iommu, RING);
        iommu.write(RegisterDescriptor.CONTROL, Long.BYTES, 0);
        bus.phase("ring moved", true);
        iommu.write(RegisterDescriptor.COMMAND_BASE, Long.BYTES, base(OTHER_RING));
        bus.phase("ring moved", false);
        invalidateAll(machine, iommu, OTHER_RING);
        return host;
    }

    private static long base(long ring) {
        return ring | (long) RING_LENGTH << RegisterDescriptor.RING_LENGTH_SHIFT;
    }

    private static void invalidateAll(VirtualMachine machine, HardwareViommu iommu, long ring) {
        machine.clear(MemoryRole.COMMAND_RING, ring, RING_BYTES);
        Command command = Command.invalidateAll();
        machine.store(MemoryRole.COMMAND_RING, ring, command.quadword0(), command.quadword1());
        iommu.write(RegisterDescriptor.COMMAND_HEAD, Long.BYTES, 0);
        iommu.write(RegisterDescriptor.COMMAND_TAIL, Long.BYTES, 0);
        iommu.write(RegisterDescriptor.CONTROL, Long.BYTES, ControlDescriptor.IOMMU_EN | ControlDescriptor.CMD_BUF_EN);
        iommu.write(RegisterDescriptor.COMMAND_TAIL, Long.BYTES, RegisterDescriptor.RING_ENTRY_BYTES);
    }

    private static void hostStyleFlush(SystemBus bus) {
        VirtualHost host = host(bus);
        GuestNic guest = LifecycleScenarios.guest(host, 1, SoftwareScenarios.HOST_NIC);
        long first = guest.map(guest.buffer(GuestNic.PAGE), GuestNic.PAGE);
        long second = guest.map(guest.buffer(GuestNic.PAGE), GuestNic.PAGE);
        loadBoth(guest, first, second);
        bus.phase("cached", true);
        loadBoth(guest, first, second);
        bus.phase("cached", false);
        int domain =
                guest.driver().iommu().deviceTable().get(GuestNic.GUEST_DEVICE).domain();
        CommandQueue commands = guest.driver().iommu().commands();
        commands.push(Command.invalidatePages(domain, AddressSpan.of(first, GuestNic.PAGE), false));
        commands.complete();
        bus.phase("flushed", true);
        loadBoth(guest, first, second);
        bus.phase("flushed", false);
    }

    private static void loadBoth(GuestNic guest, long first, long second) {
        guest.nic().load(EffectSink.NO_PASID, first);
        guest.nic().load(EffectSink.NO_PASID, second);
    }

    private static void remap(SystemBus bus) {
        VirtualHost host = host(bus);
        VirtualMachine machine = host.machine(1);
        NestParent parent = host.parent(machine);
        HardwareViommu iommu = host.plug(machine, 0, ViommuExposure.DIRECT, parent);
        long added = LifecycleScenarios.BEYOND;
        long memory = machine.systemBase() + machine.bytes();
        bus.clear(SystemBus.HOST, MemoryRole.DATA, memory, GuestNic.PAGE);
        BareMachine.done(parent.space().map(added, memory, GuestNic.PAGE, GuestNic.BOTH_RIGHTS));
        DevicePort nic = new DevicePort(bus, SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC, 0);
        GuestNic guest = new GuestNic(machine, iommu, GuestOptions.of(TableFormat.V2), nic);
        BareMachine.done(guest.driver().boot());
        long iova = 0;
        for (int i = 0; i < THREE; i++) {
            BareMachine.done(iommu.attach(SoftwareScenarios.HOST_NIC + i, GuestNic.GUEST_DEVICE + i));
            BareMachine.done(guest.driver().attach(GuestNic.GUEST_DEVICE + i, DeviceTraits.plain()));
            iova = guest.driver().map(GuestNic.GUEST_DEVICE + i, added, GuestNic.PAGE, GuestNic.BOTH_RIGHTS);
            device(bus, i).load(EffectSink.NO_PASID, iova);
        }
        bus.phase("host remap", true);
        BareMachine.done(parent.space().unmap(added, GuestNic.PAGE));
        bus.phase("host remap", false);
        for (int i = 0; i < THREE; i++) {
            device(bus, i).load(EffectSink.NO_PASID, iova);
        }
        host.driver().takeInterrupts();
    }

    private static DevicePort device(SystemBus bus, int number) {
        return new DevicePort(bus, SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC + number, 0);
    }
}
