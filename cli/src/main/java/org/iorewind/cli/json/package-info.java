/**
 * Results as one JSON document. The names are a promise to scripts, described in {@code docs/commands.md}; new ones may
 * come, none goes.
 *
 * <pre>
 *     ImportResult ----&gt; ImportJson   ---+
 *     ReplayResult ----&gt; ReplayJson   ---+--&gt; JsonDocument --&gt; standard output, ASCII only
 *     Analysis     ----&gt; AnalysisJson ---+
 *     ...                                |
 * </pre>
 *
 * <p>Addresses and 64-bit values are strings {@code "0x..."}, since a JSON number would lose their low bits in many
 * readers; counts and sequence numbers are numbers.
 */
@NullMarked
package org.iorewind.cli.json;

import org.jspecify.annotations.NullMarked;
