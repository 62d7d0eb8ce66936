package org.iorewind.samples.workload;

/**
 * Reads the JSON form of a scenario, which {@code docs/scenarios.md} describes: a {@link Workload}, or a {@link StepScenario} if
 * it has {@code steps}. Strict: a field that is not known, a value of another kind and a number out of range are refused with
 * their place. Bounded: {@value #MOST_BYTES} bytes and
 * {@value #MOST_STEPS} steps; a workload as {@link WorkloadReader} says.
 */
public final class ScenarioReader {
    /** Most bytes of a description. */
    public static final int MOST_BYTES = 16 << 20;

    /** Most steps of a description. */
    public static final int MOST_STEPS = 100_000;

    private static final int MOST_VALUES = 1 << 20;

    private ScenarioReader() {}

    /**
     * Reads a description.
     *
     * @param bytes UTF-8
     * @throws WorkloadException if it is none
     */
    public static Description read(byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw new WorkloadException("expected up to " + MOST_BYTES + " bytes, found " + bytes.length);
        }
        JsonNode document = JsonNode.read(bytes, MOST_VALUES);
        return document.field(StepWords.STEPS) == null
                ? WorkloadReader.read(bytes)
                : new StepReader().scenario(document);
    }
}
