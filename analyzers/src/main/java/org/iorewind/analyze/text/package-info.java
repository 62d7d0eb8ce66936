/**
 * Words for people: numbers, shell commands, and text of traces made harmless.
 *
 * <pre>
 *   text of a trace ─▶ PlainText ─▶ terminal, report      path ─▶ ShellWord ─▶ a command to paste
 *   12345 ─▶ Notation ─▶ 12,345
 * </pre>
 */
@NullMarked
package org.iorewind.analyze.text;

import org.jspecify.annotations.NullMarked;
