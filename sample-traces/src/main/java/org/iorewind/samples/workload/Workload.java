package org.iorewind.samples.workload;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What guests do.
 *
 * @param name short name, of lower case letters, digits and hyphens
 * @param tags what it is about
 * @param story what happens, in a sentence or two
 * @param guests 1 to {@value #MOST_GUESTS}
 * @param phases 1 to {@value #MOST_PHASES}, one after the other
 */
public record Workload(String name, List<String> tags, String story, List<GuestPlan> guests, List<PhasePlan> phases)
        implements Description {
    /** Most guests. */
    public static final int MOST_GUESTS = 16;
    /** Most phases. */
    public static final int MOST_PHASES = 64;
    /** Most pieces of work in a phase. */
    public static final int MOST_WORK = 64;

    /**
     * Checks that all fits together, and copies the lists.
     *
     * @throws WorkloadException if it does not
     */
    public Workload {
        tags = List.copyOf(tags);
        guests = List.copyOf(guests);
        phases = List.copyOf(phases);
        Names.checkTitle(name, story);
        tags.forEach(tag -> Names.check("tag", tag));
        between("guests", guests.size(), MOST_GUESTS);
        between("phases", phases.size(), MOST_PHASES);
        Set<String> names = new HashSet<>();
        for (GuestPlan guest : guests) {
            if (!names.add(guest.name())) {
                throw new WorkloadException("guests: two have the name \"" + guest.name() + "\"");
            }
        }
        for (PhasePlan phase : phases) {
            between("work of phase \"" + phase.name() + "\"", phase.work().size(), MOST_WORK);
            for (Work work : phase.work()) {
                if (!names.contains(work.guest())) {
                    throw new WorkloadException("phase \"" + phase.name() + "\": there is no guest \"" + work.guest()
                            + "\"; guests: "
                            + String.join(
                                    ", ", guests.stream().map(GuestPlan::name).toList()));
                }
            }
        }
    }

    private static void between(String what, int found, int most) {
        if (found < 1 || found > most) {
            throw new WorkloadException(what + ": expected 1 to " + most + ", found " + found);
        }
    }

    /** Begins to describe a workload. */
    public static WorkloadBuilder named(String name) {
        return new WorkloadBuilder(name);
    }
}
