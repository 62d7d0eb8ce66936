package org.iorewind.samples.workload;

import org.iorewind.model.platform.guest.DriverBug;

/**
 * A mistake that a guest's driver makes.
 *
 * @param bug which
 * @param first chance at which it is made, from 1
 * @param last chance at which it is made, from {@code first}
 */
public record PlantedBug(DriverBug bug, long first, long last) {
    /** Checks the range. */
    public PlantedBug {
        if (first < 1 || last < first) {
            throw new WorkloadException("expected 1 <= from <= to, found from " + first + ", to " + last);
        }
    }
}
