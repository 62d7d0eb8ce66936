/**
 * Sources: where events come from.
 *
 * <pre>
 *   record.text      lines of text from a file, a compressed file or standard input
 *   record.live      a recording while it is made: threads, back-pressure, status, the end
 *   record.qemu      QEMU as a program: what it can do, how it is started, its monitor
 *   record.memory    a running guest's memory, seen from outside
 *   record.qemulog   the text of QEMU's amdvi_* trace events, with or without the recording plug-in's memory lines
 *   record.simpletrace  the same events in QEMU's binary form
 *   record.ftrace    the text of Linux's ftrace: what a driver called, what KVM saw of register accesses
 *   record.mmiotrace the text of Linux's mmiotrace: register accesses of a driver
 *   record.debugfs   what Linux shows of an IOMMU in debugfs: a state to start from
 *   record.kernellog the text of a kernel log: what AMD-Vi's driver printed, from dmesg, the journal or a console
 * </pre>
 *
 * <p>Every source states its completeness contract: what it can miss. The contract travels in the trace's first event.
 */
@NullMarked
package org.iorewind.record;

import org.jspecify.annotations.NullMarked;
