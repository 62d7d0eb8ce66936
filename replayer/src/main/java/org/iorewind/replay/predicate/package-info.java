/**
 * Predicates over events, states and commands, written in CEL (Common Expression Language).
 *
 * <pre>
 *   "kind == 'Translation' &amp;&amp; requester == '00:06.0'" ─▶ EventFilter.compile ─▶ test(event)
 *                                                                │
 *                                      fields of the event, by the schema's names
 * </pre>
 */
@NullMarked
package org.iorewind.replay.predicate;

import org.jspecify.annotations.NullMarked;
