package org.iorewind.samples.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.HostPageTable;
import org.iorewind.model.platform.guest.DriverBugs;
import org.iorewind.model.platform.guest.FlushPolicy;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.TableFormat;
import org.iorewind.model.platform.host.ViommuOptions;
import org.iorewind.model.platform.vmm.HardwareViommu;
import org.iorewind.model.platform.vmm.SoftwareOptions;
import org.iorewind.model.platform.vmm.SoftwareViommu;
import org.iorewind.model.platform.vmm.ViommuExposure;
import org.iorewind.model.platform.vmm.VirtualMachine;
import org.iorewind.samples.workload.Backend;
import org.iorewind.samples.workload.GuestPlan;
import org.iorewind.samples.workload.PhasePlan;
import org.iorewind.samples.workload.PlantedBug;
import org.iorewind.samples.workload.Work;
import org.iorewind.samples.workload.Workload;

/**
 * Does a workload on a machine: a host with the IOMMU that the backend asks for, and the guests on it. The same workload, backend
 * and seed make the same calls. Not thread-safe.
 */
final class WorkloadRun {
    private static final long SEED_STEP = 0x9E37_79B9_7F4A_7C15L;
    private static final long LARGE = 2L << 20;

    /** A guest with its devices, which take turns. */
    private static final class Machine {
        private final VirtualMachine machine;
        private final List<Traffic> devices = new ArrayList<>();
        private final PageAllocator buffers;
        private int turn;

        Machine(VirtualMachine machine) {
            this.machine = machine;
            buffers = new PageAllocator(machine.pages().allocate(Traffic.BUFFERS, LARGE), Traffic.BUFFERS);
        }

        void run(Work work) {
            devices.get(turn).run(work);
            turn = (turn + 1) % devices.size();
        }
    }

    private final SystemBus bus;
    private final Workload workload;
    private final Backend backend;
    private final VirtualHost host;
    private final Map<String, Machine> guests = new LinkedHashMap<>();

    private WorkloadRun(SystemBus bus, Workload workload, Backend backend) {
        this.bus = bus;
        this.workload = workload;
        this.backend = backend;
        host = backend == Backend.SW
                ? VirtualHost.plain(bus)
                : VirtualHost.withViommu(bus, EventRouting.DIRECT, ViommuOptions.usual());
    }

    /** All phases, once. */
    static void once(SystemBus bus, Workload workload, Backend backend, long seed) {
        WorkloadRun run = new WorkloadRun(bus, workload, backend).boot(seed);
        run.phases(() -> false);
        run.settle();
    }

    /** All phases, again and again until it is enough, which is asked after each piece of work. */
    static void until(SystemBus bus, Workload workload, Backend backend, long seed, BooleanSupplier isEnough) {
        WorkloadRun run = new WorkloadRun(bus, workload, backend).boot(seed);
        while (!isEnough.getAsBoolean()) {
            run.phases(isEnough);
        }
        run.settle();
    }

    private WorkloadRun boot(long seed) {
        int number = 0;
        for (GuestPlan plan : workload.guests()) {
            number++;
            Machine guest = new Machine(host.machine(number));
            guests.put(plan.name(), guest);
            long own = seed + SEED_STEP * number;
            if (backend == Backend.HYBRID) {
                guest.devices.add(new Traffic(emulated(guest.machine, plan), guest.buffers, own));
            }
            guest.devices.add(new Traffic(passthrough(guest.machine, plan), guest.buffers, own + 1));
        }
        return this;
    }

    private static GuestOptions options(TableFormat format, GuestPlan plan) {
        DriverBugs bugs = DriverBugs.none();
        for (PlantedBug bug : plan.bugs()) {
            bugs.with(bug.bug(), bug.first(), bug.last());
        }
        GuestOptions options = GuestOptions.of(format)
                .flushPolicy(new FlushPolicy(plan.queued()))
                .bugs(bugs);
        return plan.hugePages() ? options : options.pageSizes(HostPageTable.SMALLEST_ONLY);
    }

    private static GuestNic emulated(VirtualMachine machine, GuestPlan plan) {
        SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.emulated());
        DevicePort nic = new DevicePort(machine.bus(), iommu.number(), GuestNic.GUEST_DEVICE, machine.systemBase());
        GuestNic guest = new GuestNic(machine, iommu, options(TableFormat.V1, plan), nic);
        machine.onInterrupt(iommu, () -> guest.driver().faults().handle());
        return guest.start();
    }

    private GuestNic passthrough(VirtualMachine machine, GuestPlan plan) {
        int hostNic = SoftwareScenarios.HOST_NIC + machine.number() - 1;
        DevicePort nic = new DevicePort(bus, SystemBus.PHYSICAL, hostNic, 0);
        if (backend == Backend.SW) {
            SoftwareViommu iommu = new SoftwareViommu(machine, 0, SoftwareOptions.shadowing());
            BareMachine.done(iommu.attach(host.driver(), hostNic, GuestNic.GUEST_DEVICE));
            GuestOptions options = options(TableFormat.V1, plan).notPresentCached(true);
            GuestNic guest = new GuestNic(machine, iommu, options, nic);
            machine.onInterrupt(iommu, () -> guest.driver().faults().handle());
            return guest.start();
        }
        int index = backend == Backend.HYBRID ? 1 : 0;
        HardwareViommu iommu = host.plug(machine, index, ViommuExposure.DIRECT);
        BareMachine.done(iommu.attach(hostNic, GuestNic.GUEST_DEVICE));
        GuestNic guest = new GuestNic(machine, iommu, options(TableFormat.V2, plan), nic);
        machine.onInterrupt(iommu, () -> guest.driver().faults().handle());
        return guest.start();
    }

    private void phases(BooleanSupplier isEnough) {
        for (PhasePlan phase : workload.phases()) {
            if (isEnough.getAsBoolean()) {
                return;
            }
            bus.phase(phase.name(), true);
            rounds(phase, isEnough);
            bus.phase(phase.name(), false);
        }
    }

    private void rounds(PhasePlan phase, BooleanSupplier isEnough) {
        long[] left = phase.work().stream().mapToLong(Work::count).toArray();
        boolean isAnyLeft = true;
        while (isAnyLeft) {
            isAnyLeft = false;
            for (int i = 0; i < left.length; i++) {
                Work work = phase.work().get(i);
                Machine guest = Objects.requireNonNull(guests.get(work.guest()));
                for (int turn = 0; turn < work.rate() && left[i] > 0; turn++) {
                    guest.run(work);
                    left[i]--;
                    if (isEnough.getAsBoolean()) {
                        return;
                    }
                }
                isAnyLeft |= left[i] > 0;
            }
            takeInterrupts();
        }
    }

    /** What faulted meanwhile is read out of the logs, as drivers do. */
    private void takeInterrupts() {
        host.driver().takeInterrupts();
        guests.values().forEach(guest -> guest.machine.takeInterrupts());
    }

    private void settle() {
        guests.values().forEach(guest -> guest.devices.forEach(Traffic::settle));
        takeInterrupts();
    }
}
