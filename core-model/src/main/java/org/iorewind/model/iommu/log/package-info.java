/**
 * The logs, and the interrupts of the IOMMU itself.
 *
 * <pre>
 *   a fault ──▶ EventReports ──▶ EventLog ──────┬──▶ DualLog: A or B ──▶ LogRing: entry at base + tail ──▶ tail
 *                                   └ HardwareEvents        │                 │ full: overflow bit, run bit 0
 *   a page request ──▶ PageRequests ──▶ PageRequestLog      │                 └ off, full or suppressed: told as not written
 *                                            └──────────────┘
 *   a status bit rises ──▶ Signals ──▶ OwnMessages: MSI capability or x2APIC register ──▶ EffectSink
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.log;

import org.jspecify.annotations.NullMarked;
