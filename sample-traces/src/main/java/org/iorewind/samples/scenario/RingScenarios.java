package org.iorewind.samples.scenario;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.interrupt.InterruptEntryDescriptor;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.guest.InterruptMessage;
import org.iorewind.model.platform.guest.InterruptTables;
import org.iorewind.model.platform.vmm.acpi.IvrsCheck;
import org.iorewind.model.platform.vmm.acpi.IvrsDescriptor;
import org.iorewind.model.platform.vmm.acpi.IvrsEntry;
import org.iorewind.model.platform.vmm.acpi.IvrsFinding;
import org.iorewind.model.platform.vmm.acpi.IvrsTable;
import org.iorewind.model.platform.vmm.acpi.IvrsUnit;
import org.iorewind.samples.session.LiveSession;

/** Mistakes with rings, logs and interrupt tables, and of firmware. */
final class RingScenarios {
    /** A word in front of what the check of the firmware's table says. */
    static final String SAYS = "IVRS: ";

    private static final int PAGE = 4096;
    /** A conventional PCI card, 00:05.0, and the bridge before it, 00:06.0, whose DeviceID its requests carry. */
    private static final int CARD = 0x28;

    private static final int BRIDGE = 0x30;
    private static final int OTHER_NIC = BaseScenarios.NIC + 8;
    private static final int LENGTH_CODE = 3;
    private static final int VECTOR = 0x41;
    private static final int OTHER_VECTOR = 0x42;
    private static final int DESTINATION = 3;
    private static final int UNUSED = 5;
    private static final int BEYOND = 9;
    private static final int EXTRA = 4;
    private static final int IOAPIC_SOURCE = 0xA0;
    private static final int UNIT = 0x02;
    private static final long UNIT_REGISTERS = 0xFED8_0000L;

    private RingScenarios() {}

    static List<Scenario> list() {
        return List.of(
                bug(
                        "bug-ring-overrun",
                        "A driver's ring has stopped at a command that does not exist. The driver does not look, writes"
                                + " on until the ring is full, and over what nobody has taken.",
                        RingScenarios::overrun),
                bug(
                        "bug-ring-moved",
                        "A driver moves its command ring while it runs, and writes a tail beyond its end.",
                        RingScenarios::moved),
                bug(
                        "bug-log-off",
                        "A driver forgets to turn the event log on: a NIC goes astray, and nobody can see it.",
                        RingScenarios::logOff),
                bug(
                        "bug-interrupt-entry-untold",
                        "A driver sends an interrupt of a NIC to another vector and does not tell the IOMMU, which goes"
                                + " on with the old entry.",
                        RingScenarios::interruptUntold),
                bug(
                        "bug-interrupt-hole",
                        "A driver remaps the interrupts of one NIC, and leaves those of another alone: that one can"
                                + " raise any vector on any processor.",
                        RingScenarios::interruptHole),
                bug(
                        "interrupts-open",
                        "A driver does not use interrupt remapping at all: every NIC's message goes through as it is.",
                        RingScenarios::interruptsOpen),
                bug(
                        "interrupts-misconfigured",
                        "A NIC sends an interrupt by an entry that is off, one by an entry beyond its table, and, with"
                                + " remapping blocked in its device table entry, one more.",
                        RingScenarios::misconfigured),
                Scenario.of(
                        "lossy-recorder",
                        "A recorder is too slow for a while and loses markers; it says so, and nothing that might have"
                                + " happened in the gap is held against the driver.",
                        RingScenarios::lossy,
                        "recording"),
                Scenario.of(
                        "firmware-broken-ivrs",
                        "Firmware forgets in its IVRS that the requests of a PCI card carry the DeviceID of the bridge"
                                + " before it, and names a range without an end. The driver believes it, and the card's"
                                + " first request is refused.",
                        RingScenarios::firmware,
                        "bug",
                        "firmware",
                        "fault"));
    }

    private static Scenario bug(String name, String story, Scenario.Work work) {
        return Scenario.of(name, story, work, "bug");
    }

    private static void overrun(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        machine.driver().commands().push(new Command(0xFL << 60, 0));
        long ring = machine.driver().commands().base();
        int bytes = machine.driver().commands().ringBytes();
        Command command = Command.invalidateAll();
        long tail = machine.port().readRegister(RegisterDescriptor.COMMAND_TAIL, Long.BYTES);
        int entries = bytes / RegisterDescriptor.RING_ENTRY_BYTES + EXTRA;
        for (int i = 0; i < entries; i++) {
            machine.port().store(MemoryRole.COMMAND_RING, ring + tail, command.quadword0(), command.quadword1());
            tail = tail + RegisterDescriptor.RING_ENTRY_BYTES & bytes - 1L;
            machine.port().writeRegister(RegisterDescriptor.COMMAND_TAIL, Long.BYTES, tail);
        }
        machine.readFaults();
    }

    private static void moved(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        long base = machine.port().readRegister(RegisterDescriptor.COMMAND_BASE, Long.BYTES);
        int bytes = machine.driver().commands().ringBytes();
        long other = machine.port().allocate(bytes, PAGE);
        machine.port().clear(MemoryRole.COMMAND_RING, other, bytes);
        long length = base & ~RegisterDescriptor.base(base);
        machine.port().writeRegister(RegisterDescriptor.COMMAND_BASE, Long.BYTES, other | length);
        machine.driver().control().clear(ControlDescriptor.CMD_BUF_EN);
        machine.port().writeRegister(RegisterDescriptor.COMMAND_TAIL, Long.BYTES, 2L * bytes);
        machine.restartRing();
        machine.flush(Command.invalidateAll());
    }

    private static void logOff(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        machine.driver().control().clear(ControlDescriptor.EVENT_LOG_EN);
        machine.device(BaseScenarios.NIC).load(EffectSink.NO_PASID, BaseScenarios.IOVA);
        machine.port().readRegister(RegisterDescriptor.EVENT_TAIL, Long.BYTES);
    }

    /** A table of eight entries of 128 bits for a NIC, of which the first leads to a vector. */
    private static long remap(BareMachine machine, int nic) {
        long table = machine.buffer(PAGE, PAGE);
        machine.port().enter(CallNames.INTERRUPT_SET_UP, nic, 0, 0, 1L << LENGTH_CODE);
        machine.port().clear(MemoryRole.INTERRUPT_TABLE, table, PAGE);
        store(machine, table, VECTOR);
        machine.setEntry(nic, DeviceEntryImage.BLOCKED.withInterrupts(table, LENGTH_CODE));
        machine.flush(Command.invalidateInterruptTable(nic));
        machine.port().leave(CallNames.INTERRUPT_SET_UP, 0);
        return table;
    }

    private static void store(BareMachine machine, long at, int vector) {
        machine.port()
                .store(
                        MemoryRole.INTERRUPT_TABLE,
                        at,
                        InterruptEntryDescriptor.longEntryLow(DESTINATION),
                        InterruptEntryDescriptor.longEntryHigh(vector, DESTINATION));
    }

    private static void send(BareMachine machine, int nic, int index) {
        InterruptMessage message = InterruptTables.message(index);
        machine.device(nic).interrupt(message.address(), message.data());
    }

    private static void interruptUntold(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        long table = remap(machine, BaseScenarios.NIC);
        send(machine, BaseScenarios.NIC, 0);
        store(machine, table, OTHER_VECTOR);
        send(machine, BaseScenarios.NIC, 0);
    }

    private static void interruptHole(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        remap(machine, BaseScenarios.NIC);
        send(machine, BaseScenarios.NIC, 0);
        machine.device(OTHER_NIC).interrupt(InterruptTables.message(0).address(), OTHER_VECTOR);
    }

    private static void interruptsOpen(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        machine.device(BaseScenarios.NIC).interrupt(InterruptTables.message(0).address(), VECTOR);
        machine.device(OTHER_NIC).interrupt(InterruptTables.message(0).address(), OTHER_VECTOR);
    }

    private static void misconfigured(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        long table = remap(machine, BaseScenarios.NIC);
        send(machine, BaseScenarios.NIC, 0);
        send(machine, BaseScenarios.NIC, UNUSED);
        send(machine, BaseScenarios.NIC, BEYOND);
        DeviceEntryImage remapped = DeviceEntryImage.BLOCKED.withInterrupts(table, LENGTH_CODE);
        machine.setEntry(
                BaseScenarios.NIC,
                new DeviceEntryImage(
                        remapped.quadword0(),
                        remapped.quadword1(),
                        remapped.quadword2() & ~(3L << DeviceEntryDescriptor.INTERRUPT_CONTROL_SHIFT),
                        remapped.quadword3()));
        send(machine, BaseScenarios.NIC, 0);
        machine.readFaults();
    }

    private static void lossy(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        BareDomain domain = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN);
        domain.attach();
        long page = machine.buffer(PAGE, PAGE);
        Runnable work = () -> {
            domain.map(BaseScenarios.IOVA, page, PAGE);
            machine.device(BaseScenarios.NIC).load(EffectSink.NO_PASID, BaseScenarios.IOVA);
            domain.unmap(BaseScenarios.IOVA, PAGE);
        };
        work.run();
        if (bus instanceof LiveSession session) {
            session.whileMarkersAreLost(work);
        } else {
            work.run();
        }
        work.run();
    }

    /** What the check says stands in the recording as phases; what the driver makes of the table is its device table. */
    private static void firmware(SystemBus bus, long seed) {
        for (IvrsFinding finding : IvrsCheck.check(brokenTable(), BaseScenarios.NIC, BRIDGE, OTHER_NIC)) {
            bus.phase(SAYS + finding.problem() + " at " + finding.where(), true);
            bus.phase(SAYS + finding.problem() + " at " + finding.where(), false);
        }
        BareMachine machine = BareMachine.small(bus);
        BareDomain domain = new BareDomain(machine.driver(), CARD, BaseScenarios.DOMAIN);
        domain.attach();
        domain.map(BaseScenarios.IOVA, machine.buffer(PAGE, PAGE), PAGE);
        DevicePort card = machine.device(BRIDGE);
        card.request(EffectSink.NO_PASID, BaseScenarios.IOVA, Long.BYTES, AccessKind.WRITE);
        machine.readFaults();
    }

    /** The IVRS of firmware that knows neither the bridge's DeviceID nor how ranges end. */
    static IvrsTable brokenTable() {
        List<IvrsEntry> entries = new ArrayList<>();
        entries.add(IvrsEntry.select(BaseScenarios.NIC, 0));
        entries.add(IvrsEntry.select(CARD, 0));
        entries.add(IvrsEntry.special(IvrsDescriptor.IOAPIC, 0, IOAPIC_SOURCE, 0));
        entries.add(IvrsEntry.rangeStart(OTHER_NIC, 0));
        IvrsUnit unit = new IvrsUnit(
                IvrsDescriptor.UNIT_11, 0x10, UNIT, 0x40, UNIT_REGISTERS, 0, 0, 0, BareMachine.ROME, 0, entries);
        return new IvrsTable(IvrsDescriptor.FIXED, IvrsDescriptor.INFO_EFR, List.of(unit), List.of());
    }
}
