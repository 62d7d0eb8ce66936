package org.iorewind.bench;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.virtual.GuestControlDescriptor;
import org.iorewind.model.iommu.virtual.PrivateSpaceDescriptor;
import org.iorewind.model.platform.PlainMachine;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;

/**
 * All 65,536 guests of an IOMMU with hardware vIOMMU, of which 1,000 work.
 *
 * <pre>
 *   idle    RESET_VMMIO, a wait, the translate DeviceID: the fewest registers that make a guest; no maps, since the driver's
 *           take memory and, with a translate DeviceID each, end at 32,767 guests
 *   plug    by the host's driver and the VMM: the same, nest parent of 4 MiB, ID maps of 1.5 MiB, one device
 *   boot    by the guest's driver: ring, logs, device table, one nested domain
 *   work    16 times: map a page, DMA of the device there, unmap with a strict flush by the guest's own ring
 * </pre>
 *
 * <p>Heap is what a collection leaves.
 *
 * @param idleMs to make the guests that stay idle, all together
 * @param idleBytes of heap for each of them
 * @param plugMs to plug the others in, all together
 * @param bootMs to boot them
 * @param workMs for their work
 * @param activeMb heap that they take, memory of the machine included
 * @param totalMb heap of everything, the host included
 */
record GuestPopulation(
        double idleMs, double idleBytes, double plugMs, double bootMs, double workMs, double activeMb, double totalMb) {
    /** Guests that work; their GuestIDs begin at 1. */
    static final int ACTIVE = 1000;
    /** Guests that do not. */
    static final int IDLE = PrivateSpaceDescriptor.GUESTS - ACTIVE;

    private static final int ROUNDS = 16;
    private static final int PARKED_DEVICE = 0x7FFF;
    private static final int TRANSLATE_SHIFT = 16;
    private static final long PAGE_BYTES = 4096;
    private static final long BUFFER = 0x20_0000L;
    private static final int COLLECTIONS = 3;
    private static final double NS_PER_MS = 1e6;
    private static final double BYTES_PER_MB = 1e6;

    static GuestPopulation measure() {
        long before = heap();
        VirtualHost host = new VirtualHost();
        VirtualHost.Guest[] guests = new VirtualHost.Guest[ACTIVE];
        long withHost = heap();
        double idleMs = time(() -> makeIdle(host));
        long withIdle = heap();
        double plugMs = time(() -> {
            for (int i = 0; i < ACTIVE; i++) {
                guests[i] = host.plug(i + 1);
            }
        });
        double bootMs = time(() -> {
            for (VirtualHost.Guest guest : guests) {
                guest.boot();
            }
        });
        double workMs = time(() -> work(host, guests));
        long withAll = heap();
        check(host);
        return new GuestPopulation(
                idleMs,
                (double) (withIdle - withHost) / IDLE,
                plugMs,
                bootMs,
                workMs,
                (withAll - withIdle) / BYTES_PER_MB,
                (withAll - before) / BYTES_PER_MB);
    }

    private static void makeIdle(VirtualHost host) {
        PlainMachine bus = host.bus();
        CommandQueue commands = host.driver().driver().commands();
        for (int guest = 0; guest < PrivateSpaceDescriptor.GUESTS; guest++) {
            if (!isActive(guest)) {
                commands.push(new Command(
                        (long) CommandDescriptor.RESET_VMMIO << 60
                                | CommandDescriptor.RESET_COMMANDS
                                | CommandDescriptor.RESET_ALL
                                | guest,
                        0));
                if (!commands.complete()) {
                    throw new IllegalStateException("the reset of guest " + guest + " does not end");
                }
                bus.writeRegister(
                        SystemBus.HOST,
                        0,
                        RegisterSpace.VF_CONTROL,
                        translateRegister(guest),
                        Long.BYTES,
                        (long) PARKED_DEVICE << TRANSLATE_SHIFT);
            }
        }
    }

    private static boolean isActive(int guest) {
        return guest >= 1 && guest <= ACTIVE;
    }

    private static int translateRegister(int guest) {
        return guest * GuestControlDescriptor.BYTES + GuestControlDescriptor.MISCELLANEOUS;
    }

    private static void work(VirtualHost host, VirtualHost.Guest[] guests) {
        for (int i = 0; i < ROUNDS; i++) {
            for (int number = 1; number <= ACTIVE; number++) {
                VirtualHost.Guest guest = guests[number - 1];
                long page = BUFFER + i * PAGE_BYTES;
                long iova = guest.driver().map(VirtualHost.GUEST_DEVICE, page, PAGE_BYTES, AccessKind.RIGHTS_ALL);
                long reached = host.reach(number, iova, AccessKind.WRITE);
                long expected = guest.machine().systemBase() + page;
                if (reached != expected) {
                    throw new IllegalStateException(
                            "guest " + number + ": expected address=" + expected + ", found " + reached);
                }
                VirtualHost.require(guest.driver().unmap(VirtualHost.GUEST_DEVICE, iova, PAGE_BYTES));
            }
        }
    }

    /** Every guest is there: its translate DeviceID reads back. */
    private static void check(VirtualHost host) {
        for (int guest = 0; guest < PrivateSpaceDescriptor.GUESTS; guest++) {
            long register = host.bus()
                    .readRegister(SystemBus.HOST, 0, RegisterSpace.VF_CONTROL, translateRegister(guest), Long.BYTES);
            if (GuestControlDescriptor.translateDevice(register) == 0) {
                throw new IllegalStateException("guest " + guest + " is not there");
            }
        }
    }

    private static double time(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / NS_PER_MS;
    }

    private static long heap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
