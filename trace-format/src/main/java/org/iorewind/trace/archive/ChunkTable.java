package org.iorewind.trace.archive;

/** What is known about the chunks that a {@link ChunkSource} reads: from the index, or found without one. */
interface ChunkTable {
    long sessionHigh();

    long sessionLow();

    /** What a chunk must be. */
    ChunkEntry chunk(long chunk);

    /** Sequence number of a chunk's first event; ascending over the chunks. */
    long firstSequence(long chunk);

    /** Checksum that the chunk must name as that of the chunk before. */
    int checksumBefore(long chunk);
}
