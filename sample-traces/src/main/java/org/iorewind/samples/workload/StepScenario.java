package org.iorewind.samples.workload;

import java.util.List;
import org.iorewind.trace.SessionInfo;

/**
 * A scenario that says step by step what happens to a machine. What the machine makes of it is not said: it is found out when
 * it is recorded.
 *
 * @param name short name, of lower case letters, digits and hyphens
 * @param tags what it is about
 * @param story what happens, in a sentence or two
 * @param machine what it happens to
 * @param steps 1 to {@value #MOST_STEPS}, one after the other
 */
public record StepScenario(String name, List<String> tags, String story, StepMachine machine, List<Step> steps)
        implements Description {
    /** Most steps. */
    public static final int MOST_STEPS = 1 << 20;

    /**
     * Checks name, story and length, and copies the lists.
     *
     * @throws WorkloadException if something is not as it must be
     */
    public StepScenario {
        tags = List.copyOf(tags);
        steps = List.copyOf(steps);
        Names.checkTitle(name, story);
        if (steps.isEmpty() || steps.size() > MOST_STEPS) {
            throw new WorkloadException("steps: expected 1 to " + MOST_STEPS + ", found " + steps.size());
        }
    }

    /** The same machine and words with other steps. */
    public StepScenario withSteps(List<Step> others) {
        return new StepScenario(name, tags, story, machine, others);
    }

    /**
     * The machine of a recording.
     *
     * @param session what the recording says of itself
     * @param profile that replaces the one of the recording, or empty
     */
    public static StepMachine machineOf(SessionInfo session, String profile) {
        return new StepMachine(
                profile.isEmpty() ? session.profile() : profile,
                session.startState(),
                session.mmioBase(),
                session.extendedFeatures(),
                session.extendedFeatures2(),
                session.deviceOptions());
    }
}
