/**
 * The {@code iorewind} command.
 *
 * <pre>
 *     argv --&gt; Main --&gt; command.*     one class per command: reads options, calls, prints
 *               |          |
 *               |          +--&gt; output.*   files that appear whole or not at all
 *               |          +--&gt; dump.*     one line per event
 *               |          +--&gt; view.*     results as text
 *               |          +--&gt; json.*     results as one JSON document
 *               |          +--&gt; demo.*     the guided tour
 *               v
 *            Failures                  every failure becomes one message and an exit code
 * </pre>
 *
 * <p>Results go to standard output, everything else to standard error. Exit codes: see {@link
 * org.iorewind.cli.ExitCode}.
 */
@NullMarked
package org.iorewind.cli;

import org.jspecify.annotations.NullMarked;
