/**
 * Workloads: what guests do, in which order and how fast, and what goes wrong on the way. One description runs on a software
 * vIOMMU, on a hardware vIOMMU, or on both in one guest.
 *
 * <pre>
 *   WorkloadBuilder ─┐
 *                    ├─▶ Workload ─▶ (scenario.WorkloadRun) ─▶ SystemBus
 *   WorkloadReader ──┘    guests: GuestPlan      Backend: SW, HW, HYBRID
 *   (JSON)                phases: PhasePlan ─▶ Work
 *
 *   ScenarioReader ─▶ StepScenario ─▶ (session.StepSession) ─▶ events
 *   (JSON)             machine: StepMachine
 *                      steps: Step
 * </pre>
 *
 * <p>A workload says what guests want. A {@link org.iorewind.samples.workload.StepScenario} says every store, register write and
 * request: what is left of a recording that was minimized, or the exact order in which something goes wrong.
 */
@NullMarked
package org.iorewind.samples.workload;

import org.jspecify.annotations.NullMarked;
