/**
 * What a debugger of either kind stands on: a cursor in a trace, where it stops, and what it remembers.
 *
 * <pre>
 *   terminal verbs ─┐                 ┌─▶ ReplayCursor      where the user stands
 *                   ├─▶ DebugSession ─┤
 *   editor (DAP) ───┘       │         └─▶ Scout             a second one, which looks ahead and back for answers
 *                           ├─▶ Breakpoints ─▶ predicates, watches, ReadWatch
 *                           └─▶ Marks
 * </pre>
 *
 * <p>One thread moves a session. {@code interrupt} may be called from any.
 */
@NullMarked
package org.iorewind.cli.debug.session;

import org.jspecify.annotations.NullMarked;
