package org.iorewind.trace.archive;

/**
 * What the index of an archive says about a checkpoint.
 *
 * @param offset in the file
 * @param sequence of the event before which the state was taken
 * @param optionsHash of the options that the model ran with
 * @param modelVersion of the model whose state it is
 * @param payloadLength length of the state in bytes
 * @param storedLength its stored length
 * @param checksum of the whole checkpoint
 */
public record CheckpointEntry(
        long offset,
        long sequence,
        long optionsHash,
        int modelVersion,
        int payloadLength,
        int storedLength,
        int checksum) {
    /** Offset behind it in the file. */
    long endOffset() {
        return offset + CheckpointDescriptor.HEADER_LENGTH + storedLength;
    }
}
