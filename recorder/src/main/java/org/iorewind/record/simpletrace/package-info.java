/**
 * Reads QEMU's binary trace, "simpletrace", version 4 of the format.
 *
 * <pre>
 *   trace-events-all ─▶ EventDeclarations ──────────┐  how each event's arguments are declared
 *   FILE ─▶ TraceBytes ─▶ RecordReader ─▶ (id, time, arguments) ─▶ QemuRecord ─▶ qemulog's assemblers
 * </pre>
 *
 * <p>The file, in the byte order of the machine that wrote it, without padding:
 *
 * <pre>
 *   file      = header { record }
 *   header    = u64 all ones, u64 magic 0xf2b177cb0aa429b4, u64 version
 *   record    = u64 0, mapping | u64 1, event
 *   mapping   = u64 id, u32 length, name                  names an id, before its first use
 *   event     = u64 id, u64 time, u32 length, u32 process, { argument }      length: from id to the last argument
 *   argument  = u64 | u32 length, bytes                   as declared: a number, or a text
 *   id 0xfffffffffffffffe: records were dropped, u64 how many
 * </pre>
 *
 * <p>The numbers of an event are as wide as 64 bits in the file; the declaration says how wide they are meant.
 */
@NullMarked
package org.iorewind.record.simpletrace;

import org.jspecify.annotations.NullMarked;
