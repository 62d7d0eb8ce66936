package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.platform.guest.DriverBug;
import org.iorewind.samples.workload.Backend;
import org.iorewind.samples.workload.Workload;
import org.iorewind.samples.workload.WorkloadBuilder;

/** Scenarios that are workloads: they run on each kind of IOMMU, as long as one likes. */
final class WorkloadScenarios {
    private static final String GUEST = "guest";
    private static final int PACKETS = 96;
    private static final int QUEUED = 32;
    private static final int LARGE_BUFFERS = 6;
    private static final long LARGE = 2L << 20;
    private static final int QUIET_PACKETS = 32;
    private static final int NOISE = 8;
    private static final int STRAYS = 16;
    private static final int LATE_WRITES = 3;
    private static final int DOUBLED_FROM = 97;
    private static final int MIXED = 48;

    private WorkloadScenarios() {}

    static List<Scenario> list() {
        return List.of(
                on(
                        Backend.HW,
                        policy("policy-strict", "at each unmap, and waits").guest(GUEST, guest -> {})),
                on(
                        Backend.HW,
                        policy("policy-lazy", "once for every 32 unmaps").guest(GUEST, guest -> guest.lazy(QUEUED))),
                on(
                        Backend.HW,
                        pages("pages-small", "pages of 4 KiB: each has an entry in the tables")
                                .guest(GUEST, WorkloadBuilder.Guest::smallPages)),
                on(
                        Backend.HW,
                        pages("pages-huge", "one page of 2 MiB each: one entry in the tables")
                                .guest(GUEST, guest -> {})),
                on(
                        Backend.HW,
                        Workload.named("noisy-neighbour")
                                .tags("workload", "isolation")
                                .story("A quiet guest works alone, then beside one that maps eight times as much, goes"
                                        + " astray all the time and so fills what the IOMMU caches.")
                                .guest("quiet", guest -> {})
                                .guest("noisy", guest -> guest.smallPages())
                                .phase("quiet alone", phase -> phase.packets("quiet", QUIET_PACKETS))
                                .phase(
                                        "quiet beside noisy",
                                        phase -> phase.packets("quiet", QUIET_PACKETS)
                                                .packets("noisy", (long) QUIET_PACKETS * NOISE)
                                                .atRate(NOISE)
                                                .strays("noisy", STRAYS))),
                on(
                        Backend.HW,
                        Workload.named("nic-unload")
                                .tags("workload", "fault")
                                .story(
                                        "A NIC works, its driver is unloaded and unmaps all buffers, and the NIC, which nobody"
                                                + " has stopped, writes on.")
                                .guest(GUEST, guest -> {})
                                .phase("work", phase -> phase.packets(GUEST, QUIET_PACKETS))
                                .phase("after the unload", phase -> phase.lateUses(GUEST, LATE_WRITES))),
                on(
                        Backend.HW,
                        Workload.named("flushes-doubled")
                                .tags("workload", "bug")
                                .story("The work of policy-strict by a driver that flushes everything twice from the"
                                        + " ninety-seventh flush on: nothing breaks, but an unmap costs twice as much.")
                                .guest(GUEST, guest -> guest.bug(DriverBug.DOUBLE_FLUSH, DOUBLED_FROM, Long.MAX_VALUE))
                                .phase("packets", phase -> phase.packets(GUEST, PACKETS))
                                .phase("more packets", phase -> phase.packets(GUEST, PACKETS))),
                on(
                        Backend.HW,
                        Workload.named("mix")
                                .tags("workload", "large")
                                .story(
                                        "Buffers, bursts and steps from page to page as often as the captured Linux machines"
                                                + " had them; made for --events.")
                                .guest("first", guest -> {})
                                .guest("second", guest -> guest.lazy(QUEUED))
                                .phase("mix", phase -> phase.mix("first", MIXED).mix("second", MIXED))));
    }

    private static Scenario on(Backend backend, WorkloadBuilder workload) {
        return Scenario.of(workload.build(), backend);
    }

    private static WorkloadBuilder policy(String name, String how) {
        return Workload.named(name)
                .tags("workload", "policy")
                .story("A guest's NIC moves " + PACKETS + " packets; the driver flushes " + how + ".")
                .phase("packets", phase -> phase.packets(GUEST, PACKETS));
    }

    private static WorkloadBuilder pages(String name, String how) {
        return Workload.named(name)
                .tags("workload", "pages")
                .story("A guest's NIC uses " + LARGE_BUFFERS + " buffers of 2 MiB in " + how + ".")
                .phase("buffers", phase -> phase.packets(GUEST, LARGE_BUFFERS, LARGE, LARGE));
    }
}
