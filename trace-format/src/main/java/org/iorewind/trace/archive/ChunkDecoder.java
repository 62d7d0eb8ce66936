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
 *   shape stream ─▶ where each frame starts ─▶ templates ─▶ columns over them ─▶ times added up
 *                          ▲
 *            columns of lengths, if a shape has variable fields
 * </pre>
 *
 * <p>Not thread-safe; each thread has its own.
 */
final class ChunkDecoder implements AutoCloseable {
    private static final int VARIABLE_LENGTH_BYTES = 2;

    /** Unpacking reads whole words; so many bytes may lie behind the last number. */
    static final int SLACK = 16;

    private final ChunkStreams streams = new ChunkStreams();
    private final ColumnDecoder columns = new ColumnDecoder(streams);
    private final KindCounts.Counter kinds = new KindCounts.Counter();
    private byte[] frames = new byte[0];
    private byte[] content = new byte[0];
    private int[] positions = new int[0];
    private int[] lengths = new int[0];
    private final int[] starts = new int[ColumnDescriptor.MAX_SHAPES + 1];
    private final int[] next = new int[ColumnDescriptor.MAX_SHAPES];
    private final int[] lengthStarts = new int[ColumnDescriptor.MAX_SHAPES];
    private long leastTimeNs;
    private long greatestTimeNs;

    /** The frames of the chunk decoded last, from offset 0 on. */
    byte[] frames() {
        return frames;
    }

    long leastTimeNs() {
        return leastTimeNs;
    }

    long greatestTimeNs() {
        return greatestTimeNs;
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
        int count = claims.count();
        reserve(claims.payloadLength(), count);
        kinds.clear();
        unpackShapes(directory, count);
        int streamsStart = streams.position();
        readLengths(shapes);
        layOut(shapes, count, claims.payloadLength());
        streams.moveTo(streamsStart);
        for (int i = 0; i < shapes.size(); i++) {
            fill(i, shapes);
        }
        streams.requireEnd();
        addUpTimes(shapes, directory.startTimeNs(), count, claims.payloadLength());
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

    private void reserve(int payloadLength, int count) {
        frames = grown(frames, payloadLength);
        if (positions.length < count) {
            positions = new int[count];
        }
    }

    /** An array with room for so many bytes and some more. */
    static byte[] grown(byte[] bytes, int length) {
        return bytes.length < length + SLACK ? new byte[length + SLACK] : bytes;
    }

    /** Leaves the shape of each event in {@link #content}, and counts them. */
    private void unpackShapes(ChunkDirectory directory, int count) {
        content = grown(content, count);
        List<Entry> shapes = directory.shapes();
        if (shapes.size() == 1) {
            Arrays.fill(content, 0, count, (byte) 0);
        } else {
            streams.expand(directory.shapeStreamLength(), count, content);
        }
        Arrays.fill(next, 0);
        for (int i = 0; i < count; i++) {
            // No shape has the number 255: a chunk has 255 at most.
            int shape = content[i] & 0xFF;
            if (shape >= shapes.size()) {
                throw new BadChunkException("a shape below " + shapes.size(), Integer.toString(shape));
            }
            next[shape]++;
        }
        int start = 0;
        for (int i = 0; i < shapes.size(); i++) {
            Entry shape = shapes.get(i);
            require(next[i] == shape.count(), shape.count() + " events of shape " + i, next[i]);
            starts[i] = start;
            start += shape.count();
            if (shape.form() != ColumnDescriptor.FORM_WHOLE) {
                kinds.add(shape.templateId(), shape.count());
            }
        }
        starts[shapes.size()] = start;
    }

    /** Steps over all streams and keeps what tells the lengths of frames: it must be known where a frame starts. */
    private void readLengths(List<Entry> shapes) {
        int used = 0;
        for (int i = 0; i < shapes.size(); i++) {
            Entry shape = shapes.get(i);
            lengthStarts[i] = used;
            int fixed = shape.columns().size() - shape.lengthColumns();
            for (int c = 0; c < shape.columns().size(); c++) {
                Column column = shape.columns().get(c);
                if (c < fixed) {
                    streams.skip(column.storedLength());
                    continue;
                }
                columns.unpack(column, shape.count());
                columns.predictAlone(column, shape.count());
                if (lengths.length < used + shape.count()) {
                    lengths = Arrays.copyOf(lengths, Math.max(2 * used, used + shape.count()));
                }
                for (int j = 0; j < shape.count(); j++) {
                    lengths[used++] = (int) columns.numbers()[j] & 0xFFFF;
                }
            }
            if (shape.form() != ColumnDescriptor.FORM_FIXED) {
                streams.skip(shape.storedContentLength());
            }
        }
    }

    /** Finds where each frame starts: {@link #positions}, shape by shape. */
    private void layOut(List<Entry> shapes, int count, int payloadLength) {
        int[] fixed = new int[shapes.size()];
        for (int i = 0; i < fixed.length; i++) {
            Entry shape = shapes.get(i);
            next[i] = starts[i];
            fixed[i] = shape.form() == ColumnDescriptor.FORM_FIXED ? shape.template().length : 0;
        }
        int position = 0;
        for (int i = 0; i < count; i++) {
            int shape = content[i] & 0xFF;
            int index = next[shape]++;
            int length = fixed[shape];
            if (length == 0) {
                length = variableLength(shapes.get(shape), lengthStarts[shape], index - starts[shape]);
            }
            if (length > payloadLength - position) {
                throw new BadChunkException("frames of " + payloadLength + " bytes", "more");
            }
            positions[index] = position;
            position += length;
        }
        require(position == payloadLength, "frames of " + payloadLength + " bytes", position);
    }

    private int variableLength(Entry shape, int start, int index) {
        if (shape.form() == ColumnDescriptor.FORM_WHOLE) {
            int words = lengths[start + index];
            require(words * FrameDescriptor.ALIGNMENT >= FrameDescriptor.MIN_FRAME_LENGTH, "a frame", words);
            return words * FrameDescriptor.ALIGNMENT;
        }
        int length = shape.template().length;
        for (int field = 0; field < shape.variableFields(); field++) {
            length += VARIABLE_LENGTH_BYTES + lengths[start + field * shape.count() + index];
        }
        int frame = FrameDescriptor.align(length);
        require(frame <= FrameDescriptor.MAX_FRAME_LENGTH, "a frame of at most 524280 bytes", frame);
        return frame;
    }

    private void fill(int number, List<Entry> shapes) {
        Entry shape = shapes.get(number);
        byte[] template = shape.template();
        int end = starts[number + 1];
        for (int i = starts[number]; template.length > 0 && i < end; i++) {
            System.arraycopy(template, 0, frames, positions[i], template.length);
        }
        int fixed = shape.columns().size() - shape.lengthColumns();
        for (int c = 0; c < shape.columns().size(); c++) {
            Column column = shape.columns().get(c);
            if (c >= fixed) {
                streams.skip(column.storedLength());
                continue;
            }
            columns.unpack(column, shape.count());
            if (column.predictor() == ColumnDescriptor.PREDICT_OTHER) {
                columns.predictByOther(number, column, starts, positions, frames);
            } else {
                columns.predictAlone(column, shape.count());
            }
            columns.scatter(column, starts[number], shape.count(), positions, frames);
        }
        if (shape.form() != ColumnDescriptor.FORM_FIXED) {
            content = grown(content, shape.contentLength());
            streams.expand(shape.storedContentLength(), shape.contentLength(), content);
            int used =
                    shape.form() == ColumnDescriptor.FORM_WHOLE ? putWhole(number, shape) : putVariable(number, shape);
            require(used == shape.contentLength(), "content of " + used + " bytes", shape.contentLength());
        }
    }

    private int putVariable(int number, Entry shape) {
        int used = 0;
        for (int i = 0; i < shape.count(); i++) {
            int frame = positions[starts[number] + i];
            int to = frame + shape.template().length;
            for (int field = 0; field < shape.variableFields(); field++) {
                int length = lengths[lengthStarts[number] + field * shape.count() + i];
                require(length <= shape.contentLength() - used, "content for all lengths", used);
                LittleEndian.put(frames, to, VARIABLE_LENGTH_BYTES, length);
                System.arraycopy(content, used, frames, to + VARIABLE_LENGTH_BYTES, length);
                used += length;
                to += VARIABLE_LENGTH_BYTES + length;
            }
            int length = FrameDescriptor.align(to - frame);
            Arrays.fill(frames, to, frame + length, (byte) 0);
            LittleEndian.put(frames, frame + FrameDescriptor.FRAME_WORDS_OFFSET, 2, length / FrameDescriptor.ALIGNMENT);
        }
        return used;
    }

    private int putWhole(int number, Entry shape) {
        int used = 0;
        for (int i = 0; i < shape.count(); i++) {
            int frame = positions[starts[number] + i];
            int length = lengths[lengthStarts[number] + i] * FrameDescriptor.ALIGNMENT;
            require(length <= shape.contentLength() - used, "content for all frames", used);
            System.arraycopy(content, used, frames, frame, length);
            require(Shape.frameLength(frames, frame) == length, "a whole frame of its length", length);
            kinds.add((int) LittleEndian.get(frames, frame + FrameDescriptor.TEMPLATE_ID_OFFSET, 2), 1);
            used += length;
        }
        return used;
    }

    /**
     * Turns differences into times, and finds the least and the greatest. Whole frames have their times already. Goes from frame
     * to frame by the length that each claims, so that whoever reads them can rely on it.
     */
    private void addUpTimes(List<Entry> shapes, long startTimeNs, int count, int payloadLength) {
        int whole = 0;
        int wholeEnd = 0;
        for (int i = 0; i < shapes.size(); i++) {
            if (shapes.get(i).form() == ColumnDescriptor.FORM_WHOLE) {
                require(wholeEnd == 0, "one shape of whole frames", i);
                whole = starts[i];
                wholeEnd = starts[i + 1];
            }
        }
        long time = startTimeNs;
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        int frame = 0;
        int seen = 0;
        while (frame < payloadLength) {
            int length = Shape.frameLength(frames, frame);
            if (length < FrameDescriptor.MIN_FRAME_LENGTH || length > payloadLength - frame) {
                throw new BadChunkException(count + " frames", "one of " + length + " bytes at " + frame);
            }
            long field = (long) LittleEndian.LONG.get(frames, frame + FrameDescriptor.TIME_OFFSET);
            if (whole < wholeEnd && positions[whole] == frame) {
                time = field;
                whole++;
            } else {
                time += field;
                LittleEndian.LONG.set(frames, frame + FrameDescriptor.TIME_OFFSET, time);
            }
            least = Math.min(least, time);
            greatest = Math.max(greatest, time);
            frame += length;
            seen++;
        }
        require(seen == count, count + " frames", seen);
        leastTimeNs = least;
        greatestTimeNs = greatest;
    }

    @Override
    public void close() {
        streams.close();
    }
}
