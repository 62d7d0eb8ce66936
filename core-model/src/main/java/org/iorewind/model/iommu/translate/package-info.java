/**
 * The translation procedure, step by step as the specification numbers it.
 *
 * <pre>
 *   request ─▶ enabled? ─▶ DTE ─▶ V ─▶ reserved ─▶ address class ─▶ exclusion ─▶ TV ─▶ IR/IW ─▶ Mode ─▶ TLB ─▶ HostWalk
 *                 │         │      │       │             │              │         │      │        │      │        │
 *               PASSED    error  PASSED  illegal      ABORTED        PASSED    fault   fault   PASSED   hit   page or fault
 *                                                                                 └──────┴── one exit: fault(cause) ──┘
 * </pre>
 */
@NullMarked
package org.iorewind.model.iommu.translate;

import org.jspecify.annotations.NullMarked;
