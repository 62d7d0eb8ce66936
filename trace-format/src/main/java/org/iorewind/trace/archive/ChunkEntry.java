package org.iorewind.trace.archive;

/**
 * What the index of an archive says about a chunk.
 *
 * @param offset of the chunk in the file
 * @param storedLength length of its stored bytes, without header and counts
 * @param payloadLength length of its frames in bytes
 * @param encoding of the stored bytes: {@link ChunkDescriptor#ENCODING_RAW} or {@link ChunkDescriptor#ENCODING_ZSTD}
 * @param firstSequence sequence number of its first event
 * @param count of its events, at least 1
 * @param firstTimeNs time of its first event
 * @param lastTimeNs time of its last event
 * @param checksum of the whole chunk
 * @param kinds how many events of each kind it holds
 */
public record ChunkEntry(
        long offset,
        int storedLength,
        int payloadLength,
        int encoding,
        long firstSequence,
        int count,
        long firstTimeNs,
        long lastTimeNs,
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
