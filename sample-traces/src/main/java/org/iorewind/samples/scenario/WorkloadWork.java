package org.iorewind.samples.scenario;

import java.util.function.BooleanSupplier;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.samples.workload.Backend;
import org.iorewind.samples.workload.Workload;

/**
 * The work of a scenario that a workload describes.
 *
 * @param workload what guests do
 * @param backend which IOMMU stands behind their devices
 */
public record WorkloadWork(Workload workload, Backend backend) implements Scenario.Work {
    @Override
    public void run(SystemBus bus, long seed) {
        WorkloadRun.once(bus, workload, backend, seed);
    }

    /**
     * Does it again and again, and stops between two pieces of work.
     *
     * @param bus the machine
     * @param seed of all chance in it
     * @param isEnough asked after each piece of work
     */
    public void runUntil(SystemBus bus, long seed, BooleanSupplier isEnough) {
        WorkloadRun.until(bus, workload, backend, seed, isEnough);
    }
}
