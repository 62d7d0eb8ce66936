/**
 * The terminal debugger: where lines come from, what is done with them, and how answers are printed.
 *
 * <pre>
 *   -x FILE, -ex LINE ─┐
 *   prompt (JLine)─────├─▶ Console ─▶ verb.Verbs ─▶ Answer ─▶ text, or JSON with one object a line
 *   PlainLines (a pipe)┘       ▲
 *                    Ctrl-C ───┘  DebugSession.interrupt
 * </pre>
 */
@NullMarked
package org.iorewind.cli.debug;

import org.jspecify.annotations.NullMarked;
