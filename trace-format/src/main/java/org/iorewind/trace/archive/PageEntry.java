package org.iorewind.trace.archive;

/**
 * What the index of an archive says about one of its pages.
 *
 * @param offset of the page in the file; the chunks and checkpoints that it describes lie before it
 * @param firstSequence sequence number of the first event of its first chunk
 * @param leastTimeNs least time of an event
 * @param greatestTimeNs greatest time of an event
 * @param length of the page in bytes
 * @param checksum CRC-32C of the page
 * @param chunks number of chunks, at least 1
 * @param checkpoints number of checkpoints
 * @param lastChecksum checksum of its last chunk, which the chunk behind it names
 * @param kinds how many events of each kind its chunks hold
 */
record PageEntry(
        long offset,
        long firstSequence,
        long leastTimeNs,
        long greatestTimeNs,
        int length,
        int checksum,
        int chunks,
        int checkpoints,
        int lastChecksum,
        KindCounts kinds) {
    long endOffset() {
        return offset + length;
    }

    long endSequence() {
        return firstSequence + kinds.total();
    }
}
