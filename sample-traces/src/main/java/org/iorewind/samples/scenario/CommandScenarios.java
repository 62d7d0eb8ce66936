package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.ViommuExposure;

/** Commands of guests, and the commands and events that hardware vIOMMU adds. */
final class CommandScenarios {
    /** A DomainID that no device of the guest uses. */
    static final int UNKNOWN_DOMAIN = 0x1234;
    /** A GuestID that nobody has. */
    static final int UNKNOWN_GUEST = 7;

    private static final int SECOND_GUEST = 2;
    private static final int WORD = 32;
    private static final long INSERT_GUEST_EVENT = 0x9L << 60;
    private static final long RESERVED_BIT = 1L << 16;
    private static final long PAGE_FAULT = 0x2L << 60 | GuestNic.GUEST_DEVICE;
    private static final long NO_EVENT = 0xBL << 60;
    private static final int DOMAIN = 1;
    private static final int GROUP = 7;

    private CommandScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "hw-guest-commands",
                        "A guest puts every command that it may use and its IOMMU has on its own ring, and then"
                                + " INSERT_GUEST_EVENT, which it may not: its ring stops.",
                        (bus, seed) -> guestCommands(bus),
                        "hw",
                        "commands"),
                Scenario.of(
                        "hw-unmapped-ids",
                        "A guest flushes a DomainID that nobody mapped: the host's log says so, with vCmd.",
                        (bus, seed) -> unmappedDomain(bus),
                        "hw",
                        "commands",
                        "errors"),
                Scenario.of(
                        "hw-inject-fault",
                        "The host inserts events that cannot be: with a reserved bit, for a guest without a log, for"
                                + " no guest, and of no kind. Each is a GUEST_EVENT_FAULT.",
                        (bus, seed) -> insertFaults(bus),
                        "hw",
                        "new-commands",
                        "errors"),
                Scenario.of(
                        "hw-detach",
                        "A guest takes a NIC's domain away: the VMM sees it in the device table, and the host blocks"
                                + " the NIC.",
                        (bus, seed) -> detach(bus),
                        "hw",
                        "fault"));
    }

    private static VirtualHost host(SystemBus bus) {
        return VirtualHost.withViommu(bus, EventRouting.DIRECT, ViommuOptions.usual());
    }

    private static void guestCommands(SystemBus bus) {
        VirtualHost host = host(bus);
        GuestNic guest = LifecycleScenarios.guest(host, 1, SoftwareScenarios.HOST_NIC);
        CommandQueue commands = guest.driver().iommu().commands();
        bus.phase("commands", true);
        commands.push(Command.invalidateDeviceEntry(GuestNic.GUEST_DEVICE));
        commands.push(Command.invalidatePages(DOMAIN, AddressSpan.EVERYTHING, true));
        commands.push(Command.invalidateGuestPages(DOMAIN, 0, AddressSpan.EVERYTHING, true));
        commands.push(
                Command.invalidateDevicePages(GuestNic.GUEST_DEVICE, 1, EffectSink.NO_PASID, AddressSpan.EVERYTHING));
        commands.push(Command.invalidateInterruptTable(GuestNic.GUEST_DEVICE));
        commands.push(Command.completePageRequest(GuestNic.GUEST_DEVICE, EffectSink.NO_PASID, GROUP, 0));
        commands.push(Command.invalidateAll());
        commands.complete();
        bus.phase("commands", false);
        commands.push(new Command(INSERT_GUEST_EVENT | 1L << WORD, 0));
        guest.driver().iommu().port().readRegister(RegisterDescriptor.STATUS, Long.BYTES);
        guest.driver().faults().handle();
    }

    private static void unmappedDomain(SystemBus bus) {
        VirtualHost host = host(bus);
        GuestNic guest = LifecycleScenarios.guest(host, 1, SoftwareScenarios.HOST_NIC);
        guest.driver()
                .iommu()
                .commands()
                .push(Command.invalidateGuestPages(UNKNOWN_DOMAIN, 0, AddressSpan.EVERYTHING, true));
        host.driver().takeInterrupts();
    }

    private static void insertFaults(SystemBus bus) {
        VirtualHost host = host(bus);
        LifecycleScenarios.guest(host, 1, SoftwareScenarios.HOST_NIC);
        host.plug(host.machine(SECOND_GUEST), 0, ViommuExposure.DIRECT);
        CommandQueue commands = host.driver().driver().commands();
        insert(commands, 1L << WORD | RESERVED_BIT << WORD, PAGE_FAULT);
        insert(commands, (long) SECOND_GUEST << WORD, PAGE_FAULT);
        insert(commands, (long) UNKNOWN_GUEST << WORD, PAGE_FAULT);
        insert(commands, 1L << WORD, NO_EVENT);
        commands.complete();
        host.driver().takeInterrupts();
    }

    private static void insert(CommandQueue commands, long fields, long event) {
        commands.push(new Command(INSERT_GUEST_EVENT | fields, 0), new Command(event, 0));
    }

    /** The guest flushes its domain after it took the NIC out: the DomainID must lead somewhere still, or its ring would stop. */
    private static void detach(SystemBus bus) {
        VirtualHost host = host(bus);
        GuestNic guest = LifecycleScenarios.guest(host, 1, SoftwareScenarios.HOST_NIC);
        long iova = guest.map(guest.buffer(GuestNic.PAGE), GuestNic.PAGE);
        guest.nic().load(EffectSink.NO_PASID, iova);
        BareMachine.done(guest.driver().detach(GuestNic.GUEST_DEVICE));
        guest.nic().load(EffectSink.NO_PASID, iova);
        host.driver().takeInterrupts();
    }
}
