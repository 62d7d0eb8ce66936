/**
 * Finding the event that matters.
 *
 * <pre>
 *   FirstHolding     where does a predicate hold first?       halving over checkpoints, or a scan in segments
 *   ScriptSearch     where does a program say so?             halving over events, with a log that can be resumed
 *   TraceAlignment   where do two recordings part?            lanes of causes: device and operation, in order
 *   OptionComparison where does one recording part from       two replays side by side, outcome by outcome
 *                    itself under other options?
 *   StateHashes      where does another build of the model    hashes of states, written by one and compared by the other
 *                    part from this one?
 * </pre>
 */
@NullMarked
package org.iorewind.replay.bisect;

import org.jspecify.annotations.NullMarked;
