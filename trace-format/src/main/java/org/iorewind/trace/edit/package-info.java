/**
 * Makes new traces of old ones; the old ones stay as they are.
 *
 * <pre>
 *   TraceRepair   damaged ─▶ what is whole, with a Gap event for each hole
 *   TraceSplit    one ─▶ several, each a trace by itself
 *   TraceMerge    several sources ─▶ one, ordered by time
 *   TraceRedact   one ─▶ the same without addresses, payload and texts
 * </pre>
 */
@NullMarked
package org.iorewind.trace.edit;

import org.jspecify.annotations.NullMarked;
