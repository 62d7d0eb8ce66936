/**
 * Time travel: a cursor that stands on any event of a trace, with the state that this event led to.
 *
 * <pre>
 *     0 ─────── c1 ─────── c2 ─────── c3 ───▶        checkpoints, see org.iorewind.replay.checkpoint
 *                           └─replay─▶┬───
 *                        · · · · · ·· ▲              near checkpoints, closer and closer to where the cursor stands,
 *                                     │              so that a step back is short
 *                               ReplayCursor
 *                     seek · step · run, in both directions
 * </pre>
 */
@NullMarked
package org.iorewind.replay.travel;

import org.jspecify.annotations.NullMarked;
