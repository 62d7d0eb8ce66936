/**
 * Faults that were logged, in words: what each is, what its flags say, what may have caused it and what would prove it.
 *
 * <pre>
 *   events of a trace or of a kernel log                     LogEntry, ConsoleLine, Gap
 *      │ LoggedFaults     follows them in order
 *      │   ├ ConsoleReader   what the console says of devices and machine  ──▶ Surroundings
 *      │   └ FaultRun        like faults at neighbouring addresses
 *      ▼
 *   LoggedFault              one group: kind, device, addresses, flags, times
 *      │ FlagWords           bit by bit
 *      │ RawWords            a device table entry or command that the kernel dumped
 *      │ Causes              PageFaultCauses, RequestCauses, TableCauses, CommandCauses, ranked
 *      ▼
 *   Explanation              ──▶ ExplanationText, JSON
 * </pre>
 *
 * <p>A logged fault is the IOMMU's own word, and no more: nothing of the tables is known. So a cause is never certain here. Each
 * comes with the evidence for it and with what to record to be sure. Traces with recorded requests are explained by
 * {@link org.iorewind.analyze.Analyses}, and join here as {@link RecordedFaults}.
 */
@NullMarked
package org.iorewind.analyze.explain;

import org.jspecify.annotations.NullMarked;
