/**
 * The event schema as data: which fields each event type has, where they lie and how people read them.
 *
 * <pre>
 *   iorewind-events.xml --build--&gt; .sbeir (the schema's own compiled form)
 *                                     |
 *                                 EventTable
 *                                     |  one EventType per EventKind
 *                                     |      one EventField per value, the composite "origin" flattened
 *                                     v
 *        JSON Lines, dump, filters: generic over all events, present and future
 * </pre>
 */
@NullMarked
package org.iorewind.trace.schema;

import org.jspecify.annotations.NullMarked;
