package org.iorewind.samples.workload;

import java.util.List;

/**
 * A part of a workload: what is done in it goes on side by side, in rounds, until all of it is done.
 *
 * @param name stands in the recording
 * @param work what is done
 */
public record PhasePlan(String name, List<Work> work) {
    /** Checks the name, and copies the list. */
    public PhasePlan {
        Names.check("phase", name);
        work = List.copyOf(work);
        if (work.isEmpty()) {
            throw new WorkloadException("phase \"" + name + "\": expected some work, found none");
        }
    }
}
