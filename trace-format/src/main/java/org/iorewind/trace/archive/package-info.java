/**
 * The sealed archive, {@code .iorw}: one immutable file that can be sent to anybody.
 *
 * <pre>
 *   +--------+-------+-------+-- ... --+-------+---------+---------+
 *   | header | chunk | chunk |         | chunk |  index  | trailer |
 *   +--------+-------+-------+-- ... --+-------+---------+---------+
 *       |        ^       ^                 ^      |  ^       |
 *       |        +-------+--- offsets -----+------+  +-------+ offset
 *       +--- session id, repeated in every chunk and in the index
 * </pre>
 *
 * <p>A reader starts at the trailer and reads the index; it scans nothing. Chunks decode independently of each other.
 * The same events give the same bytes: no clock, no name, no chance is in the file.
 */
@NullMarked
package org.iorewind.trace.archive;

import org.jspecify.annotations.NullMarked;
