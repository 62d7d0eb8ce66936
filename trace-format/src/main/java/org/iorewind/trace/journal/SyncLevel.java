package org.iorewind.trace.journal;

/**
 * What a journal does to survive more than the death of its writer. Whatever the level, {@code append} returns before
 * anything is on the disk; the level says what happens within {@link JournalOptions#syncIntervalMs} after that.
 *
 * <table>
 *   <caption>What of the events that {@code append} has acknowledged survives</caption>
 *   <tr><th>what fails</th><th>{@link #NONE}</th><th>{@link #DATA}</th><th>{@link #DATA_AND_METADATA}</th></tr>
 *   <tr><td>the writing process, at any instruction</td><td>all</td><td>all</td><td>all</td></tr>
 *   <tr><td>the kernel (crash, forced reset)</td>
 *       <td>what the kernel had written by itself: often all but the last 30 s, nothing is promised</td>
 *       <td>all up to the durable mark, if the directory entries made it to the disk: file systems do that seconds after
 *       the start</td><td>all up to the durable mark, from the first acknowledged event on</td></tr>
 *   <tr><td>power, with a disk that keeps what it has confirmed</td><td>as above</td>
 *       <td>as above</td><td>as above</td></tr>
 *   <tr><td>power, with a disk that confirms what it has not kept; the disk itself</td>
 *       <td colspan="3">nothing is promised; what is missing below the durable mark is named</td></tr>
 * </table>
 *
 * <p>The durable mark is a count of events in the journal, moved after the events below it were confirmed by the disk: at
 * intervals while events arrive, by {@link JournalWriter#sync} at any level, and when the journal is closed. Once the disk has
 * refused, it does not move any more. A
 * reader that finds fewer events names the missing ones. A reader that finds a journal which was not closed, in another
 * run of the kernel than the one it was written in, says that events behind the last one may have been lost: no file can
 * tell how many. In none of these cases are other bytes shown than those that were written.
 */
public enum SyncLevel {
    /** The operating system writes when it likes. A journal that was closed in order is on the disk all the same. */
    NONE,
    /** Contents are forced to the disk at intervals. */
    DATA,
    /** Contents, file sizes and times are; and the names, before the first event is acknowledged. */
    DATA_AND_METADATA
}
