/**
 * The text of a kernel log, as people find it: of dmesg, the journal, syslog, a serial console, /dev/kmsg or pstore.
 *
 * <pre>
 *   line of text                                   "Nov 14 11:52:19 host kernel: iommu ivhd0: AMD-Vi: Event logged [...]"
 *      │ LineCleaner    colours, returns, control characters away
 *      │ LineShapes     stamps, host, level, caller away; the time kept  ◀── Stamps, JournalJson
 *      ▼
 *   KernelLine          clock and time, "iommu ivhd0: AMD-Vi: Event logged [...]"
 *      │ EventText      an entry of the event log: name, requester, fields  ──▶ LoggedEvent (the bits that were printed)
 *      │ KnownNotices   everything else that the AMD driver of kernels 4.x to 7.x prints
 *      │ LossNotice     "12 callbacks suppressed": lines that are missing
 *      │ OtherVendor    lines of Intel's and Arm's IOMMUs, by name
 *      ▼
 *   NoticeAssembler     in order: ConsoleLine, LogEntry, Gap, Mark
 * </pre>
 *
 * <p>A line of the AMD driver that fits nothing is kept as a ConsoleLine, counted and shown: never dropped.
 */
@NullMarked
package org.iorewind.record.kernellog;

import org.jspecify.annotations.NullMarked;
