/**
 * A recording at the terminal: what it shows, and how it is asked to end.
 *
 * <pre>
 *   Ctrl-C, SIGTERM ─▶ EndSignals ─▶ StopRequests ─▶ recording ─▶ StatusDisplay ─▶ a line, or the terminal's title
 * </pre>
 */
@NullMarked
package org.iorewind.cli.record;

import org.jspecify.annotations.NullMarked;
