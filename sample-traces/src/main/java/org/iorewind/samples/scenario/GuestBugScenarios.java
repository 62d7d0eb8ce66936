package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.virtual.GuestControlDescriptor;
import org.iorewind.model.iommu.virtual.MapDescriptor;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;

/** Mistakes of hosts with guests of a hardware vIOMMU: one guest's IDs lead to what is another's, or to nothing. */
final class GuestBugScenarios {
    private static final int DOMAIN = 0x25;
    private static final int HOST_DOMAIN = 0x300;
    private static final int UNKNOWN = 0x77;

    private GuestBugScenarios() {}

    static List<Scenario> list() {
        return List.of(
                bug(
                        "bug-guest-maps-shared",
                        "A host maps a device and a DomainID of two guests to the same device and DomainID of its own.",
                        GuestBugScenarios::mapsShared),
                bug(
                        "bug-guest-device-mismatch",
                        "A host's device table entry names a guest's device that the guest's DeviceID map does not lead"
                                + " to: faults would go to the guest under a wrong name.",
                        GuestBugScenarios::mismatch),
                bug(
                        "bug-guest-view",
                        "A host drops the guest's tables from the entry of a NIC while the guest believes in them, and"
                                + " the guest invalidates its own entry.",
                        GuestBugScenarios::view));
    }

    private static Scenario bug(String name, String story, Scenario.Work work) {
        return Scenario.of(name, story, work, "bug", "hw");
    }

    private static VirtualHost host(SystemBus bus) {
        return VirtualHost.withViommu(bus, EventRouting.DIRECT, ViommuOptions.usual());
    }

    private static void mapsShared(SystemBus bus, long seed) {
        VirtualHost host = host(bus);
        for (int number = 1; number <= 2; number++) {
            HardwareViommu iommu = host.plug(host.machine(number), 0, ViommuExposure.DIRECT);
            int slot = iommu.guestId() << GuestControlDescriptor.SHIFT;
            map(bus, slot + GuestControlDescriptor.DEVICE_MAP, GuestNic.GUEST_DEVICE, SoftwareScenarios.HOST_NIC);
            map(bus, slot + GuestControlDescriptor.DOMAIN_MAP, DOMAIN, HOST_DOMAIN);
        }
    }

    private static void map(SystemBus bus, int register, int guestId, int hostId) {
        bus.writeRegister(
                SystemBus.HOST,
                SystemBus.PHYSICAL,
                RegisterSpace.VF_CONTROL,
                register,
                Long.BYTES,
                MapDescriptor.control(guestId, hostId, true) | MapDescriptor.COMMIT);
    }

    private static void setEntry(VirtualHost host, DeviceEntryImage entry) {
        host.driver().driver().deviceTable().set(SoftwareScenarios.HOST_NIC, entry);
        host.driver().driver().commands().push(Command.invalidateDeviceEntry(SoftwareScenarios.HOST_NIC));
        host.driver().driver().commands().complete();
    }

    private static DeviceEntryImage entry(VirtualHost host) {
        return host.driver().driver().deviceTable().get(SoftwareScenarios.HOST_NIC);
    }

    private static void mismatch(SystemBus bus, long seed) {
        VirtualHost host = host(bus);
        GuestNic guest = LifecycleScenarios.guest(host, 1, SoftwareScenarios.HOST_NIC);
        long iova = guest.map(guest.buffer(GuestNic.PAGE), GuestNic.PAGE);
        DeviceEntryImage right = entry(host);
        long device = 0xFFFFL << DeviceEntryDescriptor.GUEST_DEVICE_SHIFT;
        setEntry(
                host,
                new DeviceEntryImage(
                        right.quadword0(),
                        right.quadword1(),
                        right.quadword2(),
                        right.quadword3() & ~device | (long) UNKNOWN << DeviceEntryDescriptor.GUEST_DEVICE_SHIFT));
        guest.nic().load(EffectSink.NO_PASID, iova);
    }

    private static void view(SystemBus bus, long seed) {
        VirtualHost host = host(bus);
        GuestNic guest = LifecycleScenarios.guest(host, 1, SoftwareScenarios.HOST_NIC);
        long iova = guest.map(guest.buffer(GuestNic.PAGE), GuestNic.PAGE);
        setEntry(host, DeviceEntryImage.BLOCKED);
        guest.driver().iommu().commands().push(Command.invalidateDeviceEntry(GuestNic.GUEST_DEVICE));
        guest.driver().iommu().commands().complete();
        guest.nic().load(EffectSink.NO_PASID, iova);
        host.driver().takeInterrupts();
    }
}
