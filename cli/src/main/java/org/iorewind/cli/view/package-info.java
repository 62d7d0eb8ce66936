/**
 * Results as text for people: aligned, cleaned of control characters, with what to try next at the end.
 *
 * <pre>
 *     result --&gt; ...View --&gt; Terminal (standard output)
 * </pre>
 */
@NullMarked
package org.iorewind.cli.view;

import org.jspecify.annotations.NullMarked;
