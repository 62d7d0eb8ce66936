package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.interrupt.InterruptEntryDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.guest.DriverBug;
import org.iorewind.model.platform.guest.DriverBugs;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.InterruptMessage;
import org.iorewind.model.platform.guest.InterruptTables;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.vmm.SoftwareOptions;
import org.iorewind.model.platform.vmm.SoftwareViommu;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** What the VMM of a software vIOMMU sees by its traps, and what it does then, or cannot do. */
final class TrapScenarios {
    /** Vector that the host has for the interrupt of the NIC; the guest has {@link FurtherScenarios#VECTOR}. */
    static final int HOST_VECTOR = 0x52;

    static final String BASES = "bases";
    static final String POINTERS = "heads, tails and status";
    static final String IDLE_FLUSH = "flush without a change";
    static final String LATE_FLUSH = "flush after unmaps";
    /** Mappings when a domain is flushed. */
    static final int LIVE = 4;
    /** The registers that are read. */
    static final List<Integer> BASE_REGISTERS = List.of(
            RegisterDescriptor.DEVICE_TABLE_BASE,
            RegisterDescriptor.COMMAND_BASE,
            RegisterDescriptor.EVENT_BASE,
            RegisterDescriptor.CONTROL);

    static final List<Integer> POINTER_REGISTERS = List.of(
            RegisterDescriptor.COMMAND_HEAD,
            RegisterDescriptor.COMMAND_TAIL,
            RegisterDescriptor.EVENT_HEAD,
            RegisterDescriptor.EVENT_TAIL,
            RegisterDescriptor.STATUS);

    private static final int LENGTH_CODE = 8;
    private static final int INDEX = 3;
    private static final int HOST_DESTINATION = 1;
    private static final int DOMAIN = 1;

    private TrapScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "sw-shadow-intremap",
                        "A guest gives its passthrough NIC an interrupt: the host's table leads the NIC's message to"
                                + " the VMM, the guest's table leads it on, until the guest takes it away.",
                        (bus, seed) -> passthroughInterrupt(bus),
                        "sw",
                        "interrupts"),
                Scenario.of(
                        "sw-mmio-exits",
                        "A guest reads the registers of an emulated IOMMU: each access leaves the guest.",
                        (bus, seed) -> registers(bus),
                        "sw"),
                Scenario.of(
                        "sw-flush-domain",
                        "A guest flushes a whole domain, once when nothing has changed, and once after it took its"
                                + " mappings away without a flush for each.",
                        (bus, seed) -> flushes(bus),
                        "sw",
                        "dma"),
                Scenario.of(
                        "sw-no-npcache-refused",
                        "A passthrough NIC is refused behind an emulated IOMMU without dma-remap, which would not hear"
                                + " of maps; with dma-remap the guest flushes its maps, and the NIC works.",
                        (bus, seed) -> withoutShadows(bus),
                        "sw",
                        "errors"));
    }

    private static void passthroughInterrupt(SystemBus bus) {
        VirtualHost host = VirtualHost.plain(bus);
        VirtualMachine machine = host.machine(1);
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.shadowing());
        BareMachine.done(iommu.attach(host.driver(), SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE));
        DevicePort nic = new DevicePort(bus, SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC, 0);
        GuestOptions options = GuestOptions.of(TableFormat.V1).notPresentCached(true);
        InterruptTables guest =
                new GuestNic(machine, iommu, options, nic).start().driver().interrupts();
        BareMachine.done(guest.setUp(GuestNic.GUEST_DEVICE));
        int index = guest.allocate(GuestNic.GUEST_DEVICE, FurtherScenarios.VECTOR, FurtherScenarios.DESTINATION);
        BareMachine.done(index);
        giveHostsVector(host.driver());
        InterruptMessage ofHost = InterruptTables.message(INDEX);
        InterruptMessage ofGuest = InterruptTables.message(index);
        BareMachine.done(iommu.passthroughInterrupt(
                GuestNic.GUEST_DEVICE, ofHost.address(), ofHost.data(), ofGuest.address(), ofGuest.data()));
        BareMachine.done(guest.release(GuestNic.GUEST_DEVICE, index));
        refused(
                Errno.NO_ENTRY,
                iommu.passthroughInterrupt(
                        GuestNic.GUEST_DEVICE, ofHost.address(), ofHost.data(), ofGuest.address(), ofGuest.data()));
    }

    /** What VFIO does for an interrupt of a device: one entry of the host's table that leads to the VMM's handler. */
    private static void giveHostsVector(HostDriver host) {
        DriverPort port = host.port();
        long bytes = (long) InterruptEntryDescriptor.LONG_BYTES << LENGTH_CODE;
        port.enter(CallNames.INTERRUPT_SET_UP, SoftwareScenarios.HOST_NIC, 0, 0, INDEX);
        long table = port.allocate(bytes, bytes);
        port.clear(MemoryRole.INTERRUPT_TABLE, table, bytes);
        port.store(
                MemoryRole.INTERRUPT_TABLE,
                table + (long) INDEX * InterruptEntryDescriptor.LONG_BYTES,
                InterruptEntryDescriptor.longEntryLow(HOST_DESTINATION),
                InterruptEntryDescriptor.longEntryHigh(HOST_VECTOR, HOST_DESTINATION));
        int result = host.setInterruptTable(SoftwareScenarios.HOST_NIC, table, LENGTH_CODE);
        port.leave(CallNames.INTERRUPT_SET_UP, result);
        BareMachine.done(result);
    }

    /** A story in which a call is refused otherwise than it should be is none. */
    private static void refused(int expected, int result) {
        if (result != expected) {
            throw new IllegalStateException("a call of the story should have been refused: result=" + result);
        }
    }

    private static void registers(SystemBus bus) {
        GuestNic guest = SoftwareScenarios.emulatedNic(VirtualHost.plain(bus).machine(1), 0);
        DriverPort port = guest.driver().iommu().port();
        bus.phase(BASES, true);
        BASE_REGISTERS.forEach(register -> port.readRegister(register, Long.BYTES));
        bus.phase(BASES, false);
        bus.phase(POINTERS, true);
        POINTER_REGISTERS.forEach(register -> port.readRegister(register, Integer.BYTES));
        bus.phase(POINTERS, false);
    }

    private static void flushes(SystemBus bus) {
        GuestNic guest = SoftwareScenarios.passthrough(
                bus,
                GuestOptions.of(TableFormat.V1)
                        .notPresentCached(true)
                        .bugs(DriverBugs.none().with(DriverBug.NO_FLUSH_ON_UNMAP)));
        long[] iovas = new long[LIVE];
        for (int i = 0; i < LIVE; i++) {
            iovas[i] = guest.map(guest.buffer(GuestNic.PAGE), GuestNic.PAGE);
        }
        flush(bus, guest, IDLE_FLUSH);
        for (long iova : iovas) {
            guest.unmap(iova, GuestNic.PAGE);
        }
        guest.nic().store(EffectSink.NO_PASID, iovas[0], 1);
        flush(bus, guest, LATE_FLUSH);
        guest.nic().store(EffectSink.NO_PASID, iovas[0], 2);
    }

    private static void flush(SystemBus bus, GuestNic guest, String phase) {
        CommandQueue commands = guest.driver().iommu().commands();
        bus.phase(phase, true);
        commands.push(Command.invalidatePages(DOMAIN, AddressSpan.EVERYTHING, true));
        commands.complete();
        bus.phase(phase, false);
    }

    private static void withoutShadows(SystemBus bus) {
        VirtualHost host = VirtualHost.plain(bus);
        VirtualMachine without = host.machine(1);
        SoftwareViommu refusing = new SoftwareViommu(without, 0, SoftwareOptions.emulated());
        refused(Errno.NOT_SUPPORTED, attach(host, refusing));
        VirtualMachine with = host.machine(2);
        SoftwareViommu shadowing = new SoftwareViommu(with, 0, SoftwareOptions.shadowing());
        BareMachine.done(attach(host, shadowing));
        DevicePort nic = new DevicePort(bus, SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC, 0);
        GuestOptions options = GuestOptions.of(TableFormat.V1).notPresentCached(true);
        GuestNic guest = new GuestNic(with, shadowing, options, nic).start();
        long iova = guest.map(guest.buffer(GuestNic.PAGE), GuestNic.PAGE);
        guest.nic().store(EffectSink.NO_PASID, iova, 1);
    }

    private static int attach(VirtualHost host, SoftwareViommu iommu) {
        host.bus().enter(SystemBus.HOST, CallNames.ATTACH, SoftwareScenarios.HOST_NIC, 0, 0, 0);
        int result = iommu.attach(host.driver(), SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE);
        host.bus().leave(SystemBus.HOST, CallNames.ATTACH, result);
        return result;
    }
}
