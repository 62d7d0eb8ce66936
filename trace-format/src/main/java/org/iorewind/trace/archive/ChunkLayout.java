package org.iorewind.trace.archive;

import static org.iorewind.trace.archive.BadChunkException.require;

import java.util.Arrays;
import java.util.List;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.archive.ChunkDirectory.Column;
import org.iorewind.trace.archive.ChunkDirectory.Entry;

/**
 * Where each frame of a chunk lies, and when its event happened: all that depends on the order of events of different
 * shapes. Every frame lies behind the one before it, has room for its template and its variable fields, and all of them
 * fill the payload to its end. Allocates nothing per event. Not thread-safe.
 */
final class ChunkLayout {

    private final ChunkStreams streams;
    private final ColumnDecoder columns;
    /** The shape of each event. */
    private byte[] order = new byte[0];
    /** Where each frame starts, shape by shape. */
    private int[] positions = new int[0];
    /** Time from the event before, shape by shape; of whole frames the time itself. */
    private long[] times = new long[0];
    /** Lengths of variable fields, or of whole frames in words, shape by shape and field by field. */
    private int[] lengths = new int[0];
    /** Lengths of frames that have no fixed one, shape by shape. */
    private int[] frameLengths = new int[0];
    /** All whole frames, one behind the other. */
    private byte[] whole = new byte[0];

    private final int[] starts = new int[ColumnDescriptor.MAX_SHAPES + 1];
    private final int[] next = new int[ColumnDescriptor.MAX_SHAPES];
    private final int[] fixedLengths = new int[ColumnDescriptor.MAX_SHAPES];
    private final int[] lengthStarts = new int[ColumnDescriptor.MAX_SHAPES];
    private long leastTimeNs;
    private long greatestTimeNs;

    ChunkLayout(ChunkStreams streams, ColumnDecoder columns) {
        this.streams = streams;
        this.columns = columns;
    }

    /** Where each frame starts: those of one shape behind each other, from its {@link #starts start} on. */
    int[] positions() {
        return positions;
    }

    /** Where the positions of each shape start, and behind the last one where they end. */
    int[] starts() {
        return starts;
    }

    /** Length of a variable field, or of a whole frame in words. */
    int length(int shape, int count, int field, int index) {
        return lengths[lengthStarts[shape] + field * count + index];
    }

    /** The whole frames of the chunk, one behind the other. */
    byte[] whole() {
        return whole;
    }

    long leastTimeNs() {
        return leastTimeNs;
    }

    long greatestTimeNs() {
        return greatestTimeNs;
    }

    /**
     * Reads what tells order, lengths and times, and leaves the streams behind the shape stream.
     *
     * @param count of all events, which is the sum of what the shapes have
     */
    void read(ChunkDirectory directory, int count) {
        List<Entry> shapes = directory.shapes();
        order = ChunkDecoder.grown(order, count);
        if (positions.length < count) {
            positions = new int[count];
            times = new long[count];
            frameLengths = new int[count];
        }
        if (shapes.size() == 1) {
            Arrays.fill(order, 0, count, (byte) 0);
        } else {
            streams.expand(directory.shapeStreamLength(), count, order);
        }
        int streamsStart = streams.position();
        int start = 0;
        int used = 0;
        int wholeShapes = 0;
        for (int i = 0; i < shapes.size(); i++) {
            Entry shape = shapes.get(i);
            starts[i] = start;
            lengthStarts[i] = used;
            used = readLengths(shape, start, used);
            if (shape.form() == ColumnDescriptor.FORM_WHOLE) {
                require(++wholeShapes == 1, "one shape of whole frames", i);
                readWhole(shape, i);
            } else if (shape.form() == ColumnDescriptor.FORM_VARIABLE) {
                addUpLengths(shape, i);
                streams.skip(shape.storedContentLength());
            }
            start += shape.count();
        }
        starts[shapes.size()] = start;
        streams.moveTo(streamsStart);
    }

    /** Steps over the fixed columns but the time; returns how many lengths are used then. */
    private int readLengths(Entry shape, int start, int used) {
        int end = used;
        int fixed = shape.columns().size() - shape.lengthColumns();
        if (shape.form() != ColumnDescriptor.FORM_WHOLE && !shape.hasTimeColumn()) {
            long step = LittleEndian.get(shape.template(), FrameDescriptor.TIME_OFFSET, Long.BYTES);
            Arrays.fill(times, start, start + shape.count(), step);
        }
        for (int c = 0; c < shape.columns().size(); c++) {
            Column column = shape.columns().get(c);
            if (c < fixed) {
                if (column.isTime()) {
                    columns.unpack(column, shape.count());
                    columns.predictAlone(column, shape.count());
                    System.arraycopy(columns.numbers(), 0, times, start, shape.count());
                } else {
                    streams.skip(column.storedLength());
                }
                continue;
            }
            columns.unpack(column, shape.count());
            columns.predictAlone(column, shape.count());
            if (lengths.length < end + shape.count()) {
                lengths = Arrays.copyOf(lengths, Math.max(2 * end, end + shape.count()));
            }
            for (int j = 0; j < shape.count(); j++) {
                lengths[end++] = (int) columns.numbers()[j] & 0xFFFF;
            }
        }
        return end;
    }

    private void addUpLengths(Entry shape, int number) {
        for (int i = 0; i < shape.count(); i++) {
            int length = shape.template().length;
            for (int field = 0; field < shape.variableFields(); field++) {
                length += FrameDescriptor.VARIABLE_LENGTH_BYTES + length(number, shape.count(), field, i);
            }
            int frame = FrameDescriptor.align(length);
            require(frame <= FrameDescriptor.MAX_FRAME_LENGTH, "a frame of at most 524280 bytes", frame);
            frameLengths[starts[number] + i] = frame;
        }
    }

    private void readWhole(Entry shape, int number) {
        whole = ChunkDecoder.grown(whole, shape.contentLength());
        streams.expand(shape.storedContentLength(), shape.contentLength(), whole);
        int used = 0;
        for (int i = 0; i < shape.count(); i++) {
            int words = length(number, shape.count(), 0, i);
            require(words * FrameDescriptor.ALIGNMENT >= FrameDescriptor.MIN_FRAME_LENGTH, "a frame", words);
            int length = words * FrameDescriptor.ALIGNMENT;
            require(length <= shape.contentLength() - used, "content for all frames", used);
            frameLengths[starts[number] + i] = length;
            times[starts[number] + i] = (long) LittleEndian.LONG.get(whole, used + FrameDescriptor.TIME_OFFSET);
            used += length;
        }
        require(used == shape.contentLength(), "content of " + used + " bytes", shape.contentLength());
    }

    /**
     * Finds where each frame starts, and puts its time there.
     *
     * @param frames has room for the payload
     * @throws BadChunkException if the frames do not fill the payload
     */
    void place(ChunkDirectory directory, int count, int payloadLength, byte[] frames) {
        List<Entry> shapes = directory.shapes();
        int wholeShape = -1;
        for (int i = 0; i < shapes.size(); i++) {
            Entry shape = shapes.get(i);
            next[i] = starts[i];
            fixedLengths[i] = shape.form() == ColumnDescriptor.FORM_FIXED ? shape.template().length : 0;
            wholeShape = shape.form() == ColumnDescriptor.FORM_WHOLE ? i : wholeShape;
        }
        // The loop is all that every event of an archive costs here: it reads its arrays from locals.
        byte[] shapeOf = order;
        int[] nextOf = next;
        int[] endOf = starts;
        int[] lengthOf = fixedLengths;
        int[] lengthAt = frameLengths;
        int[] placeOf = positions;
        long[] timeOf = times;
        int shapeCount = shapes.size();
        int position = 0;
        long time = directory.startTimeNs();
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            int shape = shapeOf[i] & 0xFF;
            // No shape has the number 255: a chunk has 255 at most.
            if (shape >= shapeCount) {
                throw new BadChunkException("a shape below " + shapeCount, Integer.toString(shape));
            }
            int index = nextOf[shape];
            nextOf[shape] = index + 1;
            if (index >= endOf[shape + 1]) {
                throw new BadChunkException(shapes.get(shape).count() + " events of shape " + shape, "more");
            }
            int length = lengthOf[shape];
            if (length == 0) {
                length = lengthAt[index];
            }
            if (length > payloadLength - position) {
                throw new BadChunkException("frames of " + payloadLength + " bytes", "more");
            }
            placeOf[index] = position;
            time = shape == wholeShape ? timeOf[index] : time + timeOf[index];
            LittleEndian.LONG.set(frames, position + FrameDescriptor.TIME_OFFSET, time);
            least = Math.min(least, time);
            greatest = Math.max(greatest, time);
            position += length;
        }
        require(position == payloadLength, "frames of " + payloadLength + " bytes", position);
        leastTimeNs = least;
        greatestTimeNs = greatest;
    }
}
