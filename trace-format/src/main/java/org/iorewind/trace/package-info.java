/**
 * Traces: events in, events out, whatever lies below.
 *
 * <pre>
 *   importer, recorder                                     replay, analysis, export
 *        |                                                        ^
 *        v                                                        |
 *   EventWriter --frames--&gt; EventAppender            TraceReader -&gt; EventCursor -&gt; EventView
 *                             |     |                     ^   ^
 *                             v     v                     |   |
 *                    journal.JournalWriter --directory----+   |     Traces.open(path)
 *                           archive.ArchiveWriter --.iorw-----+
 * </pre>
 *
 * <p>The events themselves are described by {@code iorewind-events.xml}; {@link org.iorewind.trace.schema} gives that
 * description to programs. The file formats are specified in {@code docs/format.md}.
 */
@NullMarked
package org.iorewind.trace;

import org.jspecify.annotations.NullMarked;
