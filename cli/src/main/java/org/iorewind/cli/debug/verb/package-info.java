/**
 * The commands of the terminal debugger: one small class for a group of verbs that belong together, and a registry.
 *
 * <pre>
 *   "rc"  "x/4 0x1000"  "info ring"
 *      └─────┬─────────────┘
 *          Verbs ─▶ Verb ─▶ DebugSession ─▶ Answer
 * </pre>
 */
@NullMarked
package org.iorewind.cli.debug.verb;

import org.jspecify.annotations.NullMarked;
