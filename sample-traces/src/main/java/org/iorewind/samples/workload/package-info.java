/**
 * Workloads: what guests do, in which order and how fast, and what goes wrong on the way. One description runs on a software
 * vIOMMU, on a hardware vIOMMU, or on both in one guest.
 *
 * <pre>
 *   WorkloadBuilder ─┐
 *                    ├─▶ Workload ─▶ (scenario.WorkloadRun) ─▶ SystemBus
 *   WorkloadReader ──┘    guests: GuestPlan      Backend: SW, HW, HYBRID
 *   (JSON)                phases: PhasePlan ─▶ Work
 * </pre>
 */
@NullMarked
package org.iorewind.samples.workload;

import org.jspecify.annotations.NullMarked;
