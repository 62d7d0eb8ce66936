/**
 * The prompt of the debugger on a terminal.
 *
 * <pre>
 *   PromptLines ─▶ LineReader (JLine) ─▶ Terminal ─▶ SteadyPty ─▶ ExecPty ─▶ the program stty
 *                                                        └── answers from memory what has not changed
 * </pre>
 */
@NullMarked
package org.iorewind.cli.debug.prompt;

import org.jspecify.annotations.NullMarked;
