/**
 * The judge of damaged traces: damages by chance, and what must come out of a trace that has them.
 *
 * <pre>
 *   DamageRounds    each round by its number alone, on one thread or several
 *   DamagedFile     a file that is damaged and restored; knows which bytes of it are other ones now
 *   TraceJudge      opens, reads, checks and repairs the trace as its users do
 * </pre>
 *
 * <p>Journals and archives have a test each, which says where the parts of the trace lie.
 */
@NullMarked
package org.iorewind.trace.damage;

import org.jspecify.annotations.NullMarked;
