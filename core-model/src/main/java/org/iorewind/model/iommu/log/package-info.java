/**
 * The logs, and the interrupts of the IOMMU itself.
 *
 * <pre>
 *   a fault ──▶ EventReports ──▶ EventLog ────────┬──▶ LogRing: entry at base + tail ──▶ tail ──▶ Signals: status bit,
 *                                   └ HardwareEvents  │       │ full: overflow bit, run bit 0             interrupt
 *   a page request ──▶ PageRequests ──▶ PageRequestLog┘       └ off, full or suppressed: told as not written
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.log;

import org.jspecify.annotations.NullMarked;
