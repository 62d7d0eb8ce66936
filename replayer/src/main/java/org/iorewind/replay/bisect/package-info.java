/**
 * Finding the event that matters.
 *
 * <pre>
 *   FirstHolding     where does a predicate hold first?       halving over checkpoints, or a scan in segments
 *   ScriptSearch     where does a program say so?             halving over events, with a log that can be resumed
 *   TraceAlignment   where do two recordings part?            lanes of causes: device and operation, in order
 * </pre>
 */
@NullMarked
package org.iorewind.replay.bisect;

import org.jspecify.annotations.NullMarked;
