package org.iorewind.samples.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.iorewind.model.platform.guest.DriverBug;

/**
 * Describes a workload step by step.
 *
 * <pre>{@code
 * Workload.named("two-guests")
 *         .story("A quiet guest beside a lazy one.")
 *         .guest("quiet", guest -> {})
 *         .guest("lazy", guest -> guest.lazy(8))
 *         .phase("both", phase -> phase.packets("quiet", 32).packets("lazy", 128).atRate(4))
 *         .build();
 * }</pre>
 *
 * Not thread-safe.
 */
public final class WorkloadBuilder {
    private final String name;
    private final List<String> tags = new ArrayList<>();
    private final List<GuestPlan> guests = new ArrayList<>();
    private final List<PhasePlan> phases = new ArrayList<>();
    private String story = "";

    WorkloadBuilder(String name) {
        this.name = name;
    }

    /** What happens, in a sentence or two. */
    public WorkloadBuilder story(String text) {
        story = text;
        return this;
    }

    /** What it is about. */
    public WorkloadBuilder tags(String... words) {
        tags.addAll(List.of(words));
        return this;
    }

    /** One more guest: strict, with pages of all sizes, unless {@code habits} say otherwise. */
    public WorkloadBuilder guest(String guest, Consumer<Guest> habits) {
        Guest plan = new Guest();
        habits.accept(plan);
        guests.add(new GuestPlan(guest, plan.queued, plan.hugePages, plan.bugs));
        return this;
    }

    /** One more phase. */
    public WorkloadBuilder phase(String phase, Consumer<Phase> work) {
        Phase plan = new Phase();
        work.accept(plan);
        phases.add(new PhasePlan(phase, plan.work));
        return this;
    }

    /**
     * The workload.
     *
     * @throws WorkloadException if it does not fit together
     */
    public Workload build() {
        return new Workload(name, tags, story, guests, phases);
    }

    /** Habits of a guest. */
    public static final class Guest {
        private int queued;
        private boolean hugePages = true;
        private final List<PlantedBug> bugs = new ArrayList<>();

        private Guest() {}

        /** This many unmaps wait for one flush. */
        public Guest lazy(int unmaps) {
            queued = unmaps;
            return this;
        }

        /** All pages have 4 KiB. */
        public Guest smallPages() {
            hugePages = false;
            return this;
        }

        /** Its driver always makes a mistake. */
        public Guest bug(DriverBug bug) {
            return bug(bug, 1, Long.MAX_VALUE);
        }

        /** Its driver makes a mistake at the chances from {@code first} to {@code last}, counted from 1. */
        public Guest bug(DriverBug bug, long first, long last) {
            bugs.add(new PlantedBug(bug, first, last));
            return this;
        }
    }

    /** Work of a phase. */
    public static final class Phase {
        private final List<Work> work = new ArrayList<>();

        private Phase() {}

        private Phase add(Work one) {
            work.add(one);
            return this;
        }

        /** Packets of 4 to 16 KiB. */
        public Phase packets(String guest, long count) {
            return add(Work.of(guest, Action.PACKET, count));
        }

        /** Packets of these sizes. */
        public Phase packets(String guest, long count, long leastBytes, long mostBytes) {
            return add(new Work(guest, Action.PACKET, count, 1, leastBytes, mostBytes));
        }

        /** Reads of addresses that nobody has mapped. */
        public Phase strays(String guest, long count) {
            return add(Work.of(guest, Action.STRAY, count));
        }

        /** Writes to addresses that were unmapped before. */
        public Phase lateUses(String guest, long count) {
            return add(Work.of(guest, Action.LATE, count));
        }

        /** What real machines do. */
        public Phase mix(String guest, long count) {
            return add(Work.of(guest, Action.MIX, count));
        }

        /** What was added last is done this often in each round. */
        public Phase atRate(int timesARound) {
            Work last = work.remove(work.size() - 1);
            return add(new Work(
                    last.guest(), last.action(), last.count(), timesARound, last.leastBytes(), last.mostBytes()));
        }
    }
}
