/**
 * The live journal: a directory that is written while a session runs, and that is readable even if the writer is killed
 * in the middle of it.
 *
 * <pre>
 *   NAME/
 *     iorewind-journal     text: format version and session id; what makes the directory a journal
 *     open-block           mapped: the events of the block that is not full yet, each with its own checksum
 *     blocks/              a Chronicle Queue: one full block per excerpt
 *
 *   append(frame) --&gt; open-block  --- block full ---&gt;  blocks/  ---&gt;  open-block cleared
 *                     (acknowledged                    (excerpt          (names the sequence number
 *                      from here on)                    complete)         that blocks/ must reach)
 * </pre>
 *
 * <p>Chronicle Queue orders and maps; it checks nothing, and a damaged length hides all that follows it. So all checks are
 * made here, and {@code open-block} always knows how many events the queue must hold.
 *
 * <p>Failure model: the death of the writing process at any instruction loses nothing that was acknowledged. A power loss
 * may lose what the operating system had not yet written. A full disk is met before a block is written, not while.
 */
@NullMarked
package org.iorewind.trace.journal;

import org.jspecify.annotations.NullMarked;
