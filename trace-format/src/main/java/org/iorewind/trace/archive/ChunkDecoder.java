package org.iorewind.trace.archive;

import static org.iorewind.trace.archive.BadChunkException.require;

import java.util.Arrays;
import java.util.List;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.archive.ChunkDirectory.Column;
import org.iorewind.trace.archive.ChunkDirectory.Entry;

/**
 * Makes the frames of a chunk out of its directory and streams. Column by column, so that each loop does one thing;
 * allocates nothing per event. Memory is bounded by the chunk's length of frames, which the index has bounded.
 *
 * <pre>
 *   shape stream, times, ─▶ where each frame starts, with its time ─▶ templates ─▶ columns over them
 *   lengths of variable fields
 * </pre>
 *
 * <p>Not thread-safe; each thread has its own.
 */
final class ChunkDecoder implements AutoCloseable {

    /** Unpacking reads whole words; so many bytes may lie behind the last number. */
    static final int SLACK = 16;

    private final ChunkStreams streams = new ChunkStreams();
    private final ColumnDecoder columns = new ColumnDecoder(streams);
    private final ChunkLayout layout = new ChunkLayout(streams, columns);
    private final TemplateStamp stamp = new TemplateStamp();
    private final KindCounts.Counter kinds = new KindCounts.Counter();
    private byte[] frames = new byte[0];
    private boolean areSound;
    private byte[] content = new byte[0];

    /** The frames of the chunk decoded last, from offset 0 on. */
    byte[] frames() {
        return frames;
    }

    long leastTimeNs() {
        return layout.leastTimeNs();
    }

    long greatestTimeNs() {
        return layout.greatestTimeNs();
    }

    /** Whether each frame of the chunk decoded last is sound by itself, as far as that can be told by what they have in common. */
    boolean areFramesSound() {
        return areSound;
    }

    /** How many events of each kind the chunk decoded last has. */
    KindCounts kinds() {
        return kinds.toCounts();
    }

    /**
     * Decodes a chunk into {@link #frames}.
     *
     * @param bytes holds what is stored: the directory, then the streams
     * @param offset of it
     * @param claims what the index says, bounded
     * @param directoryLength of the directory when it is not compressed
     * @param storedDirectoryLength as it is stored
     * @throws BadChunkException if the chunk contradicts itself
     */
    void decode(byte[] bytes, int offset, ChunkEntry claims, int directoryLength, int storedDirectoryLength) {
        ChunkDirectory directory = directory(bytes, offset, claims, directoryLength, storedDirectoryLength);
        List<Entry> shapes = directory.shapes();
        frames = grown(frames, claims.payloadLength());
        kinds.clear();
        areSound = true;
        layout.read(directory, claims.count());
        layout.place(directory, claims.count(), claims.payloadLength(), frames);
        for (int i = 0; i < shapes.size(); i++) {
            areSound &= shapes.get(i).makesSoundFrames();
            if (shapes.get(i).form() == ColumnDescriptor.FORM_WHOLE) {
                putWhole(i, shapes.get(i));
            } else {
                fill(i, shapes.get(i));
            }
        }
        streams.requireEnd();
    }

    /** The directory alone, for statistics. */
    ChunkDirectory directory(
            byte[] bytes, int offset, ChunkEntry claims, int directoryLength, int storedDirectoryLength) {
        require(
                directoryLength > 0 && directoryLength <= ColumnDescriptor.MAX_DIRECTORY_LENGTH,
                "a directory of at most 1 MiB",
                directoryLength);
        require(
                storedDirectoryLength > 0
                        && storedDirectoryLength <= directoryLength
                        && storedDirectoryLength <= claims.storedLength(),
                "a directory inside the chunk",
                storedDirectoryLength);
        streams.start(bytes, offset, claims.storedLength());
        content = grown(content, directoryLength);
        streams.expand(storedDirectoryLength, directoryLength, content);
        return ChunkDirectory.read(content, directoryLength, claims);
    }

    /** An array with room for so many bytes and some more. */
    static byte[] grown(byte[] bytes, int length) {
        return bytes.length < length + SLACK ? new byte[length + SLACK] : bytes;
    }

    private void fill(int number, Entry shape) {
        int[] positions = layout.positions();
        int start = layout.starts()[number];
        kinds.add(shape.templateId(), shape.count());
        stamp.cut(shape);
        stamp.put(frames, positions, start, start + shape.count());
        int fixed = shape.columns().size() - shape.lengthColumns();
        for (int c = 0; c < shape.columns().size(); c++) {
            Column column = shape.columns().get(c);
            if (c >= fixed || column.isTime()) {
                streams.skip(column.storedLength());
                continue;
            }
            columns.unpack(column, shape.count());
            if (column.predictor() == ColumnDescriptor.PREDICT_OTHER) {
                columns.predictByOther(number, column, layout.starts(), positions, frames);
            } else {
                columns.predictAlone(column, shape.count());
            }
            columns.scatter(column, start, shape.count(), positions, frames);
        }
        if (shape.form() == ColumnDescriptor.FORM_VARIABLE) {
            putVariable(number, shape);
        }
    }

    private void putVariable(int number, Entry shape) {
        content = grown(content, shape.contentLength());
        streams.expand(shape.storedContentLength(), shape.contentLength(), content);
        int start = layout.starts()[number];
        int used = 0;
        for (int i = 0; i < shape.count(); i++) {
            int frame = layout.positions()[start + i];
            int to = frame + shape.template().length;
            for (int field = 0; field < shape.variableFields(); field++) {
                int length = layout.length(number, shape.count(), field, i);
                require(length <= shape.contentLength() - used, "content for all lengths", used);
                LittleEndian.put(frames, to, FrameDescriptor.VARIABLE_LENGTH_BYTES, length);
                System.arraycopy(content, used, frames, to + FrameDescriptor.VARIABLE_LENGTH_BYTES, length);
                used += length;
                to += FrameDescriptor.VARIABLE_LENGTH_BYTES + length;
            }
            int length = FrameDescriptor.align(to - frame);
            Arrays.fill(frames, to, frame + length, (byte) 0);
            LittleEndian.put(frames, frame + FrameDescriptor.FRAME_WORDS_OFFSET, 2, length / FrameDescriptor.ALIGNMENT);
        }
        require(used == shape.contentLength(), "content of " + used + " bytes", shape.contentLength());
    }

    /** The layout has read them, and found that they have the lengths which their column claims. */
    private void putWhole(int number, Entry shape) {
        for (Column column : shape.columns()) {
            streams.skip(column.storedLength());
        }
        streams.skip(shape.storedContentLength());
        byte[] whole = layout.whole();
        int start = layout.starts()[number];
        int used = 0;
        for (int i = 0; i < shape.count(); i++) {
            int frame = layout.positions()[start + i];
            int length = layout.length(number, shape.count(), 0, i) * FrameDescriptor.ALIGNMENT;
            System.arraycopy(whole, used, frames, frame, length);
            require(Shape.frameLength(frames, frame) == length, "a whole frame of its length", length);
            kinds.add((int) LittleEndian.get(frames, frame + FrameDescriptor.TEMPLATE_ID_OFFSET, 2), 1);
            used += length;
        }
    }

    @Override
    public void close() {
        streams.close();
    }
}
