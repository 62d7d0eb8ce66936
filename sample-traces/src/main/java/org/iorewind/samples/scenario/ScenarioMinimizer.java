package org.iorewind.samples.scenario;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.iorewind.replay.minimize.DeltaDebugging;
import org.iorewind.replay.minimize.Minimizer;
import org.iorewind.replay.minimize.Selection;
import org.iorewind.samples.workload.Step;
import org.iorewind.samples.workload.StepMachine;
import org.iorewind.samples.workload.StepScenario;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventTap;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.SessionInfo;

/**
 * Makes a scenario of what is left of a trace, with no step in it that can go.
 *
 * <pre>
 *   Selection ─▶ inputs and markers ─▶ StepScenario ─▶ recorded: does it show? ─▶ without this step? ─▶ … ─▶ StepScenario
 *                (observations go: recording the scenario makes its own)
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class ScenarioMinimizer {
    private final Minimizer minimizer;
    private final String profile;
    private final String name;
    private final String story;

    /**
     * A search for a scenario that shows what a trace shows.
     *
     * @param minimizer of the trace
     * @param profile that replaces those of the trace, or empty
     * @param name of the scenario
     * @param story of the scenario
     */
    public ScenarioMinimizer(Minimizer minimizer, String profile, String name, String story) {
        this.minimizer = minimizer;
        this.profile = profile;
        this.name = name;
        this.story = story;
    }

    /**
     * What is left.
     *
     * @param scenario that shows it when it is recorded
     * @param isMinimal whether it does not show it any more without any one of its steps; false if it was over before
     */
    public record Result(StepScenario scenario, boolean isMinimal) {}

    /**
     * The smallest scenario that shows it when it is recorded. The same trace and question give the same answer.
     *
     * @param small what is left of the trace; where its steps do not show it, since it is shown by what was observed, the search
     *     begins again with the whole trace
     * @param shows asked of one scenario after the other
     * @param isOver asked before each of them: whether to be content with the best so far
     * @return empty if even the steps of the whole trace do not show it
     */
    public Optional<Result> smallest(Selection small, Predicate<StepScenario> shows, BooleanSupplier isOver) {
        Optional<StepScenario> start = steps(small).filter(shows);
        if (start.isEmpty()) {
            start = minimizer
                    .keep(selection -> steps(selection).filter(shows).isPresent())
                    .flatMap(found -> steps(found.selection()));
        }
        return start.flatMap(steps -> minimize(steps, shows, isOver));
    }

    /** The steps of some events of the trace; empty if there are none, or more than a scenario may have. */
    Optional<StepScenario> steps(Selection selection) {
        List<StepMachine> machine = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        EventTap unchanged = new EventTap(event -> steps.add(Step.of(event)));
        EventWriter writer = new EventWriter(unchanged);
        selection.writeTo(new EventTap(event -> {
            if (event.kind() == EventKind.SESSION_START) {
                machine.add(StepScenario.machineOf(SessionInfo.of(event), profile));
            } else if (event.kind() == EventKind.IOMMU_START && !profile.isEmpty()) {
                writer.iommu(event.iommu()).iommuStart(underProfile(event));
            } else if (Step.isOne(event.kind())) {
                steps.add(Step.of(event));
            }
        }));
        return machine.isEmpty() || steps.isEmpty() || steps.size() > StepScenario.MOST_STEPS
                ? Optional.empty()
                : Optional.of(new StepScenario(name, List.of(), story, machine.get(0), steps));
    }

    private IommuInfo underProfile(EventView event) {
        IommuInfo info = IommuInfo.of(event);
        return new IommuInfo(
                info.extendedFeatures(),
                info.extendedFeatures2(),
                info.options(),
                info.memoryBase(),
                info.memoryBytes(),
                profile);
    }

    /**
     * Leaves out steps as long as what is left still shows something.
     *
     * @param whole all steps
     * @param shows asked of one scenario after the other
     * @param isOver asked before each of them: whether to be content with the best so far
     * @return empty if even all steps do not show it
     */
    public static Optional<Result> minimize(StepScenario whole, Predicate<StepScenario> shows, BooleanSupplier isOver) {
        if (!shows.test(whole)) {
            return Optional.empty();
        }
        BitSet all = new BitSet();
        all.set(0, whole.steps().size());
        List<BitSet> each = new ArrayList<>();
        for (int i = 0; i < whole.steps().size(); i++) {
            BitSet one = new BitSet();
            one.set(i);
            each.add(one);
        }
        DeltaDebugging search =
                new DeltaDebugging(all, steps -> !steps.isEmpty() && shows.test(some(whole, steps)), isOver);
        boolean isMinimal = search.reduce(each);
        return Optional.of(new Result(some(whole, search.best()), isMinimal));
    }

    private static StepScenario some(StepScenario whole, BitSet steps) {
        return whole.withSteps(steps.stream().mapToObj(whole.steps()::get).toList());
    }
}
