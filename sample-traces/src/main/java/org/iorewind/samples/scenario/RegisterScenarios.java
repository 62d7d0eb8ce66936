package org.iorewind.samples.scenario;

import java.util.List;
import java.util.Objects;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.DeviceTableWriter;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.HostDomain;
import org.iorewind.model.platform.host.HostDriver;
import org.iorewind.model.platform.host.HostOptions;
import org.iorewind.model.platform.host.Iommufd;
import org.iorewind.model.platform.host.ViommuCalls;
import org.iorewind.model.platform.host.ViommuDriver;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** Registers of guests, and the calls by which a VMM sets them: those of 2020 and those of today. */
final class RegisterScenarios {
    /** A command ring, of amd-viommu reference 14.2. */
    static final long COMMAND_BASE = 0x0900_0000_1234_5000L;
    /** An event log, of amd-viommu reference 14.2. */
    static final long EVENT_BASE = 0x0900_0000_1234_6000L;
    /** A PPR log, of amd-viommu reference 14.2. */
    static final long PPR_BASE = 0x0900_0000_1234_7000L;
    /** Where GuestID 1 has its registers in the VF-control BAR. */
    static final int SLOT = 64;
    /** Where GuestID 1 has its registers in the VF BAR. */
    static final int VF_PAGE = 4096;
    /** A GuestID that nobody has. */
    static final int NOBODY = 9;

    private static final long ALL_ENABLES = ControlDescriptor.CMD_BUF_EN
            | ControlDescriptor.COM_WAIT_INT_EN
            | ControlDescriptor.EVENT_LOG_EN
            | ControlDescriptor.EVENT_INT_EN
            | ControlDescriptor.PPR_LOG_EN
            | ControlDescriptor.PPR_INT_EN
            | ControlDescriptor.PPR_EN;
    private static final long LARGE = 512L << 20;
    private static final long ONES = -1;
    private static final long TABLES = 0x20_0000;
    private static final int CAPABILITY_POINTER = 0x34;
    private static final int CAPABILITY_MASK = 0xFC;
    private static final int VENDOR_SPECIFIC = 0x09;
    private static final int VENDOR_SPECIFIC_WORDS = 6;
    private static final long OTHER_PAGES = 8L << 30;
    /** All and vCmd, of amd-viommu reference 14.2. */
    private static final long RESET_OF_THE_THIRD = 0xA000_0000_9000_0003L;

    private static final int PAGE_REGISTERS = 0x98;
    private static final int RING_LENGTH = 9;
    private static final int EVENTS = 16;
    private static final int ABSENT_DEVICE = 0x77;
    private static final int OTHER_DOMAIN = 0x26;

    private RegisterScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "hw-discovery",
                        "The host walks the capability list of the IOMMU's PCI function to the two BARs of hardware"
                                + " vIOMMU; at a second IOMMU that lacks the feature it stops.",
                        (bus, seed) -> discovery(bus),
                        "hw",
                        "boot"),
                Scenario.of(
                        "hw-control-slot",
                        "A guest writes the bases of its ring and logs and turns them on: each write exits, and the"
                                + " host puts it into the guest's VF-control slot.",
                        (bus, seed) -> controlSlot(bus),
                        "hw",
                        "registers",
                        "calls"),
                Scenario.of(
                        "hw-vf-page",
                        "The host writes and reads all of a guest's VF page: pointers keep their bits, and what is"
                                + " no register reads zero.",
                        (bus, seed) -> page(bus),
                        "hw",
                        "registers"),
                Scenario.of(
                        "hw-reset-vmmio",
                        "The host sends RESET_VMMIO for a guest: its registers are zero, its ID maps stay.",
                        (bus, seed) -> reset(bus),
                        "hw",
                        "registers",
                        "new-commands"),
                Scenario.of(
                        "hw-attach",
                        "A guest writes a device table entry in stores of 8 bytes, the valid bit last: the device is"
                                + " blocked until the entry is whole, and translated by it then.",
                        (bus, seed) -> attach(bus),
                        "hw",
                        "calls"),
                Scenario.of(
                        "hw-iommufd",
                        "A VMM of today: stage 2, vIOMMU, vdevice, queues and nested tables are objects, and a nested"
                                + " attach without the vdevice is refused.",
                        (bus, seed) -> iommufd(bus),
                        "hw",
                        "calls"),
                Scenario.of(
                        "hw-call-errors",
                        "Calls that cannot be: before hardware vIOMMU is on, for no guest, for a device twice or for"
                                + " none. Each is refused, and nothing changes.",
                        (bus, seed) -> refusedCalls(bus),
                        "hw",
                        "calls",
                        "errors"));
    }

    private static VirtualHost host(SystemBus bus) {
        return VirtualHost.withViommu(bus, EventRouting.DIRECT, ViommuOptions.usual());
    }

    /** What the drivers of the two IOMMUs say. */
    static List<Integer> discovery(SystemBus bus) {
        VirtualHost host = VirtualHost.plain(bus);
        int at = configuration(bus, CAPABILITY_POINTER) & CAPABILITY_MASK;
        while (at != 0) {
            int header = configuration(bus, at);
            if ((header & 0xFF) == VENDOR_SPECIFIC) {
                for (int word = 1; word < VENDOR_SPECIFIC_WORDS; word++) {
                    configuration(bus, at + word * Integer.BYTES);
                }
            }
            at = header >>> Byte.SIZE & CAPABILITY_MASK;
        }
        int first = host.viommu().boot();
        int lacking = bus.addIommu(IommuDescription.physical(BareMachine.ROME & ~FeatureDescriptor.VIOMMU, 0));
        PageAllocator pages = new PageAllocator(OTHER_PAGES, LARGE);
        HostDriver driver = HostDriver.of(bus, lacking, pages, HostOptions.linux());
        BareMachine.done(driver.boot());
        return List.of(first, new ViommuDriver(bus, lacking, driver, ViommuOptions.usual()).boot());
    }

    private static int configuration(SystemBus bus, int offset) {
        return (int)
                bus.readRegister(SystemBus.HOST, SystemBus.PHYSICAL, RegisterSpace.PCI_CONFIG, offset, Integer.BYTES);
    }

    private static void controlSlot(SystemBus bus) {
        VirtualHost host = host(bus);
        HardwareViommu iommu = host.plug(host.machine(1, LARGE), 0, ViommuExposure.DIRECT);
        bus.phase("first 4 KiB", true);
        iommu.write(RegisterDescriptor.COMMAND_BASE, Long.BYTES, COMMAND_BASE);
        iommu.write(RegisterDescriptor.EVENT_BASE, Long.BYTES, EVENT_BASE);
        iommu.write(RegisterDescriptor.PPR_BASE, Long.BYTES, PPR_BASE);
        iommu.write(RegisterDescriptor.CONTROL, Long.BYTES, ALL_ENABLES);
        bus.phase("first 4 KiB", false);
        readSlot(bus, 1);
    }

    private static void readSlot(SystemBus bus, int guest) {
        bus.phase("slot", true);
        for (int offset = 0; offset < SLOT; offset += Long.BYTES) {
            bus.readRegister(
                    SystemBus.HOST, SystemBus.PHYSICAL, RegisterSpace.VF_CONTROL, guest * SLOT + offset, Long.BYTES);
        }
        bus.phase("slot", false);
    }

    private static void page(SystemBus bus) {
        VirtualHost host = host(bus);
        for (int number = 1; number <= 2; number++) {
            host.plug(host.machine(number), 0, ViommuExposure.DIRECT);
        }
        for (int offset = 0; offset < VF_PAGE; offset += Long.BYTES) {
            bus.writeRegister(SystemBus.HOST, SystemBus.PHYSICAL, RegisterSpace.VF, VF_PAGE + offset, Long.BYTES, ONES);
        }
        for (int offset = 0; offset < 2 * VF_PAGE; offset += Long.BYTES) {
            bus.readRegister(SystemBus.HOST, SystemBus.PHYSICAL, RegisterSpace.VF, VF_PAGE + offset, Long.BYTES);
        }
    }

    /** A guest that works, and is reset. */
    static VirtualHost reset(SystemBus bus) {
        VirtualHost host = host(bus);
        LifecycleScenarios.guest(host, MapScenarios.THIRD_GUEST, SoftwareScenarios.HOST_NIC);
        readSlot(bus, MapScenarios.THIRD_GUEST);
        CommandQueue commands = host.driver().driver().commands();
        commands.push(new Command(RESET_OF_THE_THIRD, 0));
        commands.complete();
        readSlot(bus, MapScenarios.THIRD_GUEST);
        for (int offset = 0; offset < PAGE_REGISTERS; offset += Long.BYTES) {
            int register = MapScenarios.THIRD_GUEST * VF_PAGE + offset;
            bus.readRegister(SystemBus.HOST, SystemBus.PHYSICAL, RegisterSpace.VF, register, Long.BYTES);
        }
        return host;
    }

    /** A guest whose entry is whole at last: that entry. */
    static DeviceEntryImage attach(SystemBus bus) {
        VirtualHost host = host(bus);
        VirtualMachine machine = host.machine(1);
        GuestNic guest =
                HardwareScenarios.guest(host, machine, 0, ViommuExposure.DIRECT, GuestOptions.of(TableFormat.V2));
        long iova = guest.map(guest.buffer(GuestNic.PAGE), GuestNic.PAGE);
        DeviceTableWriter table = guest.driver().iommu().deviceTable();
        DeviceEntryImage entry = table.get(GuestNic.GUEST_DEVICE);
        long at = table.address(GuestNic.GUEST_DEVICE);
        table.set(GuestNic.GUEST_DEVICE, DeviceEntryImage.BLOCKED);
        bus.phase("attach", true);
        machine.store(MemoryRole.DEVICE_TABLE, at + Long.BYTES, entry.quadword1());
        guest.nic().load(EffectSink.NO_PASID, iova);
        machine.store(MemoryRole.DEVICE_TABLE, at, entry.quadword0());
        CommandQueue commands = guest.driver().iommu().commands();
        commands.push(Command.invalidateDeviceEntry(GuestNic.GUEST_DEVICE));
        commands.complete();
        bus.phase("attach", false);
        guest.nic().load(EffectSink.NO_PASID, iova);
        return entry;
    }

    private static void iommufd(SystemBus bus) {
        VirtualHost host = host(bus);
        VirtualMachine machine = host.machine(1, LARGE);
        Iommufd calls = new Iommufd(host.viommu());
        int ioas = object(calls.ioasAlloc());
        int device = object(calls.bind(SoftwareScenarios.HOST_NIC));
        int parent = object(calls.hwptAlloc(device, ioas, true));
        BareMachine.done(calls.ioasMap(ioas, 0, machine.systemBase(), machine.bytes(), AccessKind.RIGHTS_ALL));
        int viommu = object(calls.viommuAlloc(machine.number(), parent));
        machine.clear(MemoryRole.GCR3_TABLE, TABLES, GuestNic.PAGE);
        DeviceEntryImage entry = DeviceEntryImage.guest(MapScenarios.MAPPED_DOMAIN, TABLES, 1, 4, true);
        int nested = object(calls.hwptAllocNested(viommu, entry));
        calls.attach(device, nested);
        object(calls.vdeviceAlloc(viommu, device, MapScenarios.MAPPED_DEVICE));
        BareMachine.done(calls.attach(device, nested));
        queue(calls, viommu, Iommufd.QueueType.COMMAND, COMMAND_BASE);
        queue(calls, viommu, Iommufd.QueueType.EVENT, EVENT_BASE);
        queue(calls, viommu, Iommufd.QueueType.PPR, PPR_BASE);
        object(calls.veventqAlloc(viommu, EVENTS));
        BareMachine.done(calls.setQueueFlags(viommu, ALL_ENABLES));
        readSlot(bus, 1);
        new DevicePort(bus, SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC, 0).load(EffectSink.NO_PASID, TABLES);
    }

    private static int object(int id) {
        BareMachine.done(id);
        return id;
    }

    private static void queue(Iommufd calls, int viommu, Iommufd.QueueType type, long base) {
        object(calls.hwQueueAlloc(viommu, type, 0, RegisterDescriptor.base(base), RING_LENGTH));
    }

    private static void refusedCalls(SystemBus bus) {
        VirtualHost host = VirtualHost.plain(bus);
        ViommuCalls calls = new ViommuCalls(host.viommu());
        HostDomain parent = host.parent(host.machine(1)).domain();
        bus.phase("before boot", true);
        calls.vmInit(1, parent);
        bus.phase("before boot", false);
        BareMachine.done(host.viommu().boot());
        int guest = object(calls.vmInit(1, parent));
        int other = object(calls.vmInit(2, Objects.requireNonNull(host.driver().createDomain())));
        BareMachine.done(calls.deviceAttach(guest, SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE));
        BareMachine.done(calls.domainAttach(guest, GuestNic.GUEST_DEVICE, MapScenarios.MAPPED_DOMAIN));
        bus.phase("refused", true);
        calls.vmDestroy(NOBODY);
        calls.deviceAttach(NOBODY, SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE);
        calls.deviceAttach(other, SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE);
        calls.deviceAttach(guest, LifecycleScenarios.OTHER_NIC, GuestNic.GUEST_DEVICE);
        calls.deviceDetach(guest, ABSENT_DEVICE);
        calls.domainAttach(guest, GuestNic.GUEST_DEVICE, OTHER_DOMAIN);
        calls.domainDetach(guest, GuestNic.GUEST_DEVICE, OTHER_DOMAIN);
        calls.mmioWrite(NOBODY, RegisterDescriptor.CONTROL, Long.BYTES, ALL_ENABLES);
        calls.commandBufferUpdate(guest, TABLES, GuestNic.PAGE);
        bus.phase("refused", false);
    }
}
