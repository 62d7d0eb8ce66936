/**
 * Sessions of the model: a machine that is recorded while it runs. In a live session models of software and devices work on it, in
 * one of steps a file says what happens.
 *
 * <pre>
 *   software, devices ──▶ LiveSession (SystemBus) ──▶ EventWriter ──▶ AppendThenApply ──1─▶ EventAppender (journal, archive)
 *                              ▲      ▲                                     │
 *                              │      └── answers ── Applier ◀──2───────────┘ the same frame
 *                              │                        │
 *                              └── 3 observations ◀── Heard ◀── effects
 * </pre>
 *
 * <p>An input is appended first and applied afterwards, by the code that a replay runs; what the model did comes behind it as
 * observations. Time is a counter.
 */
@NullMarked
package org.iorewind.samples.session;

import org.jspecify.annotations.NullMarked;
