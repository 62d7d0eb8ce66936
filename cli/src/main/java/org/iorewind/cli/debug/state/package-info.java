/**
 * The state of a replay as trees of names and values, for people, tools and editors alike.
 *
 * <pre>
 *   Machine ──▶ RegisterTree, DeviceTree, CacheTree, RingTree, GuestTree ──▶ Map, List, text, number ──▶ TreeText, JSON, DAP
 *                               │
 *                               └─ two of them ──▶ TreeDifference
 * </pre>
 *
 * <p>A tree is a {@code Map<String, Object>} in the order in which it is shown. Its leaves are texts, integers and booleans;
 * addresses and register values are texts in hexadecimal.
 */
@NullMarked
package org.iorewind.cli.debug.state;

import org.jspecify.annotations.NullMarked;
