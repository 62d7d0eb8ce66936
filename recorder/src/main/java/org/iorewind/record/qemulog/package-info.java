/**
 * Reads the text of QEMU's {@code amdvi_*} trace events (log backend), versions 7.2 to 11.x.
 *
 * <pre>
 *   files ─▶ LogFacts (first pass: what this log is) ─▶ SessionStart with its completeness contract
 *   files ─▶ LineWindow ─▶ EventAssembler ─┬─▶ MmioAssembler       register accesses
 *            (second pass)                 ├─▶ CommandAssembler    command_exec + the command's own line
 *                                          ├─▶ DmaAssembler        hit or miss + failure lines + result
 *                                          ├─▶ InterruptAssembler  request … message
 *                                          └─▶ MemoryAssembler     plug-in lines, snapshots, annotations
 *                                                   └─▶ EventWriter ─▶ journal
 * </pre>
 *
 * <p>QEMU prints a device model's lines <em>after</em> the access that caused them began, and the plug-in prints a store
 * <em>after</em> the device model ran, so some lines are looked at ahead of time: an input must stand before what it
 * caused.
 */
@NullMarked
package org.iorewind.record.qemulog;

import org.jspecify.annotations.NullMarked;
