package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.archive.Residuals.OtherField;

/** Turns the frames of a chunk into its directory and its streams. Not thread-safe. */
final class ChunkEncoder implements AutoCloseable {
    private static final List<OtherField> NOTHING_ELSE = List.of();

    /** So many fields of the same name are tried as predictors, the nearest shapes first. */
    private static final int MAX_OTHERS = 4;

    private final ShapeSorter sorter = new ShapeSorter();
    private final ColumnEncoder columns = new ColumnEncoder();
    private final List<List<FieldValues>> values = new ArrayList<>();
    private final ByteBuffer directory =
            ByteBuffer.allocate(ColumnDescriptor.MAX_DIRECTORY_LENGTH).order(LITTLE_ENDIAN);
    private byte[] frames = new byte[0];
    private int[] offsets = new int[0];

    /**
     * The values of one field in all events of a shape.
     *
     * @param field which
     * @param values in the order of the events
     * @param constant whether all are equal, so that the template holds them
     */
    private record FieldValues(ShapePlan.Field field, long[] values, boolean constant) {}

    /**
     * A chunk's content.
     *
     * @param directory not compressed
     * @param storedDirectory as it goes into the file
     * @param streams as they go into the file, one behind the other
     */
    record Encoded(byte[] directory, byte[] storedDirectory, byte[] streams) {}

    /**
     * Encodes frames that have been checked.
     *
     * @param frameBytes holds the frames
     * @param frameOffsets where each frame starts
     * @param count of the frames, at least 1
     */
    Encoded encode(byte[] frameBytes, int[] frameOffsets, int count) {
        frames = frameBytes;
        offsets = frameOffsets;
        for (int i = 0; i < count; i++) {
            sorter.add(i, frames, offsets[i]);
        }
        List<Shape> shapes = sorter.shapes();
        ByteArrayOutputStream streams = new ByteArrayOutputStream();
        byte[] shapeStream = shapeStream(shapes, count);
        streams.writeBytes(shapeStream);
        directory.clear();
        directory
                .putLong(time(0))
                .putInt(shapeStream.length)
                .putShort((short) shapes.size())
                .putShort((short) 0);
        for (int i = 0; i < shapes.size(); i++) {
            Shape shape = shapes.get(i);
            List<FieldValues> fields = new ArrayList<>();
            for (ShapePlan.Field field : shape.fields()) {
                fields.add(valuesOf(shape, field));
            }
            values.add(fields);
            describe(i, shape, streams);
        }
        byte[] plain = Arrays.copyOf(directory.array(), directory.position());
        Encoded encoded = new Encoded(plain, columns.stored(plain, plain.length), streams.toByteArray());
        sorter.clear();
        values.clear();
        return encoded;
    }

    private long time(int event) {
        return LittleEndian.get(frames, offsets[event] + FrameDescriptor.TIME_OFFSET, Long.BYTES);
    }

    private byte[] shapeStream(List<Shape> shapes, int count) {
        if (shapes.size() == 1) {
            return new byte[0];
        }
        byte[] stream = new byte[count];
        for (int i = 0; i < shapes.size(); i++) {
            Shape shape = shapes.get(i);
            for (int j = 0; j < shape.count(); j++) {
                stream[shape.event(j)] = (byte) i;
            }
        }
        return columns.stored(stream, count);
    }

    private FieldValues valuesOf(Shape shape, ShapePlan.Field field) {
        long[] column = new long[shape.count()];
        boolean constant = true;
        boolean isTime = field.offset() == FrameDescriptor.TIME_OFFSET;
        for (int i = 0; i < column.length; i++) {
            int event = shape.event(i);
            column[i] = isTime
                    ? time(event) - time(Math.max(0, event - 1))
                    : LittleEndian.get(frames, offsets[event] + field.offset(), field.width());
            constant &= column[i] == column[0];
        }
        return new FieldValues(field, column, constant);
    }

    private void describe(int number, Shape shape, ByteArrayOutputStream streams) {
        List<EncodedColumn> encoded = new ArrayList<>();
        int templateLength = shape.templateLength(frames, offsets[shape.event(0)]);
        byte[] template = Arrays.copyOfRange(frames, offsets[shape.event(0)], offsets[shape.event(0)] + templateLength);
        for (FieldValues field : values.get(number)) {
            int offset = field.field().offset();
            int width = field.field().width();
            LittleEndian.put(template, offset, width, field.constant() ? field.values()[0] : 0);
            if (!field.constant()) {
                boolean isTime = offset == FrameDescriptor.TIME_OFFSET;
                List<OtherField> others = isTime ? NOTHING_ELSE : others(number, field);
                encoded.add(columns.encode(offset, width, field.values(), isTime, others));
            }
        }
        byte[] content = new byte[0];
        if (shape.form() == ColumnDescriptor.FORM_VARIABLE) {
            Arrays.fill(template, FrameDescriptor.FRAME_WORDS_OFFSET, FrameDescriptor.HEADER_LENGTH, (byte) 0);
            content = variableContent(shape, encoded);
        } else if (shape.form() == ColumnDescriptor.FORM_WHOLE) {
            content = wholeContent(shape, encoded);
        }
        directory.put((byte) shape.form()).put((byte) shape.variableFields());
        directory.putShort((short) encoded.size()).putInt(shape.count());
        directory.putShort((short) templateLength).put(template);
        for (EncodedColumn column : encoded) {
            column.describe(directory);
            streams.writeBytes(column.stored());
        }
        if (shape.form() != ColumnDescriptor.FORM_FIXED) {
            byte[] stored = columns.stored(content, content.length);
            directory.putInt(content.length).putInt(stored.length);
            streams.writeBytes(stored);
        }
    }

    /** Lengths become columns, one for each variable field; returns what they are the lengths of. */
    private byte[] variableContent(Shape shape, List<EncodedColumn> encoded) {
        int fields = shape.variableFields();
        long[][] lengths = new long[fields][shape.count()];
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = 0; i < shape.count(); i++) {
            int frame = offsets[shape.event(i)];
            int at = frame + shape.templateLength(frames, frame);
            for (int field = 0; field < fields; field++) {
                int length = (int) LittleEndian.get(frames, at, FrameDescriptor.VARIABLE_LENGTH_BYTES);
                lengths[field][i] = length;
                content.write(frames, at + FrameDescriptor.VARIABLE_LENGTH_BYTES, length);
                at += FrameDescriptor.VARIABLE_LENGTH_BYTES + length;
            }
        }
        for (long[] column : lengths) {
            encoded.add(columns.encode(0, FrameDescriptor.VARIABLE_LENGTH_BYTES, column, false, NOTHING_ELSE));
        }
        return content.toByteArray();
    }

    private byte[] wholeContent(Shape shape, List<EncodedColumn> encoded) {
        long[] words = new long[shape.count()];
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = 0; i < words.length; i++) {
            int frame = offsets[shape.event(i)];
            int length = Shape.frameLength(frames, frame);
            words[i] = length / FrameDescriptor.ALIGNMENT;
            content.write(frames, frame, length);
        }
        encoded.add(columns.encode(0, FrameDescriptor.VARIABLE_LENGTH_BYTES, words, false, NOTHING_ELSE));
        return content.toByteArray();
    }

    /** Fields of the same name and width in shapes before, and the field before it in the same event. */
    private List<OtherField> others(int number, FieldValues field) {
        List<OtherField> others = new ArrayList<>();
        FieldValues before = null;
        for (FieldValues own : values.get(number)) {
            if (own.field().offset() >= field.field().offset()) {
                break;
            }
            boolean usable =
                    !own.constant() && own.field().width() == field.field().width();
            before = usable && own.field().offset() > FrameDescriptor.TIME_OFFSET ? own : before;
        }
        if (before != null) {
            others.add(new OtherField(number, before.field().offset(), 0, before.values()));
        }
        for (int i = number - 1; i >= 0 && others.size() < MAX_OTHERS; i--) {
            for (FieldValues candidate : values.get(i)) {
                if (candidate.field().name().equals(field.field().name())
                        && candidate.field().width() == field.field().width()) {
                    others.add(lastSeen(i, number, candidate, field.values()[0]));
                }
            }
        }
        return others;
    }

    private OtherField lastSeen(int from, int to, FieldValues candidate, long first) {
        Shape source = sorter.shapes().get(from);
        Shape target = sorter.shapes().get(to);
        long[] seen = new long[target.count()];
        int next = 0;
        long last = first;
        for (int i = 0; i < seen.length; i++) {
            while (next < source.count() && source.event(next) < target.event(i)) {
                last = candidate.values()[next++];
            }
            seen[i] = last;
        }
        return new OtherField(from, candidate.field().offset(), first, seen);
    }

    @Override
    public void close() {
        columns.close();
    }
}
