/**
 * Examples to learn from and to test with.
 *
 * <pre>
 *   captures.tsv ─▶ Captures ─▶ Capture ─▶ a real log, ready to import
 * </pre>
 */
@NullMarked
package org.iorewind.samples;

import org.jspecify.annotations.NullMarked;
