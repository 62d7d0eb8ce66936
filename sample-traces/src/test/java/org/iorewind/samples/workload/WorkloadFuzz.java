package org.iorewind.samples.workload;

import java.nio.charset.StandardCharsets;

/** Fuzz target: the JSON form of workloads. What is taken is written and read again as the same; a refusal is short and plain. */
public final class WorkloadFuzz {
    private static final int LONGEST_MESSAGE = 2000;

    private WorkloadFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        Workload workload;
        try {
            workload = WorkloadReader.read(input);
        } catch (WorkloadException refused) {
            String message = String.valueOf(refused.getMessage());
            if (message.isEmpty()
                    || message.length() > LONGEST_MESSAGE
                    || message.chars().anyMatch(c -> c < ' ' || c >= 0x7F)) {
                throw new AssertionError(
                        "a message that cannot be shown, of " + message.length() + " characters", refused);
            }
            return;
        }
        Workload again = WorkloadReader.read(WorkloadWriter.write(workload).getBytes(StandardCharsets.UTF_8));
        if (!again.equals(workload)) {
            throw new AssertionError("written and read again it is another: " + workload + " and " + again);
        }
    }
}
