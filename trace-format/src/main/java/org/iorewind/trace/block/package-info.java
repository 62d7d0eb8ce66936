/**
 * The block: the unit of writing, checking and seeking.
 *
 * <pre>
 *   +--------------------+-------+-------+-----+-------+      header says: which session, which sequence numbers,
 *   | header, 64 bytes   | frame | frame | ... | frame |      which times, how long; its checksum covers header
 *   +--------------------+-------+-------+-----+-------+      and frames, and names the checksum of the block before
 *
 *   journal: blocks of about 64 KiB, one per excerpt          archive: chunks of about 256 KiB, compressed
 *                     \                                      /
 *                      BlockSource  --&gt;  BlockCursor  (one way to walk over both)
 * </pre>
 */
@NullMarked
package org.iorewind.trace.block;

import org.jspecify.annotations.NullMarked;
