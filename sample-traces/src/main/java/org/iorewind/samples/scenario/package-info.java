/**
 * Scenarios: stories of software and devices around an IOMMU, one for each box and arrow of the talk about AMD's hardware vIOMMU,
 * each with a name by which it can be recorded.
 *
 * <pre>
 *   Scenarios ─▶ Scenario ─┐
 *                          ├─▶ ScenarioRecorder ─▶ LiveSession ─▶ EventAppender
 *              name, seed ─┘                          │
 *                                                     └─▶ Recorded: events, state hash
 *   BareMachine, BareDomain           physical IOMMU, one driver     ─▶ BaseScenarios
 *   VirtualHost, GuestNic             host drivers, guests           ─▶ SoftwareScenarios, HardwareScenarios,
 *                                                                       LifecycleScenarios, CommandScenarios, FurtherScenarios
 *   Workload ─▶ WorkloadRun, Traffic   guests on any IOMMU            ─▶ WorkloadScenarios, files
 * </pre>
 *
 * <p>EventScenarios have what an IOMMU finds wrong, BugScenarios, RingScenarios and GuestBugScenarios what drivers, firmware and hosts
 * do wrong; each command, event code and rule is in one of them.
 */
@NullMarked
package org.iorewind.samples.scenario;

import org.jspecify.annotations.NullMarked;
