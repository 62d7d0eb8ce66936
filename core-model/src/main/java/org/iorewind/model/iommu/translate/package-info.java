/**
 * The translation procedure, step by step as the specification numbers it.
 *
 * <pre>
 *   request ─▶ enabled? ─▶ DTE ─▶ V ─▶ reserved ─▶ address class ─▶ exclusion ─▶ TV ─▶ IR/IW ─▶ Mode ─▶ TLB ─▶ HostWalk
 *                 │         │      │       │             │              │         │      │        │      │        │
 *               PASSED    error  PASSED  illegal      ABORTED        PASSED    fault   fault   PASSED   hit   page or fault
 *                                                                                 └──────┴── one exit: fault(cause) ──┘
 *
 *   in a MARC aperture:     address class ─▶ relocated: TRANSLATED, without tables
 *
 *   with a PASID, or GIoV:  Mode ─▶ PASID, canonical? ─▶ TLB ─▶ GuestWalk ─▶ page or fault
 *                                                                  │ each structure's address, and the final one
 *                                                                  └──▶ HostStage ─▶ HostWalk, unless Mode is 0
 *
 *   translation request ─▶ TranslationRequests ─▶ the same, but no fault is reported ─▶ answer with rights, or without
 *   translated request ──▶ DTE[I] ─▶ PASSED without a walk
 *   Prefetch ──▶ the same as a translation request, but nobody is answered
 * </pre>
 *
 * <p>A walk keeps what it finds in a {@code WalkRecord}: {@code WalkState} of a host walk, {@code GuestWalkState} of a guest
 * walk. Both begin at the lowest directory that their cache knows.
 */
@NullMarked
package org.iorewind.model.iommu.translate;

import org.jspecify.annotations.NullMarked;
