package org.iorewind.model.platform.vmm.topology;

/** A topology that no VMM would start: an error of the scenario's author, never of a guest. */
public final class TopologyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final TopologyProblem problem;
    private final String option;
    private final String expected;
    private final String found;

    /**
     * Says what is wrong.
     *
     * @param problem its name
     * @param option the option that is wrong, as it was written
     * @param expected what would have been right
     * @param found what stands there
     */
    public TopologyException(TopologyProblem problem, String option, String expected, String found) {
        super(problem + " in " + option + ": expected " + expected + ", found " + found + ". " + problem.remedy());
        this.problem = problem;
        this.option = option;
        this.expected = expected;
        this.found = found;
    }

    /** What is wrong. */
    public TopologyProblem problem() {
        return problem;
    }

    /** The option that is wrong. */
    public String option() {
        return option;
    }

    /** What would have been right. */
    public String expected() {
        return expected;
    }

    /** What stands there. */
    public String found() {
        return found;
    }
}
