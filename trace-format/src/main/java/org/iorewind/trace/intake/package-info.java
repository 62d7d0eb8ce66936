/**
 * Many threads, one store.
 *
 * <pre>
 *   vCPU thread ---> Producer --+
 *   vCPU thread ---> Producer --+--> ring in memory --> one thread --> EventAppender (a journal)
 *   I/O thread ----> Producer --+    full: BLOCK, or COUNT and a Gap event
 * </pre>
 *
 * <p>An event in the ring is not yet acknowledged by the store: it dies with the process. {@code EventIntake.flush} waits
 * until all that was given so far is in the store.
 */
@NullMarked
package org.iorewind.trace.intake;

import org.jspecify.annotations.NullMarked;
