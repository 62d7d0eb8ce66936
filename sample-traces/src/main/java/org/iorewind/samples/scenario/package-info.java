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
 * </pre>
 */
@NullMarked
package org.iorewind.samples.scenario;

import org.jspecify.annotations.NullMarked;
