package org.iorewind.samples.workload;

import java.util.List;

/**
 * A guest with one NIC, or with two on {@link Backend#HYBRID}.
 *
 * @param name unique among the guests of a workload
 * @param queued unmaps that wait for one flush, 0 (strict) to {@value #MOST_QUEUED}; a software vIOMMU that shadows makes its guest
 *     strict whatever stands here, as Linux is then
 * @param hugePages whether tables may have pages larger than 4 KiB
 * @param bugs mistakes of its driver
 */
public record GuestPlan(String name, int queued, boolean hugePages, List<PlantedBug> bugs) {
    /** Most unmaps that may wait for one flush. */
    public static final int MOST_QUEUED = 65_536;

    /** Checks, and copies the list. */
    public GuestPlan {
        Names.check("guest", name);
        if (queued < 0 || queued > MOST_QUEUED) {
            throw new WorkloadException("expected 0 to " + MOST_QUEUED + " unmaps for one flush, found " + queued);
        }
        bugs = List.copyOf(bugs);
    }

    /** A strict guest with pages of all sizes, and without mistakes. */
    public static GuestPlan strict(String name) {
        return new GuestPlan(name, 0, true, List.of());
    }
}
