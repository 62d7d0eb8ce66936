/**
 * Performance counters (reference 1.12).
 *
 * <pre>
 *   the core ──effects──▶ CountingSink ──▶ the listener
 *                             │ what each effect counts as
 *                             ▼
 *                      PerformanceCounters ──wrapped, reporting──▶ EventReports.counterZero
 *                             ▲
 *   MMIO 4000h, 40000h… ──────┘  CounterDescriptor: where each register lies
 * </pre>
 *
 * <p>An IOMMU without EFR[PCSup] has no {@code CountingSink}: the core then talks to the listener itself.
 */
@NullMarked
package org.iorewind.model.iommu.counter;

import org.jspecify.annotations.NullMarked;
