package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.samples.workload.Backend;
import org.iorewind.samples.workload.Workload;

/**
 * A story that can be recorded.
 *
 * @param name short name, unique, of lower case letters, digits and hyphens
 * @param tags what it is about, for people who look for one
 * @param isSeeded whether the seed makes a difference
 * @param story what happens, in a sentence or two
 * @param work what software and devices do
 */
public record Scenario(String name, List<String> tags, boolean isSeeded, String story, Work work) {
    /** What software and devices do on a machine that has memory and nothing else yet. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does it.
         *
         * @param bus the machine
         * @param seed of all chance in it
         */
        void run(SystemBus bus, long seed);
    }

    /** Copies the tags. */
    public Scenario {
        tags = List.copyOf(tags);
    }

    /** A story without chance. */
    static Scenario of(String name, String story, Work work, String... tags) {
        return new Scenario(name, List.of(tags), false, story, work);
    }

    /**
     * A story that a workload tells.
     *
     * @param workload what guests do
     * @param backend which IOMMU stands behind their devices
     */
    public static Scenario of(Workload workload, Backend backend) {
        return new Scenario(
                workload.name(), workload.tags(), true, workload.story(), new WorkloadWork(workload, backend));
    }

    /** A story whose details a seed decides. */
    static Scenario seeded(String name, String story, Work work, String... tags) {
        return new Scenario(name, List.of(tags), true, story, work);
    }
}
