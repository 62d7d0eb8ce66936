package org.iorewind.samples.scenario;

import java.util.List;
import java.util.Objects;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.device.RogueDevice;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.EmptyTables;
import org.iorewind.model.platform.driver.HostPageTable;
import org.iorewind.model.platform.driver.IommuDriver;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.ViommuCalls;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.GuestPort;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.NestParent;
import org.iorewind.model.platform.vmm.SoftwareOptions;
import org.iorewind.model.platform.vmm.SoftwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;

/** What a guest has of its IOMMU: protection, the DMA API on v2 tables, and walks of both kinds side by side. */
final class GuestScenarios {
    /** Stray writes of the rogue device. */
    static final int STRAY_WRITES = 5;
    /** Physical address in the guest of its 2 MiB buffer. */
    static final long LARGE_BUFFER = 0x200_0000L;
    /** Offset that the device uses in each of the buffers. */
    static final long OFFSET = 0x1_0000L;
    /** Phases of the walks. */
    static final String EMULATED_WALK = "walk of the emulated IOMMU";

    static final String NESTED_WALK = "nested walk of hardware";

    /** System physical: 4 KiB off the alignment of all larger pages, so that the second stage has pages of 4 KiB only. */
    private static final long UNALIGNED_BASE = (4L << 30) + GuestNic.PAGE;

    private static final long SMALL_GUEST_BYTES = 4L << 20;
    /** An address that three levels of tables do not reach. */
    private static final long FOURTH_LEVEL = 1L << 39;

    private static final int LEVELS = 4;
    private static final int FEW_DEVICES = 256;
    private static final int DOMAIN = 5;

    private GuestScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.seeded(
                        "guest-io-protection",
                        "A guest maps one page for its NIC, which also writes elsewhere: only the page is reached, and"
                                + " the guest's log has each stray write.",
                        GuestScenarios::protection,
                        "hw",
                        "fault",
                        "isolation"),
                Scenario.of(
                        "guest-dma-v2",
                        "A guest's DMA API on v2 tables maps, lets a NIC use and unmaps 4 KiB, 2 MiB and 1 GiB.",
                        (bus, seed) -> sizes(bus),
                        "hw",
                        "dma"),
                Scenario.of(
                        "hybrid-walks",
                        "In one guest, an emulated NIC's address is walked by the emulated IOMMU, a passthrough NIC's"
                                + " by hardware through both stages, four levels each; nothing is cached before.",
                        (bus, seed) -> walks(bus),
                        "hybrid",
                        "dma"));
    }

    private static void protection(SystemBus bus, long seed) {
        VirtualHost host = host(bus);
        VirtualMachine machine = host.machine(1);
        GuestNic guest =
                HardwareScenarios.guest(host, machine, 0, ViommuExposure.DIRECT, GuestOptions.of(TableFormat.V2));
        long iova = guest.map(guest.buffer(GuestNic.PAGE), GuestNic.PAGE);
        guest.transfer(iova, GuestNic.PAGE);
        new RogueDevice(guest.nic(), seed).writeBeside(iova, GuestNic.PAGE, STRAY_WRITES);
        machine.takeInterrupts();
        guest.transfer(iova, GuestNic.PAGE);
    }

    private static VirtualHost host(SystemBus bus) {
        return VirtualHost.withViommu(bus, EventRouting.DIRECT, ViommuOptions.usual());
    }

    private static void sizes(SystemBus bus) {
        VirtualHost host = host(bus);
        GuestNic guest = HardwareScenarios.guest(
                host, host.machine(1), 0, ViommuExposure.DIRECT, GuestOptions.of(TableFormat.V2));
        use(guest, LARGE_BUFFER + OFFSET, GuestNic.PAGE, 0);
        use(guest, LARGE_BUFFER, 2L << 20, OFFSET);
        use(guest, 0, 1L << 30, OFFSET);
    }

    private static void use(GuestNic guest, long physical, long bytes, long offset) {
        long iova = guest.map(physical, bytes);
        guest.nic().store(EffectSink.NO_PASID, iova + offset, bytes);
        guest.unmap(iova, bytes);
    }

    private static void walks(SystemBus bus) {
        VirtualHost host = host(bus);
        VirtualMachine machine = new VirtualMachine(bus, 1, UNALIGNED_BASE, SMALL_GUEST_BYTES);
        long buffer = machine.pages().allocate(2L * GuestNic.PAGE, GuestNic.PAGE);
        walkEmulated(bus, machine, buffer);
        walkNested(host, machine, buffer + GuestNic.PAGE);
    }

    private static void walkEmulated(SystemBus bus, VirtualMachine machine, long buffer) {
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.emulated());
        IommuDriver driver = new IommuDriver(
                new GuestPort(machine, iommu), DriverOptions.linux().devices(FEW_DEVICES));
        BareMachine.done(driver.boot());
        HostPageTable table = new HostPageTable(
                driver.port(), LEVELS, LEVELS, HostPageTable.SMALLEST_ONLY, EmptyTables.UNLINKED_IF_COVERED);
        BareDomain domain = new BareDomain(driver, GuestNic.GUEST_DEVICE, DOMAIN, table);
        domain.attach();
        domain.map(FOURTH_LEVEL, buffer, GuestNic.PAGE);
        DevicePort nic = new DevicePort(bus, iommu.number(), GuestNic.GUEST_DEVICE, machine.systemBase());
        bus.phase(EMULATED_WALK, true);
        nic.store(EffectSink.NO_PASID, FOURTH_LEVEL, 1);
        bus.phase(EMULATED_WALK, false);
    }

    private static void walkNested(VirtualHost host, VirtualMachine machine, long buffer) {
        HardwareViommu iommu = new HardwareViommu(
                machine, 1, new ViommuCalls(host.viommu()), fourLevels(host, machine), ViommuExposure.DIRECT);
        BareMachine.done(iommu.plug());
        BareMachine.done(iommu.attach(SoftwareScenarios.HOST_NIC, GuestNic.GUEST_DEVICE + 1));
        GuestDriver driver = new GuestDriver(
                new GuestPort(machine, iommu), GuestOptions.of(TableFormat.V2).pageSizes(HostPageTable.SMALLEST_ONLY));
        BareMachine.done(driver.boot());
        BareMachine.done(driver.attach(GuestNic.GUEST_DEVICE + 1, DeviceTraits.plain()));
        long iova = driver.map(GuestNic.GUEST_DEVICE + 1, buffer, GuestNic.PAGE, GuestNic.BOTH_RIGHTS);
        DevicePort nic = new DevicePort(host.bus(), SystemBus.PHYSICAL, SoftwareScenarios.HOST_NIC, 0);
        host.bus().phase(NESTED_WALK, true);
        nic.store(EffectSink.NO_PASID, iova, 1);
        host.bus().phase(NESTED_WALK, false);
    }

    /** The machine's memory, whose last page also stands so high that the second stage needs a fourth level. */
    private static NestParent fourLevels(VirtualHost host, VirtualMachine machine) {
        NestParent parent = Objects.requireNonNull(NestParent.of(machine, host.driver()), "no DomainID left");
        long last = machine.systemBase() + machine.bytes() - GuestNic.PAGE;
        BareMachine.done(parent.space().map(FOURTH_LEVEL, last, GuestNic.PAGE, GuestNic.BOTH_RIGHTS));
        return parent;
    }
}
