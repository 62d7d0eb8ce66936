/**
 * What the searches of {@code iorewind bisect} need of the world: the event that was found, in words, and a program that says
 * whether an event is good.
 *
 * <pre>
 *   FirstHolding, ScriptSearch ─▶ sequence number ─▶ FoundEvent ─▶ view, json
 *                     │
 *                     └─▶ Script ─▶ a process
 * </pre>
 */
@NullMarked
package org.iorewind.cli.bisect;

import org.jspecify.annotations.NullMarked;
