/**
 * A gate for continuous integration: does the new recording of the same work cost more than the old one?
 *
 * <pre>
 *   BASE ─▶ CostTable ─┐
 *                      ├─▶ RegressionGate ── limits ──▶ GateResult ─┬─▶ text, JSON (command line)
 *   NEW  ─▶ CostTable ─┘                                            ├─▶ JUnitReport
 *                                                                   └─▶ SarifReport
 * </pre>
 *
 * <p>Counts come from replays and are exact, so that there is no noise to allow for.
 */
@NullMarked
package org.iorewind.analyze.gate;

import org.jspecify.annotations.NullMarked;
