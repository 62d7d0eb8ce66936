package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Doorbell;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.HostPageTable;
import org.iorewind.model.platform.guest.DriverBug;
import org.iorewind.model.platform.guest.DriverBugs;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.vmm.SoftwareOptions;
import org.iorewind.model.platform.vmm.SoftwareViommu;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** Mistakes of drivers in keeping tables and caches together, each in a story as short as it can be. */
final class BugScenarios {
    private static final int PAGE = 4096;
    private static final long LARGE = 2L << 20;
    private static final int PACKETS = 12;
    private static final int OTHER_NIC = BaseScenarios.NIC + 8;
    private static final int BRIDGE = BaseScenarios.NIC + 1;
    private static final long OTHER_IOVA = BaseScenarios.IOVA + 0x10_0000;
    private static final int TABLE_INDEX = 8;
    private static final long PAYLOAD = 0x6974_6572_6174_6501L;

    private BugScenarios() {}

    static List<Scenario> list() {
        return List.of(
                driver(
                        "bug-no-flush",
                        "A guest's driver forgets to flush when it unmaps: the NIC goes on with what is cached, and the"
                                + " addresses are given away again.",
                        DriverBug.NO_FLUSH_ON_UNMAP),
                driver(
                        "bug-wrong-domain",
                        "A guest's driver names the wrong DomainID in its flushes: what has changed stays cached.",
                        DriverBug.WRONG_DOMAIN_IN_FLUSH),
                driver(
                        "bug-no-wait",
                        "A guest's driver sends its flushes, but does not wait until they are complete.",
                        DriverBug.NO_COMPLETION_WAIT),
                driver(
                        "bug-double-flush",
                        "A guest's driver flushes everything twice: nothing breaks, but each unmap costs twice as much.",
                        DriverBug.DOUBLE_FLUSH),
                bug(
                        "bug-wait-first",
                        "A driver puts COMPLETION_WAIT in front of the flush that it is to wait for, and uses the address"
                                + " again.",
                        BugScenarios::waitFirst),
                bug(
                        "bug-flush-without-directories",
                        "A driver takes a whole page table away and flushes its range, but only pages, not the cached"
                                + " directory entry that leads to the table.",
                        BugScenarios::withoutDirectories),
                bug(
                        "bug-table-reused",
                        "A driver gives the page of a page table to somebody else before it flushes: the IOMMU would"
                                + " read what he writes there as page table entries.",
                        BugScenarios::tableReused),
                bug(
                        "bug-device-entry-untold",
                        "A driver moves a NIC to another domain and does not tell the IOMMU, which goes on with the old"
                                + " one.",
                        BugScenarios::entryUntold),
                bug(
                        "bug-shared-domain-id",
                        "A driver gives two NICs tables of their own, but one DomainID for both: one hits the other's"
                                + " cached pages.",
                        BugScenarios::sharedDomain),
                bug(
                        "bug-alias-forgotten",
                        "The requests of a NIC behind an old bridge carry the bridge's DeviceID, for which the driver has"
                                + " set up nothing.",
                        BugScenarios::alias),
                bug(
                        "bug-open-by-default",
                        "A driver leaves the device table full of zeros when it turns the IOMMU on: a device that"
                                + " nobody knows reaches all of memory.",
                        BugScenarios::open),
                bug(
                        "bug-device-tlb-untold",
                        "A NIC keeps a translation in its own cache. The driver unmaps the page and tells the IOMMU, but"
                                + " not the NIC, and maps another page at the address.",
                        BugScenarios::deviceTlbUntold),
                bug(
                        "bug-map-untold",
                        "An IOMMU keeps that nothing is mapped. A NIC asks too early, the driver maps the page without a"
                                + " flush, and the NIC is refused still.",
                        BugScenarios::mapUntold),
                bug(
                        "bug-ring-mapped",
                        "A driver maps the page of its own command ring for a NIC, which writes there.",
                        BugScenarios::ringMapped));
    }

    private static Scenario bug(String name, String story, Scenario.Work work) {
        return Scenario.of(name, story, work, "bug");
    }

    private static Scenario driver(String name, String story, DriverBug bug) {
        return Scenario.seeded(name, story, (bus, seed) -> packets(bus, bug, seed), "bug", "sw", "workload");
    }

    /** Packets, and at the end one more use of a page that is unmapped. */
    private static void packets(SystemBus bus, DriverBug bug, long seed) {
        VirtualMachine machine = VirtualHost.plain(bus).machine(1);
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.emulated());
        DevicePort nic = new DevicePort(bus, iommu.number(), GuestNic.GUEST_DEVICE, machine.systemBase());
        GuestOptions options =
                GuestOptions.of(TableFormat.V1).bugs(DriverBugs.none().with(bug));
        GuestNic guest = new GuestNic(machine, iommu, options, nic).start();
        guest.packets(SoftwareScenarios.STRICT_NIC, PACKETS, seed);
        long iova = guest.map(guest.buffer(PAGE), PAGE);
        guest.transfer(iova, PAGE);
        guest.unmap(iova, PAGE);
        guest.nic().load(EffectSink.NO_PASID, iova);
    }

    private static void waitFirst(SystemBus bus, long seed) {
        DriverOptions options =
                DriverOptions.linux().devices(BareMachine.FEW_DEVICES).doorbell(Doorbell.BATCHED);
        BareMachine machine = BareMachine.boot(bus, options);
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        BareDomain domain = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN, table);
        domain.attach();
        domain.map(BaseScenarios.IOVA, machine.buffer(PAGE, PAGE), PAGE);
        machine.device(BaseScenarios.NIC).load(EffectSink.NO_PASID, BaseScenarios.IOVA);
        table.unmap(BaseScenarios.IOVA, PAGE);
        machine.driver().commands().push(Command.completionWait(machine.buffer(PAGE, PAGE), 1));
        machine.driver().commands().push(flush(BaseScenarios.IOVA, PAGE, true));
        machine.driver().commands().ring();
        table.release();
        domain.map(BaseScenarios.IOVA, machine.buffer(PAGE, PAGE), PAGE);
        machine.device(BaseScenarios.NIC).load(EffectSink.NO_PASID, BaseScenarios.IOVA);
    }

    private static Command flush(long iova, long bytes, boolean withDirectories) {
        return Command.invalidatePages(BaseScenarios.DOMAIN, AddressSpan.of(iova, bytes), withDirectories);
    }

    /** A NIC with a whole table of small pages. */
    private static HostPageTable wholeTable(BareMachine machine) {
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        BareDomain domain = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN, table);
        domain.attach();
        long buffer = machine.buffer(LARGE + PAGE, LARGE) + PAGE;
        domain.map(BaseScenarios.LARGE_IOVA, buffer, LARGE);
        machine.device(BaseScenarios.NIC).load(EffectSink.NO_PASID, BaseScenarios.LARGE_IOVA);
        return table;
    }

    private static void withoutDirectories(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        HostPageTable table = wholeTable(machine);
        machine.port().enter(CallNames.UNMAP, BaseScenarios.NIC, BaseScenarios.LARGE_IOVA, 0, LARGE);
        table.unmap(BaseScenarios.LARGE_IOVA, LARGE);
        machine.flush(flush(BaseScenarios.LARGE_IOVA, LARGE, false));
        machine.port().leave(CallNames.UNMAP, 0);
        table.release();
    }

    private static void tableReused(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        HostPageTable table = wholeTable(machine);
        machine.port().enter(CallNames.UNMAP, BaseScenarios.NIC, BaseScenarios.LARGE_IOVA, 0, LARGE);
        table.unmap(BaseScenarios.LARGE_IOVA, LARGE);
        table.release();
        long page = machine.port().allocate(PAGE, PAGE);
        machine.port().store(MemoryRole.DATA, page, PAYLOAD, PAYLOAD);
        machine.flush(flush(BaseScenarios.LARGE_IOVA, LARGE, true));
        machine.port().leave(CallNames.UNMAP, 0);
    }

    private static void entryUntold(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        BareDomain first = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN);
        first.attach();
        first.map(BaseScenarios.IOVA, machine.buffer(PAGE, PAGE), PAGE);
        machine.device(BaseScenarios.NIC).store(EffectSink.NO_PASID, BaseScenarios.IOVA, 1);
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        table.map(BaseScenarios.IOVA, machine.buffer(PAGE, PAGE), PAGE, GuestNic.BOTH_RIGHTS);
        DeviceEntryImage entry = DeviceEntryImage.host(BaseScenarios.DOMAIN + 1, table.root(), table.levels());
        machine.driver().deviceTable().set(BaseScenarios.NIC, entry);
        machine.device(BaseScenarios.NIC).store(EffectSink.NO_PASID, BaseScenarios.IOVA, 2);
    }

    private static void sharedDomain(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        for (int nic : List.of(BaseScenarios.NIC, OTHER_NIC)) {
            BareDomain domain = new BareDomain(machine.driver(), nic, BaseScenarios.DOMAIN);
            domain.attach();
            domain.map(BaseScenarios.IOVA, machine.buffer(PAGE, PAGE), PAGE);
        }
        machine.device(BaseScenarios.NIC).store(EffectSink.NO_PASID, BaseScenarios.IOVA, 1);
        machine.device(OTHER_NIC).store(EffectSink.NO_PASID, BaseScenarios.IOVA, 2);
    }

    private static void alias(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        BareDomain domain = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN);
        domain.attach();
        domain.map(BaseScenarios.IOVA, machine.buffer(PAGE, PAGE), PAGE);
        machine.device(BRIDGE).store(EffectSink.NO_PASID, BaseScenarios.IOVA, 1);
        machine.readFaults();
    }

    private static void open(SystemBus bus, long seed) {
        DriverOptions options =
                DriverOptions.linux().devices(BareMachine.FEW_DEVICES).unknownDevices(DeviceEntryImage.OPEN);
        BareMachine machine = BareMachine.boot(bus, options);
        new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN).attach();
        machine.device(OTHER_NIC).store(EffectSink.NO_PASID, machine.buffer(PAGE, PAGE), PAYLOAD);
    }

    private static void ringMapped(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        BareDomain domain = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN);
        domain.attach();
        domain.map(OTHER_IOVA, machine.driver().commands().base(), PAGE);
        long unused = OTHER_IOVA + PAGE - (long) TABLE_INDEX * Long.BYTES;
        machine.device(BaseScenarios.NIC).store(EffectSink.NO_PASID, unused, 0);
    }

    private static void deviceTlbUntold(SystemBus bus, long seed) {
        BareMachine machine = BareMachine.small(bus);
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        BareDomain domain = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN, table);
        domain.attach();
        DeviceEntryImage entry = machine.driver().deviceTable().get(BaseScenarios.NIC);
        machine.setEntry(BaseScenarios.NIC, entry.withAts());
        long page = machine.buffer(PAGE, PAGE);
        domain.map(BaseScenarios.IOVA, page, PAGE);
        DevicePort nic = machine.device(BaseScenarios.NIC);
        nic.translationRequest(EffectSink.NO_PASID, BaseScenarios.IOVA, PAGE, false);
        domain.unmap(BaseScenarios.IOVA, PAGE);
        domain.map(BaseScenarios.IOVA, machine.buffer(PAGE, PAGE), PAGE);
        nic.translatedRequest(EffectSink.NO_PASID, page, Long.BYTES, AccessKind.WRITE);
    }

    private static void mapUntold(SystemBus bus, long seed) {
        DriverOptions options = DriverOptions.linux().devices(BareMachine.FEW_DEVICES);
        IommuDescription iommu = new IommuDescription(BareMachine.ROME, 0, true, EventRouting.DIRECT, 0, 0);
        BareMachine machine = BareMachine.boot(bus, options, iommu);
        BareDomain domain = new BareDomain(machine.driver(), BaseScenarios.NIC, BaseScenarios.DOMAIN);
        domain.attach();
        DevicePort nic = machine.device(BaseScenarios.NIC);
        nic.load(EffectSink.NO_PASID, BaseScenarios.IOVA);
        domain.map(BaseScenarios.IOVA, machine.buffer(PAGE, PAGE), PAGE);
        domain.map(OTHER_IOVA, machine.buffer(PAGE, PAGE), PAGE);
        nic.load(EffectSink.NO_PASID, BaseScenarios.IOVA);
        nic.load(EffectSink.NO_PASID, OTHER_IOVA);
        machine.readFaults();
    }
}
