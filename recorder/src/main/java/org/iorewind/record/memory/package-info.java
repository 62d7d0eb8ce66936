/**
 * The memory of a running guest, seen from outside, read only.
 *
 * <pre>
 *   GuestMemory ◀─┬─ MappedGuestMemory    the file behind -object memory-backend-file,share=on, mapped in pieces
 *                 └─ ProcessGuestMemory   /proc/PID/mem of the VMM
 *        │
 *        └─ both through a RamLayout:     guest-physical address ─▶ offset  (the hole below 4 GiB, RAM above it)
 * </pre>
 *
 * <p>The guest goes on while somebody reads: a reading is what memory held a moment <em>after</em> the event that asked
 * for it. Who uses a reading must check it against the event.
 */
@NullMarked
package org.iorewind.record.memory;

import org.jspecify.annotations.NullMarked;
