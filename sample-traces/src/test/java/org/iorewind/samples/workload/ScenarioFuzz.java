package org.iorewind.samples.workload;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.iorewind.samples.scenario.ScenarioRecorder;
import org.iorewind.trace.EventTap;
import org.iorewind.trace.VisibleText;

/**
 * Fuzz target: a file that describes a scenario. What is taken is written and read again as the same, steps are recorded; a
 * refusal is short and plain.
 */
public final class ScenarioFuzz {
    private static final int LONGEST_MESSAGE = 2000;

    private ScenarioFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        Description description;
        try {
            description = ScenarioReader.read(input);
        } catch (WorkloadException refused) {
            requireShowable(refused);
            return;
        }
        Description again = ScenarioReader.read(written(description).getBytes(UTF_8));
        if (!again.equals(description)) {
            throw new AssertionError("written and read again it is another: " + description + " and " + again);
        }
        if (description instanceof StepScenario steps) {
            ScenarioRecorder.record(steps, new EventTap(event -> {}));
        }
    }

    private static String written(Description description) {
        return description instanceof StepScenario steps
                ? StepWriter.write(steps)
                : WorkloadWriter.write((Workload) description);
    }

    private static void requireShowable(WorkloadException refused) {
        String message = String.valueOf(refused.getMessage());
        if (message.isEmpty()
                || message.length() > LONGEST_MESSAGE
                || message.codePoints().anyMatch(VisibleText::acts)) {
            throw new AssertionError("a message that cannot be shown, of " + message.length() + " characters", refused);
        }
    }
}
