/**
 * The live journal: a directory that is written while a session runs, and that is readable even if the writer is killed
 * in the middle of it.
 *
 * <pre>
 *   NAME/
 *     iorewind-journal     text: format version and session id; what makes the directory a journal
 *     open-blocks          mapped: eight slots with the events of the last blocks, each event with its own check
 *     writer               empty: locked while the writer lives
 *     blocks/              a Chronicle Queue: one full block per excerpt
 *
 *   append(frame) --&gt; slot of the open block  --- block full ---&gt; next slot
 *                     (acknowledged                   |
 *                      from here on)                  +-- Publisher --&gt; blocks/ --&gt; slot free again
 *
 *   JournalReader     a snapshot: slots first, then the queue       JournalTail     follows the slots
 * </pre>
 *
 * <p>Chronicle Queue orders and maps; it checks nothing, and a damaged length hides all that follows it. So all checks are
 * made here, readers walk over its file themselves ({@code QueueFile}), and {@code open-blocks} always knows how many events
 * there must be.
 *
 * <p>Failure model: the death of the writing process at any instruction loses nothing that was acknowledged. What a loss of
 * power may take is up to {@link org.iorewind.trace.journal.SyncLevel}. A full disk is met before a block is written, not
 * while.
 */
@NullMarked
package org.iorewind.trace.journal;

import org.jspecify.annotations.NullMarked;
