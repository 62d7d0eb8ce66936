/**
 * Replay: applies a trace's inputs to the model and compares what the model does with what was recorded.
 *
 * <pre>
 *              ┌────────── input ──────────▶ Applier ──▶ Machine (Iommu + memory)
 *   cursor ────┤                                             │ effects
 *              │                                             ▼
 *              └─ observation ─▶ Verifier ◀── Predictions ◀──┴──▶ listeners (analyzers)
 *                                   │
 *                                   ▼
 *                    matched · known deviation · divergence · not comparable
 * </pre>
 *
 * <p>A live session runs the same {@link org.iorewind.replay.Applier}: there is no second way to apply an event.
 */
@NullMarked
package org.iorewind.replay;

import org.jspecify.annotations.NullMarked;
