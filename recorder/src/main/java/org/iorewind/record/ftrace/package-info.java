/**
 * Reads the text of Linux's ftrace: tracefs {@code trace} and {@code trace_pipe}, and {@code trace-cmd report}.
 *
 * <pre>
 *   files ─▶ FtraceFacts (first pass: what is in there) ─▶ SessionStart with its completeness contract
 *   files ─▶ FtraceParser ─▶ FtraceLine ─┬─▶ DriverEvents    iommu:*        ─▶ DriverCall
 *            (second pass)               ├─▶ KvmMmio         kvm:kvm_mmio   ─▶ MmioWrite, MmioRead + MmioReadValue
 *                                        └─▶ lost events                    ─▶ Gap
 * </pre>
 *
 * <p>The events of the driver are markers: they tell what software asked for, never what an IOMMU did. Times are those of
 * the trace clock, most often the time since boot.
 */
@NullMarked
package org.iorewind.record.ftrace;

import org.jspecify.annotations.NullMarked;
