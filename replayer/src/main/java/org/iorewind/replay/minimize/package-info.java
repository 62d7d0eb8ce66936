/**
 * The smallest trace that still shows something.
 *
 * <pre>
 *   trace ─▶ EventFrames ─▶ CausalUnits ─▶ Minimizer ──▶ Selection ─▶ events ─▶ does it still show?
 *            in memory      what belongs      │   ▲          │              ─▶ the trace that is left
 *                           together          └───┴──────────┘
 * </pre>
 *
 * <p>Delta debugging (Zeller and Hildebrandt 2002), first over whole calls of drivers, then over what is left of them
 * (Misherghi and Su 2006).
 */
@NullMarked
package org.iorewind.replay.minimize;

import org.jspecify.annotations.NullMarked;
