package org.iorewind.trace.archive;

/**
 * What the index of an archive says about a chunk.
 *
 * @param offset of the chunk in the file
 * @param storedLength length of its stored bytes, without header and counts
 * @param payloadLength length of its frames in bytes
 * @param firstSequence sequence number of its first event
 * @param count of its events, at least 1
 * @param leastTimeNs least time of an event
 * @param greatestTimeNs greatest time of an event
 * @param checksum of the whole chunk
 * @param kinds how many events of each kind it holds
 */
public record ChunkEntry(
        long offset,
        int storedLength,
        int payloadLength,
        long firstSequence,
        int count,
        long leastTimeNs,
        long greatestTimeNs,
        int checksum,
        KindCounts kinds) {
    /** Length of header and counts in bytes. */
    int headLength() {
        return ChunkDescriptor.HEADER_LENGTH + kinds.size() * ChunkDescriptor.KIND_LENGTH;
    }

    /** Offset behind the chunk in the file. */
    long endOffset() {
        return offset + headLength() + storedLength;
    }

    /** Sequence number behind the last event. */
    public long endSequence() {
        return firstSequence + count;
    }
}
