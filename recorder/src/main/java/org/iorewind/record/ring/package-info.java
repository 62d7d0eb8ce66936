/**
 * The ring: events from another process, over shared memory.
 *
 * <pre>
 *   QEMU with libiorewind-qemu.so ──┐
 *                                   ├─▶ RingFile (mapped) ─▶ RingSource ─▶ RingHandler ─┬─▶ RingEvents ─▶ EventAppender
 *   a VMM with iorewind_ring.h ─────┘        one writer, one reader                     └─▶ lines of text
 * </pre>
 *
 * <p>The protocol is described in {@code docs/ring.md}, in C by {@code iorewind_ring.h}. The data area is that of Agrona's
 * {@code ManyToOneRingBuffer}; what the other side wrote is checked before it is used.
 */
@NullMarked
package org.iorewind.record.ring;

import org.jspecify.annotations.NullMarked;
