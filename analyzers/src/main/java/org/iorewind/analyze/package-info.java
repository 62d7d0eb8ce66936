/**
 * Analysis: passes over a replay that end in findings and reports.
 *
 * <pre>
 *   trace ─▶ Replay ─▶ FaultGroups ─┐
 *              │                    ├─▶ second replay: AddressHistory watches the faulting addresses
 *              └─────▶ EventMixer   │                          │
 *                                   └──▶ FaultExplainer ◀──────┘ ─▶ Analysis ─▶ analyze.report
 * </pre>
 *
 * <p>A conclusion never claims more than the recording carries: what cannot be told is said.
 */
@NullMarked
package org.iorewind.analyze;

import org.jspecify.annotations.NullMarked;
