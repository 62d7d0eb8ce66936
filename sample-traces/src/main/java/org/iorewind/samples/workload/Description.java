package org.iorewind.samples.workload;

/** What a file of a scenario describes. */
public sealed interface Description permits StepScenario, Workload {
    /** Its short name. */
    String name();
}
