/**
 * The translation procedure, step by step as the specification numbers it.
 *
 * <pre>
 *   request ─▶ enabled? ─▶ DTE ─▶ V ─▶ reserved ─▶ address class ─▶ exclusion ─▶ TV ─▶ IR/IW ─▶ Mode ─▶ TLB ─▶ HostWalk
 *                 │         │      │       │             │              │         │      │        │      │        │
 *               PASSED    error  PASSED  illegal      ABORTED        PASSED    fault   fault   PASSED   hit   page or fault
 *                                                                                 └──────┴── one exit: fault(cause) ──┘
 *
 *   with a PASID, or GIoV:  Mode ─▶ PASID, canonical? ─▶ TLB ─▶ GuestWalk ─▶ page or fault
 *                                                                  │ each structure's address, and the final one
 *                                                                  └──▶ HostWalk, unless Mode is 0
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.translate;

import org.jspecify.annotations.NullMarked;
