/**
 * The event log, and the interrupts of the IOMMU itself.
 *
 * <pre>
 *   a fault ──▶ EventReports ──▶ EventLog ──encode──▶ 16 bytes at base + tail ──▶ tail, EventLogInt ──▶ Signals
 *                                   │ full: EventOverflow, EventLogRun=0
 *                                   └ off, full or suppressed: told to the sink as not written
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.log;

import org.jspecify.annotations.NullMarked;
