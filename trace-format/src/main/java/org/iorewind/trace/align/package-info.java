/**
 * Brings the clocks of several traces of one session together, by what more than one of them tells of.
 *
 * <pre>
 *   trace ─▶ AnchorReader ─▶ Anchors ─┐
 *   trace ─▶ AnchorReader ─▶ Anchors ─┼─▶ LinkFinder ─▶ OffsetVote ─▶ ClockLink   for each pair
 *   trace ─▶ AnchorReader ─▶ Anchors ─┘                                   │
 *                                                                         ▼
 *                             ClockAlignment: the best links that reach the first trace from each ─▶ TraceMerge
 * </pre>
 *
 * <p>Two kinds of things tie clocks together. A <b>span</b> ties them from both sides: a device can use a page only after a
 * driver's {@code map} and before its {@code unmap}, so every translation of a mapped page says how large the offset is at
 * most and at least. A <b>point</b> is told of by both sides at nearly the same moment: a fault of a device at an address,
 * a device that joins a group. Each anchor is thus an interval of possible offsets, and the offset is where most intervals
 * overlap: wrong pairs and lost events take votes away, and shift nothing.
 */
@NullMarked
package org.iorewind.trace.align;

import org.jspecify.annotations.NullMarked;
