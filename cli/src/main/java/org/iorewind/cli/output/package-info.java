/**
 * Outputs that appear whole or not at all.
 *
 * <pre>
 *     OUT.unfinished/lock       held by one process
 *     OUT.unfinished/content -- all written, closed ---&gt; rename ---&gt; OUT
 *          |
 *          +--- failure, Ctrl-C ---&gt; deleted
 * </pre>
 */
@NullMarked
package org.iorewind.cli.output;

import org.jspecify.annotations.NullMarked;
