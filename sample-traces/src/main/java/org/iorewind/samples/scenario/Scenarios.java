package org.iorewind.samples.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All scenarios, in the order of the talk. */
public final class Scenarios {
    private static final List<Scenario> ALL = collect();

    private Scenarios() {}

    private static List<Scenario> collect() {
        List<Scenario> all = new ArrayList<>();
        all.addAll(BaseScenarios.list());
        all.addAll(SoftwareScenarios.list());
        all.addAll(HardwareScenarios.list());
        all.addAll(LifecycleScenarios.list());
        all.addAll(CommandScenarios.list());
        all.addAll(FurtherScenarios.list());
        all.addAll(MapScenarios.list());
        all.addAll(RegisterScenarios.list());
        all.addAll(FaultScenarios.list());
        all.addAll(TrapScenarios.list());
        all.addAll(GuestScenarios.list());
        all.addAll(TopologyScenarios.list());
        all.addAll(PlantedScenarios.list());
        all.addAll(EventScenarios.list());
        all.addAll(BugScenarios.list());
        all.addAll(RingScenarios.list());
        all.addAll(GuestBugScenarios.list());
        all.addAll(WorkloadScenarios.list());
        return List.copyOf(all);
    }

    /** All scenarios. */
    public static List<Scenario> list() {
        return ALL;
    }

    /** The scenario with this name. */
    public static Optional<Scenario> named(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }
}
