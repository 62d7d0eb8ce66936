package org.iorewind.samples.scenario;

import java.util.List;
import java.util.Random;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.DualLogDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.IommuDriver;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.ProcessSpace;
import org.iorewind.model.platform.guest.SharedSpaces;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.Viommu;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** What goes wrong below a guest, in its logs, and by its will. */
final class FaultScenarios {
    /** Entries that a log of the usual size takes: one place of 512 stays free. */
    static final int LOG_ENTRIES = 511;
    /** A page that is not there, of the process of guest n: this and n pages more. */
    static final long MISSING = LifecycleScenarios.VIRTUAL;

    private static final long ILLEGAL_MODE = 7L << 9;
    private static final long RING_LENGTH = 9L << RegisterDescriptor.RING_LENGTH_SHIFT;
    private static final long LOG_BYTES = 16L << 9;
    private static final long LOG_B = 0x300_0000;
    private static final long SWAP = 2L << DualLogDescriptor.PPR_SHIFT;
    private static final int GROUPS = 512;
    private static final int ROUNDS = 24;
    private static final int BURST = 8;
    private static final int OPCODE_SHIFT = 60;
    private static final int OPCODES = 16;
    private static final int FEW_IDS = 64;
    private static final int ID_SHIFT = 32;
    private static final int KINDS = 9;
    private static final int OWN_DOMAIN = 1;
    /** Within 128 MiB, of which the guest has the first half. */
    private static final long WAIT_ADDRESS = 0x7FF_FFF8;

    private FaultScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "hw-flagged-events",
                        "The host breaks the entry through which hardware reaches a guest's memory: an event, a page"
                                + " request and a command of the guest each meet it, and the host's log says which.",
                        (bus, seed) -> flagged(bus),
                        "hw",
                        "fault",
                        "recovery"),
                Scenario.of(
                        "hw-virtual-ppr-log",
                        "Devices of two guests ask for pages in turn until the logs are full: one guest has a second"
                                + " log and goes on there, the other one's log overflows and is started again.",
                        (bus, seed) -> pageRequests(bus),
                        "hw",
                        "ppr"),
                Scenario.seeded(
                        "hw-hostile-guest",
                        "A guest puts random commands on its ring, before and while another guest does the strict NIC"
                                + " workload.",
                        FaultScenarios::hostile,
                        "hw",
                        "isolation",
                        "workload"));
    }

    private static VirtualHost host(SystemBus bus) {
        return VirtualHost.withViommu(bus, EventRouting.DIRECT, ViommuOptions.usual());
    }

    /** A guest with an accelerator that shares a process's address space. */
    private record Sharing(GuestNic guest, ProcessSpace process, VirtualMachine machine, Viommu image) {
        static Sharing of(VirtualHost host, int number) {
            VirtualMachine machine = host.machine(number);
            HardwareViommu iommu = host.plug(machine, 0, ViommuExposure.DIRECT);
            int device = SoftwareScenarios.HOST_NIC + number;
            BareMachine.done(iommu.attach(device, GuestNic.GUEST_DEVICE));
            DevicePort accelerator = new DevicePort(host.bus(), SystemBus.PHYSICAL, device, 0);
            GuestNic guest = new GuestNic(machine, iommu, GuestOptions.of(TableFormat.V2), accelerator);
            BareMachine.done(guest.driver().boot());
            BareMachine.done(guest.driver().attach(GuestNic.GUEST_DEVICE, DeviceTraits.forSharing()));
            SharedSpaces shared = guest.driver().sharedSpaces();
            ProcessSpace process = shared.create();
            shared.reserve(process, MISSING, GuestNic.PAGE * (long) FEW_IDS, AccessKind.RIGHTS_ALL);
            BareMachine.done(shared.bind(GuestNic.GUEST_DEVICE, process));
            Viommu image = host.viommu().guest(iommu.guestId());
            if (image == null) {
                throw new IllegalStateException("the guest is not there");
            }
            return new Sharing(guest, process, machine, image);
        }

        IommuDriver driver() {
            return guest.driver().iommu();
        }

        void ask(int group) {
            long address = MISSING + (long) GuestNic.PAGE * machine.number();
            guest.nic().pageRequest(process.pasid(), address, BaseScenarios.USER_RIGHTS, group % GROUPS, true);
        }
    }

    private static void flagged(SystemBus bus) {
        VirtualHost host = host(bus);
        Sharing sharing = Sharing.of(host, 1);
        IommuDriver hostDriver = host.driver().driver();
        int translate = sharing.image().translateDevice();
        DeviceEntryImage good = hostDriver.deviceTable().get(translate);
        setEntry(hostDriver, translate, good.or(0, ILLEGAL_MODE));
        sharing.guest().nic().load(sharing.process().pasid(), LifecycleScenarios.VIRTUAL >>> 1);
        sharing.ask(1);
        sharing.driver().commands().push(Command.invalidateAll());
        setEntry(hostDriver, translate, good);
        host.driver().takeInterrupts();
        sharing.driver().commands().reset();
        sharing.driver().commands().push(Command.completionWait(LifecycleScenarios.BEYOND, 1));
        host.driver().takeInterrupts();
        sharing.driver().commands().reset();
        sharing.driver().commands().complete();
    }

    private static void setEntry(IommuDriver driver, int device, DeviceEntryImage entry) {
        driver.deviceTable().set(device, entry);
        driver.commands().push(Command.invalidateDeviceEntry(device));
        driver.commands().complete();
    }

    private static void pageRequests(SystemBus bus) {
        VirtualHost host = host(bus);
        Sharing first = Sharing.of(host, 1);
        Sharing second = Sharing.of(host, 2);
        DriverPort port = first.driver().port();
        first.machine().clear(MemoryRole.PPR_LOG, LOG_B, LOG_BYTES);
        port.writeRegister(RegisterDescriptor.PPR_BASE_B, Long.BYTES, LOG_B | RING_LENGTH);
        first.driver().control().set(SWAP);
        for (int i = 0; i <= LOG_ENTRIES; i++) {
            first.ask(i);
            second.ask(i);
        }
        readStatus(first);
        readStatus(second);
        BareMachine.done(second.guest().driver().sharedSpaces().handlePageRequests());
        readStatus(second);
        second.ask(0);
    }

    private static void readStatus(Sharing guest) {
        guest.driver().port().readRegister(RegisterDescriptor.STATUS, Long.BYTES);
    }

    private static void hostile(SystemBus bus, long seed) {
        VirtualHost host = host(bus);
        GuestNic honest = LifecycleScenarios.guest(host, 1, SoftwareScenarios.HOST_NIC);
        GuestNic rogue = LifecycleScenarios.guest(host, 2, LifecycleScenarios.OTHER_NIC);
        VirtualMachine machine = host.machine(2);
        Random random = new Random(seed);
        attack(host, machine, rogue, random);
        honest.packets(SoftwareScenarios.STRICT_NIC, SoftwareScenarios.PACKETS, seed);
        attack(host, machine, rogue, random);
        honest.packets(SoftwareScenarios.STRICT_NIC, SoftwareScenarios.PACKETS, seed);
    }

    /** Rounds of random commands: whatever stopped the ring, the rogue starts it again. */
    private static void attack(VirtualHost host, VirtualMachine machine, GuestNic rogue, Random random) {
        IommuDriver driver = rogue.driver().iommu();
        for (int round = 0; round < ROUNDS; round++) {
            driver.control().clear(ControlDescriptor.CMD_BUF_EN);
            driver.commands().reset();
            driver.control().set(ControlDescriptor.CMD_BUF_EN);
            for (int i = 0; i < BURST; i++) {
                Command command = anyCommand(random);
                machine.store(
                        MemoryRole.COMMAND_RING,
                        driver.commands().base() + (long) i * RegisterDescriptor.RING_ENTRY_BYTES,
                        command.quadword0(),
                        command.quadword1());
            }
            driver.port()
                    .writeRegister(
                            RegisterDescriptor.COMMAND_TAIL,
                            Long.BYTES,
                            (long) BURST * RegisterDescriptor.RING_ENTRY_BYTES);
            host.driver().takeInterrupts();
        }
    }

    /** Most of them are legal, some have one of the IDs of others, and some are noise. */
    private static Command anyCommand(Random random) {
        int own = GuestNic.GUEST_DEVICE;
        AddressSpan span = AddressSpan.of(random.nextLong() & -GuestNic.PAGE, GuestNic.PAGE);
        return switch (random.nextInt(KINDS)) {
            case 0 -> Command.invalidateDeviceEntry(own);
            case 1 -> Command.invalidatePages(OWN_DOMAIN, span, random.nextBoolean());
            case 2 -> Command.invalidateGuestPages(OWN_DOMAIN, 0, span, random.nextBoolean());
            case 3 -> Command.invalidateDevicePages(own, 1, 0, span);
            case 4 -> Command.completePageRequest(own, 0, random.nextInt(GROUPS), 0);
            case 5 -> Command.invalidateAll();
            case 6 -> Command.completionWait(random.nextLong() & WAIT_ADDRESS, random.nextLong());
            case 7 -> {
                long opcode = (long) random.nextInt(OPCODES) << OPCODE_SHIFT;
                long ids = (long) random.nextInt(FEW_IDS) << ID_SHIFT | random.nextInt(FEW_IDS);
                yield new Command(opcode | ids, random.nextLong());
            }
            default -> new Command(random.nextLong(), random.nextLong());
        };
    }
}
