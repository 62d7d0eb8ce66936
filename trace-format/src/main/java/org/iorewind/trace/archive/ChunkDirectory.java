package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.iorewind.trace.archive.BadChunkException.require;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.FrameEventView;

/**
 * The directory of a chunk, read and bounded: nothing in it can lead a decoder out of its arrays, and all streams
 * together are no longer than the frames they make.
 *
 * @param startTimeNs time from which the first difference counts
 * @param shapeStreamLength stored length of the shape stream; 0 if there is one shape only
 * @param shapes in their order
 */
record ChunkDirectory(long startTimeNs, int shapeStreamLength, List<Entry> shapes) {

    ChunkDirectory {
        shapes = List.copyOf(shapes);
    }

    /**
     * One shape.
     *
     * @param form see {@link ColumnDescriptor}
     * @param variableFields number of them
     * @param count of events, at least 1
     * @param template start of each frame
     * @param columns by ascending offset, those of lengths last
     * @param contentLength length of the content in bytes; 0 in form 0
     * @param storedContentLength its stored length
     */
    record Entry(
            int form,
            int variableFields,
            int count,
            byte[] template,
            List<Column> columns,
            int contentLength,
            int storedContentLength) {
        Entry {
            columns = List.copyOf(columns);
        }

        /** Number of columns that hold lengths, at the end of the list. */
        int lengthColumns() {
            return form == ColumnDescriptor.FORM_WHOLE ? 1 : variableFields;
        }

        /** Whether times are a column; if not, all events have the same distance from the one before. */
        boolean hasTimeColumn() {
            return columns.size() > lengthColumns() && columns.get(0).isTime();
        }

        /**
         * Whether each frame that it makes is sound. Frames differ in what columns replace, which is never the header: a
         * frame of fixed length is sound if its template is and no column replaces the length of a variable field, and one of
         * variable length if it has as many variable fields as its type. Not told of frames with several variable fields.
         */
        boolean makesSoundFrames() {
            if (form == ColumnDescriptor.FORM_WHOLE) {
                return false;
            }
            long header = LittleEndian.get(template, 0, Long.BYTES);
            int fields = FrameEventView.variableFields(header);
            int behind = FrameDescriptor.HEADER_LENGTH
                    + (int) LittleEndian.get(template, FrameDescriptor.BLOCK_LENGTH_OFFSET, 2);
            if (form == ColumnDescriptor.FORM_VARIABLE) {
                return fields == variableFields && behind == template.length;
            }
            boolean isInside = fields == 0
                    ? behind <= template.length
                    : behind + FrameDescriptor.VARIABLE_LENGTH_BYTES <= template.length
                            && LittleEndian.get(template, behind, FrameDescriptor.VARIABLE_LENGTH_BYTES)
                                    <= template.length - behind - FrameDescriptor.VARIABLE_LENGTH_BYTES;
            return (fields == 0 || fields == 1 && !isReplaced(behind)) && isInside;
        }

        private boolean isReplaced(int length) {
            for (Column column : columns) {
                if (column.offset() < length + FrameDescriptor.VARIABLE_LENGTH_BYTES
                        && column.offset() + column.width() > length) {
                    return true;
                }
            }
            return false;
        }

        /** The event type that the template makes; -1 for whole frames. */
        int templateId() {
            return form == ColumnDescriptor.FORM_WHOLE
                    ? -1
                    : (int) LittleEndian.get(template, FrameDescriptor.TEMPLATE_ID_OFFSET, 2);
        }
    }

    /** One column; names as in {@link ColumnDescriptor}. */
    record Column(
            int offset,
            int width,
            int predictor,
            int layout,
            int bits,
            int otherShape,
            int otherOffset,
            int dictionary,
            int storedLength,
            long first,
            long least,
            long step) {
        /** Whether it holds the distances in time from the event before; only such a column begins there. */
        boolean isTime() {
            return offset == FrameDescriptor.TIME_OFFSET;
        }

        /** Length of the stream before compression, for so many values. */
        long length(int count) {
            return (long) dictionary * width + NumberPacking.length(layout, count, bits);
        }
    }

    /**
     * Reads a directory.
     *
     * @param in the directory, not compressed
     * @param claims what the index says about the chunk; has been bounded
     * @throws BadChunkException if a number in it cannot be
     */
    static ChunkDirectory read(byte[] in, int length, ChunkEntry claims) {
        ByteBuffer bytes = ByteBuffer.wrap(in, 0, length).order(LITTLE_ENDIAN);
        requireBytes(bytes, ColumnDescriptor.DIRECTORY_HEAD_LENGTH);
        long startTimeNs = bytes.getLong();
        int shapeStream = bytes.getInt();
        int shapeCount = bytes.getInt() & 0xFFFF;
        require(shapeCount > 0 && shapeCount <= ColumnDescriptor.MAX_SHAPES, "1 to 255 shapes", shapeCount);
        require(shapeCount > 1 || shapeStream == 0, "no shape stream for one shape", shapeStream);
        require(shapeStream >= 0 && shapeStream <= claims.count(), "a shape stream as long as the count", shapeStream);
        List<Entry> shapes = new ArrayList<>(shapeCount);
        long events = 0;
        for (int i = 0; i < shapeCount; i++) {
            Entry shape = shape(bytes, shapes, claims);
            events += shape.count();
            shapes.add(shape);
        }
        require(events == claims.count(), "shapes of " + claims.count() + " events", events);
        require(!bytes.hasRemaining(), "the end of the directory", bytes.remaining());
        return new ChunkDirectory(startTimeNs, shapeStream, shapes);
    }

    /** Tells where the bytes of the chunk are. */
    void visit(ChunkEntry chunk, StoredBytes visitor) {
        long streams = shapeStreamLength;
        visitor.order(shapeStreamLength);
        for (Entry shape : shapes) {
            int fixed = shape.columns().size() - shape.lengthColumns();
            long variable = shape.storedContentLength();
            for (int i = 0; i < shape.columns().size(); i++) {
                Column column = shape.columns().get(i);
                if (i < fixed) {
                    visitor.column(shape.templateId(), column.offset(), column.storedLength());
                } else {
                    variable += column.storedLength();
                }
                streams += column.storedLength();
            }
            if (shape.lengthColumns() > 0) {
                visitor.variable(shape.templateId(), variable);
                streams += shape.storedContentLength();
            }
        }
        visitor.structure(chunk.endOffset() - chunk.offset() - streams);
    }

    private static Entry shape(ByteBuffer bytes, List<Entry> before, ChunkEntry claims) {
        requireBytes(bytes, ColumnDescriptor.SHAPE_HEAD_LENGTH);
        int form = bytes.get() & 0xFF;
        int variableFields = bytes.get() & 0xFF;
        int columnCount = bytes.getShort() & 0xFFFF;
        int count = bytes.getInt();
        int templateLength = bytes.getShort() & 0xFFFF;
        require(form <= ColumnDescriptor.FORM_WHOLE, "form 0, 1 or 2", form);
        require(count > 0 && count <= claims.count(), "1 to " + claims.count() + " events", count);
        boolean variable = form == ColumnDescriptor.FORM_VARIABLE;
        require(variable == variableFields > 0, "variable fields in form 1 only", variableFields);
        requireBytes(bytes, templateLength);
        byte[] template = new byte[templateLength];
        bytes.get(template);
        checkTemplate(form, template);
        int fields = templateLength + variableFields * FrameDescriptor.VARIABLE_LENGTH_BYTES;
        long least = FrameDescriptor.align(Math.max(FrameDescriptor.MIN_FRAME_LENGTH, fields));
        require(least * count <= claims.payloadLength(), "frames of " + claims.payloadLength(), least * count);
        int lengths = form == ColumnDescriptor.FORM_WHOLE ? 1 : variableFields;
        require(columnCount >= lengths, "columns of lengths", columnCount);
        requireBytes(bytes, (long) columnCount * ColumnDescriptor.COLUMN_LENGTH);
        List<Column> columns = new ArrayList<>(columnCount);
        int end = FrameDescriptor.HEADER_LENGTH;
        for (int i = 0; i < columnCount; i++) {
            Column column = column(bytes);
            checkColumn(column, count, i >= columnCount - lengths);
            if (i < columnCount - lengths) {
                checkPlace(column, end, templateLength);
                checkOther(column, before, templateLength);
                end = column.offset() + column.width();
            }
            columns.add(column);
        }
        int content = 0;
        int stored = 0;
        if (form != ColumnDescriptor.FORM_FIXED) {
            requireBytes(bytes, ColumnDescriptor.CONTENT_LENGTH);
            content = bytes.getInt();
            stored = bytes.getInt();
            require(content >= 0 && content <= claims.payloadLength(), "content inside the frames", content);
            require(stored >= 0 && stored <= content, "content of " + content + " stored bytes at most", stored);
        }
        return new Entry(form, variableFields, count, template, columns, content, stored);
    }

    private static void checkTemplate(int form, byte[] template) {
        int length = template.length;
        if (form == ColumnDescriptor.FORM_WHOLE) {
            require(length == 0, "no template for whole frames", length);
            return;
        }
        require(length >= FrameDescriptor.HEADER_LENGTH + FrameDescriptor.ORIGIN_LENGTH, "a template", length);
        if (form == ColumnDescriptor.FORM_FIXED) {
            require(Shape.frameLength(template, 0) == length, "a template of its frame's length", length);
        }
    }

    private static Column column(ByteBuffer bytes) {
        int at = bytes.position();
        bytes.position(at + ColumnDescriptor.COLUMN_LENGTH);
        return new Column(
                bytes.getShort(at) & 0xFFFF,
                bytes.get(at + ColumnDescriptor.COLUMN_WIDTH_OFFSET),
                bytes.get(at + ColumnDescriptor.COLUMN_PREDICTOR_OFFSET) & 0xFF,
                bytes.get(at + ColumnDescriptor.COLUMN_LAYOUT_OFFSET) & 0xFF,
                bytes.get(at + ColumnDescriptor.COLUMN_BITS_OFFSET) & 0xFF,
                bytes.get(at + ColumnDescriptor.COLUMN_OTHER_SHAPE_OFFSET) & 0xFF,
                bytes.getShort(at + ColumnDescriptor.COLUMN_OTHER_OFFSET_OFFSET) & 0xFFFF,
                bytes.getShort(at + ColumnDescriptor.COLUMN_DICTIONARY_OFFSET) & 0xFFFF,
                bytes.getInt(at + ColumnDescriptor.COLUMN_STORED_LENGTH_OFFSET),
                bytes.getLong(at + ColumnDescriptor.COLUMN_FIRST_OFFSET),
                bytes.getLong(at + ColumnDescriptor.COLUMN_LEAST_OFFSET),
                bytes.getLong(at + ColumnDescriptor.COLUMN_STEP_OFFSET));
    }

    private static void checkColumn(Column column, int count, boolean isLength) {
        int width = column.width();
        require(width == 1 || width == 2 || width == 4 || width == 8, "a width of 1, 2, 4 or 8", width);
        require(column.predictor() <= ColumnDescriptor.PREDICT_DICTIONARY, "predictor 0 to 4", column.predictor());
        require(column.layout() <= ColumnDescriptor.LAYOUT_BITS, "layout 0 to 2", column.layout());
        require(column.bits() <= width * Byte.SIZE, "at most " + width * Byte.SIZE + " bits", column.bits());
        boolean dictionary = column.predictor() == ColumnDescriptor.PREDICT_DICTIONARY;
        int entries = column.dictionary();
        require(dictionary == entries > 0, "a dictionary where one predicts", entries);
        int most = Math.min(count, ColumnDescriptor.MAX_DICTIONARY);
        require(entries <= most, "a dictionary of at most " + most, entries);
        boolean alone = column.predictor() != ColumnDescriptor.PREDICT_OTHER;
        require(!isLength || width == 2 && alone, "lengths of 2 bytes that stand alone", column.predictor());
        long length = column.length(count);
        int stored = column.storedLength();
        require(stored >= 0 && stored <= length && stored > 0 == length > 0, "up to " + length + " bytes", stored);
    }

    private static void checkPlace(Column column, int end, int templateLength) {
        int behind = column.offset() + column.width();
        require(column.offset() >= end && behind <= templateLength, "a column inside the template", column.offset());
        boolean touchesTime = column.offset() < FrameDescriptor.SOURCE_OFFSET;
        boolean isTime = column.offset() == FrameDescriptor.TIME_OFFSET && column.width() == Long.BYTES;
        require(!touchesTime || isTime, "the time as one column", column.offset());
        boolean alone = column.predictor() != ColumnDescriptor.PREDICT_OTHER;
        require(!isTime || alone, "a time that stands alone", column.predictor());
    }

    /** What predicts must be known before, and must not be the time, which is only a difference yet. */
    private static void checkOther(Column column, List<Entry> before, int templateLength) {
        if (column.predictor() != ColumnDescriptor.PREDICT_OTHER) {
            return;
        }
        int shape = column.otherShape();
        require(shape <= before.size(), "a shape before", shape);
        int limit = shape == before.size()
                ? Math.min(column.offset(), templateLength)
                : before.get(shape).template().length;
        int behind = column.otherOffset() + column.width();
        boolean inside = column.otherOffset() >= FrameDescriptor.SOURCE_OFFSET && behind <= limit;
        require(inside, "another field inside its frame", column.otherOffset());
    }

    private static void requireBytes(ByteBuffer bytes, long length) {
        require(bytes.remaining() >= length, length + " bytes of directory", bytes.remaining());
    }
}
