package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.log.PageRequestDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.Gcr3Table;
import org.iorewind.model.platform.driver.GuestPageTable;
import org.iorewind.model.platform.driver.PageRequestRecord;

/** The IOMMU without guests: what the talk's first slides show. */
final class BaseScenarios {
    /** A NIC, 00:02.0. */
    static final int NIC = 0x10;
    /** An accelerator that shares address spaces of processes, 00:03.0. */
    static final int ACCELERATOR = 0x18;

    static final int DOMAIN = 5;
    static final long IOVA = 0x1000_0000;
    static final long LARGE_IOVA = 0x4000_0000;
    static final long VIRTUAL = 0x7F00_0000_0000L;
    static final int RING_ENTRIES = 512;
    /** What a process in user mode asks for. */
    static final int USER_RIGHTS = AccessKind.RIGHTS_ALL | PageRequestDescriptor.USER;

    private static final int MOST_PENDING = 32;

    private static final int PAGE = 4096;
    private static final long LARGE = 2L << 20;
    private static final int BOTH_RIGHTS = 3;
    private static final int GUEST_LEVELS = 4;

    private BaseScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "base-boot",
                        "A host's driver brings the IOMMU up: device table, command ring, event and PPR log, a"
                                + " first flush.",
                        (bus, seed) -> BareMachine.boot(bus, DriverOptions.linux()),
                        "base",
                        "boot"),
                Scenario.of(
                        "base-dma-v1",
                        "A driver maps two pages of 4 KiB and one of 2 MiB, a NIC uses them, the driver unmaps"
                                + " them, and the NIC tries again.",
                        (bus, seed) -> hostTables(bus),
                        "base",
                        "dma",
                        "fault"),
                Scenario.of(
                        "base-sva-v2",
                        "Two processes share their address spaces with an accelerator, by PASID: the same virtual"
                                + " address leads each to its own page. A third PASID is unknown.",
                        (bus, seed) -> sharedSpaces(bus),
                        "base",
                        "sva",
                        "fault"),
                Scenario.of(
                        "base-command-ring",
                        "A strict driver unmaps a page so often that its ring of 512 commands wraps twice.",
                        (bus, seed) -> strictUnmaps(bus),
                        "base",
                        "commands"),
                Scenario.of(
                        "base-event-log",
                        "A NIC that nobody gave a buffer sends 513 requests while nobody reads the event log: it"
                                + " overflows, and the driver starts it again.",
                        (bus, seed) -> overflow(bus),
                        "base",
                        "fault"),
                Scenario.of(
                        "base-ppr",
                        "An accelerator asks for a page of a process, the driver makes it present and answers, and"
                                + " the accelerator goes on.",
                        (bus, seed) -> pageRequest(bus),
                        "base",
                        "sva",
                        "ppr"));
    }

    private static BareMachine machine(SystemBus bus) {
        return BareMachine.small(bus);
    }

    private static void hostTables(SystemBus bus) {
        BareMachine machine = machine(bus);
        BareDomain domain = new BareDomain(machine.driver(), NIC, DOMAIN);
        domain.attach();
        long small = machine.buffer(2L * PAGE, PAGE);
        long large = machine.buffer(LARGE, LARGE);
        domain.map(IOVA, small, PAGE);
        domain.map(IOVA + PAGE, small + PAGE, PAGE);
        domain.map(LARGE_IOVA, large, LARGE);
        DevicePort nic = machine.device(NIC);
        for (long iova : List.of(IOVA, IOVA + PAGE, LARGE_IOVA + LARGE / 2)) {
            nic.store(EffectSink.NO_PASID, iova, iova);
            nic.load(EffectSink.NO_PASID, iova);
        }
        domain.unmap(IOVA, 2L * PAGE);
        domain.unmap(LARGE_IOVA, LARGE);
        for (long iova : List.of(IOVA, LARGE_IOVA)) {
            nic.load(EffectSink.NO_PASID, iova);
        }
        machine.readFaults();
    }

    static Gcr3Table shareable(BareMachine machine) {
        Gcr3Table gcr3 = new Gcr3Table(machine.port(), 1);
        machine.driver()
                .deviceTable()
                .set(
                        ACCELERATOR,
                        DeviceEntryImage.guest(DOMAIN, gcr3.root(), gcr3.levels(), GUEST_LEVELS, false)
                                .withAts()
                                .withPageRequests());
        machine.driver().commands().push(Command.invalidateDeviceEntry(ACCELERATOR));
        machine.driver().commands().complete();
        return gcr3;
    }

    /** A PASID gets a root: reference 9.2 and 11.2, even where there was none before. */
    private static void bind(BareMachine machine, Gcr3Table gcr3, int pasid, long root) {
        BareMachine.done(gcr3.set(pasid, root));
        machine.flush(
                Command.invalidateGuestPages(DOMAIN, pasid, AddressSpan.EVERYTHING, true),
                Command.invalidateDevicePages(ACCELERATOR, MOST_PENDING, pasid, AddressSpan.EVERYTHING));
    }

    private static void sharedSpaces(SystemBus bus) {
        BareMachine machine = machine(bus);
        Gcr3Table gcr3 = shareable(machine);
        DevicePort accelerator = machine.device(ACCELERATOR);
        for (int pasid = 1; pasid <= 2; pasid++) {
            GuestPageTable process = GuestPageTable.ofFourLevels(machine.port());
            long page = machine.buffer(PAGE, PAGE);
            machine.port().enter(CallNames.MAP, ACCELERATOR, VIRTUAL, page, PAGE);
            int result = process.map(VIRTUAL, page, PAGE, BOTH_RIGHTS);
            machine.port().leave(CallNames.MAP, result);
            bind(machine, gcr3, pasid, process.root());
            accelerator.store(pasid, VIRTUAL, pasid);
        }
        accelerator.load(3, VIRTUAL);
        machine.readFaults();
    }

    private static void strictUnmaps(SystemBus bus) {
        BareMachine machine = machine(bus);
        BareDomain domain = new BareDomain(machine.driver(), NIC, DOMAIN);
        domain.attach();
        long page = machine.buffer(PAGE, PAGE);
        bus.phase("strict unmaps", true);
        for (int i = 0; i < RING_ENTRIES + 8; i++) {
            domain.map(IOVA, page, PAGE);
            domain.unmap(IOVA, PAGE);
        }
        bus.phase("strict unmaps", false);
    }

    private static void overflow(SystemBus bus) {
        BareMachine machine = machine(bus);
        BareDomain domain = new BareDomain(machine.driver(), NIC, DOMAIN);
        domain.attach();
        DevicePort nic = machine.device(NIC);
        for (int i = 0; i <= RING_ENTRIES; i++) {
            nic.request(EffectSink.NO_PASID, IOVA + (long) PAGE * i, Long.BYTES, AccessKind.READ);
        }
        machine.readFaults();
        nic.request(EffectSink.NO_PASID, IOVA, Long.BYTES, AccessKind.READ);
        machine.readFaults();
    }

    private static void pageRequest(SystemBus bus) {
        BareMachine machine = machine(bus);
        Gcr3Table gcr3 = shareable(machine);
        GuestPageTable process = GuestPageTable.ofFourLevels(machine.port());
        bind(machine, gcr3, 1, process.root());
        DevicePort accelerator = machine.device(ACCELERATOR);
        accelerator.translationRequest(1, VIRTUAL, PAGE, false);
        accelerator.pageRequest(1, VIRTUAL, USER_RIGHTS, 7, true);
        machine.port().enter(CallNames.PAGE_REQUEST, SystemBus.NO_REQUESTER, 0, 0, 0);
        for (PageRequestRecord request : machine.driver().pageRequests().drain()) {
            long page = machine.buffer(PAGE, PAGE);
            BareMachine.done(process.map(request.address(), page, PAGE, BOTH_RIGHTS));
            machine.driver()
                    .commands()
                    .push(Command.completePageRequest(request.requester(), request.pasid(), request.group(), 0));
        }
        int result = machine.driver().commands().complete() ? 0 : -1;
        machine.port().leave(CallNames.PAGE_REQUEST, result);
        BareMachine.done(result);
        accelerator.translationRequest(1, VIRTUAL, PAGE, false);
        accelerator.store(1, VIRTUAL, 1);
    }
}
