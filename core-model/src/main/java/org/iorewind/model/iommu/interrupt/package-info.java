/**
 * Interrupt remapping.
 *
 * <pre>
 *   message ─▶ enabled? ─▶ DTE ─▶ IV ─▶ reserved ─▶ delivery mode ─▶ IntCtl ─▶ index &lt; 2^IntTabLen ─▶ IRTE ─▶ RemappedMessage
 *                 │                │                     │  pass bits      │                                │
 *               PASSED           PASSED             PASSED / ABORTED   PASSED / ABORTED               fault: ABORTED
 *                                                      GuestMode=1: GuestInterrupts: vAPIC page, then doorbell or guest APIC log: POSTED
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.interrupt;

import org.jspecify.annotations.NullMarked;
