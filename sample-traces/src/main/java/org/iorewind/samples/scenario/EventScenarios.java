package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.PerformanceEvent;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.counter.CounterDescriptor;
import org.iorewind.model.iommu.log.RmpEventDescriptor;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.HardwareFault;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.HostPageTable;

/** An IOMMU without guests that finds something wrong: one story for each code of its event log that no other story has. */
final class EventScenarios {
    private static final int PAGE = 4096;
    private static final long RESERVED_MODE = 7L << DeviceEntryDescriptor.MODE_SHIFT;
    private static final long NO_SUCH_COMMAND = 0xFL << 60;
    private static final long COUNTED = 4;
    private static final long NOTE = 0x1_0000_0BADL;
    private static final long VECTOR_ADDRESS = 0xFEE0_0000L;
    private static final int GROUP = 7;
    private static final int MOST_PENDING = 1;
    private static final int PREFETCHED = 4;
    private static final int PREFETCH_COUNT_SHIFT = 24;
    private static final int OPCODE_SHIFT = 60;
    private static final int TAG = 1;

    private EventScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "event-illegal-device-entry",
                        "A driver writes a reserved paging mode into the device table entry of a NIC, whose next"
                                + " request is refused; the driver puts the entry right, and the NIC works again.",
                        EventScenarios::illegalEntry,
                        "events",
                        "recovery"),
                Scenario.of(
                        "event-device-table-error",
                        "The memory of a device table entry stops answering: the NIC's request is aborted with"
                                + " DEV_TAB_HARDWARE_ERROR, until the memory answers again.",
                        EventScenarios::deviceTableError,
                        "events",
                        "recovery"),
                Scenario.of(
                        "event-page-table-error",
                        "The memory of a page table gives damaged data: the NIC's request is aborted with"
                                + " PAGE_TAB_HARDWARE_ERROR, until the memory works again.",
                        EventScenarios::pageTableError,
                        "events",
                        "recovery"),
                Scenario.of(
                        "event-illegal-command",
                        "A driver sends a command that does not exist: the ring stops. The driver reads the event,"
                                + " starts the ring again and works on.",
                        EventScenarios::illegalCommand,
                        "events",
                        "commands",
                        "recovery"),
                Scenario.of(
                        "event-command-error",
                        "The memory of the command ring stops answering: the IOMMU cannot read a command, and stops."
                                + " With the memory back the driver starts the ring again.",
                        EventScenarios::commandError,
                        "events",
                        "commands",
                        "recovery"),
                Scenario.of(
                        "event-invalidation-timeout",
                        "An accelerator with a translation cache of its own dies: the next INVALIDATE_IOTLB_PAGES to"
                                + " it is not answered, and times out. The ring goes on.",
                        EventScenarios::timeout,
                        "events",
                        "ats"),
                Scenario.of(
                        "event-invalid-device-request",
                        "A NIC that may not ask for translations asks for one, uses an address as if it had been"
                                + " translated, and reads at the addresses of interrupts.",
                        EventScenarios::invalidRequest,
                        "events",
                        "ats"),
                Scenario.of(
                        "event-invalid-page-request",
                        "A NIC that may not ask for pages asks for one: it is not put into the PPR log, but reported.",
                        EventScenarios::invalidPageRequest,
                        "events",
                        "ppr"),
                Scenario.of(
                        "event-counter-zero",
                        "A driver sets a performance counter so that it overflows at the fourth command, and lets it"
                                + " report that.",
                        EventScenarios::counter,
                        "events",
                        "counters"),
                Scenario.of(
                        "event-rmp-faults",
                        "The reverse map table of a machine with confidential guests refuses an access of a NIC, and"
                                + " cannot be read for another. The model has no such table: both entries are injected.",
                        EventScenarios::reverseMap,
                        "events"),
                Scenario.of(
                        "command-prefetch",
                        "A driver asks the IOMMU to fetch the translations of four pages before the NIC needs them, which"
                                + " is a hint that an IOMMU may take or leave.",
                        EventScenarios::prefetch,
                        "commands"),
                Scenario.of(
                        "command-iotlb",
                        "A NIC keeps a translation in its own cache. When the driver unmaps the page, it has that"
                                + " cache told too, and the wait ends once the NIC has answered.",
                        EventScenarios::deviceCache,
                        "commands",
                        "ats"));
    }

    /** A NIC with one page, ready. */
    private record Ready(BareMachine machine, HostPageTable table, long page, DevicePort nic) {
        static Ready of(BareMachine machine) {
            HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
            BareDomain domain = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN, table);
            domain.attach();
            long page = machine.buffer(PAGE, PAGE);
            domain.map(BaseScenarios.IOVA, page, PAGE);
            return new Ready(machine, table, page, machine.device(BaseScenarios.NIC));
        }

        static Ready of(SystemBus bus) {
            return of(BareMachine.small(bus));
        }

        void load() {
            nic.load(EffectSink.NO_PASID, BaseScenarios.IOVA);
        }

        long entryAddress() {
            return machine.driver().deviceTable().address(BaseScenarios.NIC);
        }
    }

    private static void illegalEntry(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        ready.load();
        DeviceEntryImage right = ready.machine().driver().deviceTable().get(BaseScenarios.NIC);
        ready.machine().setEntry(BaseScenarios.NIC, right.or(0, RESERVED_MODE));
        ready.load();
        ready.machine().readFaults();
        ready.machine().setEntry(BaseScenarios.NIC, right);
        ready.load();
    }

    private static void deviceTableError(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        long at = ready.entryAddress();
        bus.inject(SystemBus.PHYSICAL, HardwareFault.memoryAborts(at, DeviceEntryDescriptor.BYTES));
        ready.machine().flush(Command.invalidateDeviceEntry(BaseScenarios.NIC));
        ready.load();
        ready.machine().readFaults();
        bus.inject(SystemBus.PHYSICAL, HardwareFault.memoryHealed(at, DeviceEntryDescriptor.BYTES));
        ready.load();
    }

    private static void pageTableError(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        bus.inject(
                SystemBus.PHYSICAL, HardwareFault.memoryPoisoned(ready.table().root(), PAGE));
        ready.load();
        ready.machine().readFaults();
        bus.inject(SystemBus.PHYSICAL, HardwareFault.memoryHealed(ready.table().root(), PAGE));
        ready.load();
    }

    private static void illegalCommand(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        ready.machine().driver().commands().push(new Command(NO_SUCH_COMMAND, 0));
        ready.machine().port().readRegister(RegisterDescriptor.STATUS, Long.BYTES);
        ready.machine().readFaults();
        ready.machine().restartRing();
        ready.machine().flush(Command.invalidateAll());
    }

    private static void commandError(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        long ring = ready.machine().driver().commands().base();
        int bytes = ready.machine().driver().commands().ringBytes();
        bus.inject(SystemBus.PHYSICAL, HardwareFault.memoryAborts(ring, bytes));
        ready.machine().driver().commands().push(Command.invalidateAll());
        ready.machine().port().readRegister(RegisterDescriptor.STATUS, Long.BYTES);
        ready.machine().readFaults();
        bus.inject(SystemBus.PHYSICAL, HardwareFault.memoryHealed(ring, bytes));
        ready.machine().restartRing();
        ready.machine().flush(Command.invalidateAll());
    }

    private static void allowAts(Ready ready) {
        DeviceEntryImage entry = ready.machine().driver().deviceTable().get(BaseScenarios.NIC);
        ready.machine().setEntry(BaseScenarios.NIC, entry.withAts());
    }

    private static Command flushOfDevice() {
        AddressSpan page = AddressSpan.of(BaseScenarios.IOVA, PAGE);
        return Command.invalidateDevicePages(BaseScenarios.NIC, MOST_PENDING, EffectSink.NO_PASID, page);
    }

    private static void timeout(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        allowAts(ready);
        ready.machine().driver().control().set(1L << ControlDescriptor.INVALIDATION_TIME_OUT_SHIFT);
        ready.nic().translationRequest(EffectSink.NO_PASID, BaseScenarios.IOVA, PAGE, false);
        bus.inject(SystemBus.PHYSICAL, HardwareFault.deviceSilent(BaseScenarios.NIC));
        ready.machine().flush(flushOfDevice());
        ready.machine().readFaults();
        ready.machine().flush(Command.invalidateAll());
    }

    private static void invalidRequest(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        ready.nic().translationRequest(EffectSink.NO_PASID, BaseScenarios.IOVA, PAGE, false);
        ready.nic().translatedRequest(EffectSink.NO_PASID, BaseScenarios.IOVA, Long.BYTES, AccessKind.READ);
        ready.nic().request(EffectSink.NO_PASID, VECTOR_ADDRESS, Integer.BYTES, AccessKind.READ);
        ready.machine().readFaults();
    }

    private static void invalidPageRequest(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        allowAts(ready);
        ready.nic().pageRequest(EffectSink.NO_PASID, BaseScenarios.IOVA + PAGE, AccessKind.RIGHTS_ALL, GROUP, true);
        ready.machine().readFaults();
    }

    private static int counterRegister(int function) {
        return CounterDescriptor.BANKS + function * Long.BYTES;
    }

    private static void counter(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        writeCounter(ready, CounterDescriptor.FUNCTION_REPORT, CounterDescriptor.REPORT_EN | NOTE);
        writeCounter(ready, CounterDescriptor.FUNCTION_COUNTER, CounterDescriptor.COUNTER_MASK - COUNTED + 1);
        writeCounter(ready, CounterDescriptor.FUNCTION_SOURCE, PerformanceEvent.COMMAND.code());
        ready.machine().flush(Command.invalidateAll());
        ready.machine().flush(Command.invalidateAll());
        ready.machine().port().readRegister(counterRegister(CounterDescriptor.FUNCTION_COUNTER), Long.BYTES);
        ready.machine().readFaults();
    }

    private static void writeCounter(Ready ready, int function, long value) {
        ready.machine().port().writeRegister(counterRegister(function), Long.BYTES, value);
    }

    private static void reverseMap(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        bus.inject(
                SystemBus.PHYSICAL,
                HardwareFault.logged(RmpEventDescriptor.pageFault(BaseScenarios.NIC, 0, TAG, 0), BaseScenarios.IOVA));
        bus.inject(
                SystemBus.PHYSICAL,
                HardwareFault.logged(
                        RmpEventDescriptor.hardwareError(BaseScenarios.NIC, TAG, 0),
                        RmpEventDescriptor.hardwareErrorAddress(ready.table().root())));
        ready.machine().readFaults();
    }

    private static void prefetch(SystemBus bus, long seed) {
        DriverOptions options = DriverOptions.linux().devices(BareMachine.FEW_DEVICES);
        BareMachine machine = BareMachine.boot(
                bus, options, IommuDescription.physical(BareMachine.ROME | FeatureDescriptor.PREFETCH, 0));
        BareDomain domain = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN);
        domain.attach();
        domain.map(BaseScenarios.IOVA, machine.buffer((long) PREFETCHED * PAGE, PAGE), (long) PREFETCHED * PAGE);
        machine.flush(new Command(
                (long) CommandDescriptor.PREFETCH_IOMMU_PAGES << OPCODE_SHIFT
                        | (long) PREFETCHED << PREFETCH_COUNT_SHIFT
                        | BaseScenarios.NIC,
                BaseScenarios.IOVA));
        DevicePort nic = machine.device(BaseScenarios.NIC);
        for (int page = 0; page < PREFETCHED; page++) {
            nic.load(EffectSink.NO_PASID, BaseScenarios.IOVA + (long) page * PAGE);
        }
    }

    private static void deviceCache(SystemBus bus, long seed) {
        Ready ready = Ready.of(bus);
        allowAts(ready);
        ready.nic().translationRequest(EffectSink.NO_PASID, BaseScenarios.IOVA, PAGE, false);
        ready.nic().translatedRequest(EffectSink.NO_PASID, ready.page(), Long.BYTES, AccessKind.READ);
        ready.table().unmap(BaseScenarios.IOVA, PAGE);
        AddressSpan span = AddressSpan.of(BaseScenarios.IOVA, PAGE);
        ready.machine().flush(Command.invalidatePages(BaseScenarios.DOMAIN, span, true), flushOfDevice());
        ready.table().release();
        ready.nic().translationRequest(EffectSink.NO_PASID, BaseScenarios.IOVA, PAGE, false);
    }
}
