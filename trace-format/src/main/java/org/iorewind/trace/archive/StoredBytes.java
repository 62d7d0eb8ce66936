package org.iorewind.trace.archive;

/** Is told where the bytes of an archive are. */
public interface StoredBytes {
    /** Template id of frames that are kept whole. */
    int WHOLE_FRAMES = -1;

    /**
     * A column of a chunk.
     *
     * @param templateId of the events
     * @param frameOffset of the field in the frame
     * @param bytes stored
     */
    void column(int templateId, int frameOffset, long bytes);

    /**
     * Variable fields of a chunk: their lengths and their content.
     *
     * @param templateId of the events, or {@link #WHOLE_FRAMES}
     * @param bytes stored
     */
    void variable(int templateId, long bytes);

    /**
     * Which event is of which shape, in a chunk.
     *
     * @param bytes stored
     */
    void order(long bytes);

    /**
     * Headers and directories of chunks.
     *
     * @param bytes stored
     */
    default void structure(long bytes) {}
}
