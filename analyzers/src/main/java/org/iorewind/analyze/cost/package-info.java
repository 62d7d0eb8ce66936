/**
 * What operations cost: counts of everything that takes time, taken from a replay, and weighed by unit costs.
 *
 * <pre>
 *   trace ─▶ Replay ─▶ CostWatcher ─▶ CostTable   operation ─▶ CostRow ─▶ counts by CostCounter
 *                                        │        workload  ─▶ CostRow
 *                                        ▼
 *   unit-costs.json ─▶ UnitCosts ─▶ weighted cost in ns
 * </pre>
 *
 * <p>An operation is the outermost call of a guest's driver, or where no guest calls that of the host's; a request of a device
 * is an operation too. What happens inside an operation is counted for it, whoever does it. Counts are the amd-viommu
 * reference's (9.1).
 */
@NullMarked
package org.iorewind.analyze.cost;

import org.jspecify.annotations.NullMarked;
