/**
 * Interrupt remapping.
 *
 * <pre>
 *   message ─▶ enabled? ─▶ DTE ─▶ IV ─▶ reserved ─▶ delivery mode ─▶ IntCtl ─▶ index &lt; 2^IntTabLen ─▶ IRTE ─▶ RemappedMessage
 *                 │                │                     │  pass bits      │                                │
 *               PASSED           PASSED             PASSED / ABORTED   PASSED / ABORTED               fault: ABORTED
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.interrupt;

import org.jspecify.annotations.NullMarked;
