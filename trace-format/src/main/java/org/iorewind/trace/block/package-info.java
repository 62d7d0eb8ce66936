/**
 * The block: the unit of writing, checking and seeking.
 *
 * <pre>
 *   +--------------------+-------+-------+-----+-------+      header says: which session, which sequence numbers,
 *   | header, 64 bytes   | frame | frame | ... | frame |      which times, how long; its checksum covers header
 *   +--------------------+-------+-------+-----+-------+      and frames, and names the checksum of the block before
 *
 *   journal: compact frames, one block per excerpt            archive: chunks of columns, compressed
 *                     \                                      /
 *                      BlockSource  --&gt;  BlockCursor  (one way to walk over both)
 * </pre>
 *
 * <p>In the blocks of a journal a frame is {@linkplain org.iorewind.trace.block.CompactFrame compact}: {@code FrameCompactor}
 * makes it, {@code FrameExpander} makes the frame of it again, {@code BlockFrames} all frames of a block.
 */
@NullMarked
package org.iorewind.trace.block;

import org.jspecify.annotations.NullMarked;
