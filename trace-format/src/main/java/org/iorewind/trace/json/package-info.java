/**
 * JSON Lines: a trace as text, one event per line, both ways and without loss.
 *
 * <pre>
 *   {"seq":0,"kind":"SessionStart","timeNs":0,"source":0,...}
 *   {"seq":1,"kind":"MmioWrite","timeNs":1200,...,"space":"HOST","size":8,"registerOffset":"0x18","value":"0x1"}
 *        |                                                ^
 *        |   form of each field: from the event schema ---+
 *        v
 *   JsonLinesImporter --&gt; EventAppender         TraceReader --&gt; JsonLinesExporter
 * </pre>
 *
 * <p>An event that its fields cannot give back byte by byte (a type this version does not know, fields of a newer
 * version, text that is not UTF-8) also carries its {@code frame} in hexadecimal; the frame then decides.
 */
@NullMarked
package org.iorewind.trace.json;

import org.jspecify.annotations.NullMarked;
