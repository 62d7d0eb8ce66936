package org.iorewind.trace;

/**
 * Takes short frames from registers: whoever has made a frame word by word need not store it, only to have it read and stored
 * once more. Frames of this length are the most frequent ones, {@code DmaRequest} above all.
 */
public interface WordAppender extends EventAppender {
    /**
     * Appends a frame of 40 bytes.
     *
     * @param header its first word: that it is of this length stands there too
     * @param timeNs its second one
     * @param word2 its third one
     * @param word3 its fourth one
     * @param word4 its last one
     * @return the sequence number
     * @throws TraceStoreException as {@link EventAppender#append}
     */
    long append(long header, long timeNs, long word2, long word3, long word4);
}
