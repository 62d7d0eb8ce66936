package org.iorewind.samples.scenario;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.vmm.GuestPort;
import org.iorewind.model.platform.vmm.VirtualIommu;
import org.iorewind.model.platform.vmm.VirtualMachine;

/**
 * A guest's driver and a NIC of the guest: packets in buffers that are mapped before and unmapped after. The same seed
 * gives the same work whatever the IOMMU behind it.
 */
final class GuestNic {
    /** The NIC as the guest knows it, 00:04.0. */
    static final int GUEST_DEVICE = 0x20;

    static final int PAGE = 4096;
    static final int BOTH_RIGHTS = 3;

    private static final int MOST_PAGES = 4;
    private static final int IN_FLIGHT = 4;
    private static final long BUFFER_BYTES = 1L << 20;

    private final VirtualMachine machine;
    private final GuestDriver driver;
    private final DevicePort nic;
    /** Apart from the driver's own memory, so that tables of any kind leave buffers where they are. */
    private final PageAllocator buffers;

    GuestNic(VirtualMachine machine, VirtualIommu iommu, GuestOptions options, DevicePort nic) {
        this.machine = machine;
        this.driver = new GuestDriver(new GuestPort(machine, iommu), options);
        this.nic = nic;
        this.buffers = new PageAllocator(machine.pages().allocate(BUFFER_BYTES, PAGE), BUFFER_BYTES);
    }

    /** Boots the driver and gives the NIC a domain. */
    GuestNic start() {
        BareMachine.done(driver.boot());
        BareMachine.done(driver.attach(nicInGuest(), DeviceTraits.plain()));
        return this;
    }

    private int nicInGuest() {
        return GUEST_DEVICE;
    }

    GuestDriver driver() {
        return driver;
    }

    DevicePort nic() {
        return nic;
    }

    /** A buffer of zeros in guest memory. */
    long buffer(long bytes) {
        long address = buffers.allocate(bytes, PAGE);
        machine.clear(MemoryRole.DATA, address, bytes);
        return address;
    }

    /** Maps a buffer. */
    long map(long physical, long bytes) {
        long iova = driver.map(nicInGuest(), physical, bytes, BOTH_RIGHTS);
        if (iova < 0) {
            throw new IllegalStateException("a map of the story failed: result=" + iova);
        }
        return iova;
    }

    /** Unmaps it. */
    void unmap(long iova, long bytes) {
        BareMachine.done(driver.unmap(nicInGuest(), iova, bytes));
    }

    /** A packet: the NIC writes each page of a buffer and reads it back. */
    void transfer(long iova, long bytes) {
        for (long done = 0; done < bytes; done += PAGE) {
            nic.store(EffectSink.NO_PASID, iova + done, done);
            nic.load(EffectSink.NO_PASID, iova + done);
        }
    }

    /**
     * The workload.
     *
     * @param name of its phase
     * @param packets how many
     */
    void packets(String name, int packets, long seed) {
        Random random = new Random(seed);
        Deque<long[]> flying = new ArrayDeque<>();
        machine.bus().phase(name, true);
        for (int i = 0; i < packets; i++) {
            long bytes = (long) PAGE * (1 + random.nextInt(MOST_PAGES));
            long physical = buffers.allocate(bytes, PAGE);
            long iova = map(physical, bytes);
            transfer(iova, bytes);
            flying.add(new long[] {iova, bytes, physical});
            if (flying.size() > IN_FLIGHT) {
                finish(flying.remove());
            }
        }
        flying.forEach(this::finish);
        machine.bus().phase(name, false);
    }

    private void finish(long[] packet) {
        unmap(packet[0], packet[1]);
        buffers.free(packet[2], packet[1]);
    }
}
