/**
 * Examples to learn from and to test with.
 *
 * <pre>
 *   captures.txt ─▶ Captures ─▶ Capture ─▶ a real log, ready to import, or a sealed archive
 *   Scenarios, Captures, Guides ─▶ Sample: an entry of the catalogue
 * </pre>
 */
@NullMarked
package org.iorewind.samples;

import org.jspecify.annotations.NullMarked;
