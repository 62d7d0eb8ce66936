package org.iorewind.trace.archive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the frames of a chunk by shape: event type, version, and whether the variable data is short bytes that make a
 * number. A frame that the schema does not give back byte by byte is kept whole. Not thread-safe.
 */
final class ShapeSorter {

    /** Value for a type and version that have no plan. */
    private static final Object KEEP_WHOLE = new Object();

    private final EventTable table = EventTable.standard();
    private final Int2ObjectHashMap<Object> plans = new Int2ObjectHashMap<>();
    private final Long2ObjectHashMap<Shape> byKey = new Long2ObjectHashMap<>();
    private final Shape whole = new Shape(Long.MAX_VALUE, ColumnDescriptor.FORM_WHOLE, null, 0);
    private final List<Shape> used = new ArrayList<>();

    /**
     * The shapes that occur, by event type: requests have smaller numbers than their answers, and so can predict them.
     * Whole frames come last.
     */
    List<Shape> shapes() {
        used.sort(Comparator.comparingLong(Shape::key));
        return used;
    }

    void clear() {
        used.forEach(Shape::clear);
        used.clear();
    }

    /** Puts an event with its shape. */
    void add(int event, byte[] frames, int frame) {
        Shape shape = shapeOf(frames, frame);
        if (shape.count() == 0) {
            if (used.size() == ColumnDescriptor.MAX_SHAPES - 1) {
                shape = whole;
            }
            if (shape.count() == 0) {
                used.add(shape);
            }
        }
        shape.add(event);
    }

    private Shape shapeOf(byte[] frames, int frame) {
        int templateId = (int) LittleEndian.get(frames, frame + FrameDescriptor.TEMPLATE_ID_OFFSET, 2);
        int version = (int) LittleEndian.get(frames, frame + FrameDescriptor.VERSION_OFFSET, 1);
        @Nullable ShapePlan plan = plan(templateId, version);
        int block = (int) LittleEndian.get(frames, frame + FrameDescriptor.BLOCK_LENGTH_OFFSET, 2);
        if (plan == null || block != plan.blockLength()) {
            return whole;
        }
        int length = Shape.frameLength(frames, frame);
        int end = frame + FrameDescriptor.HEADER_LENGTH + block;
        int dataLength = 0;
        for (int i = 0; i < plan.variableFields(); i++) {
            dataLength = (int) LittleEndian.get(frames, end, FrameDescriptor.VARIABLE_LENGTH_BYTES);
            end += FrameDescriptor.VARIABLE_LENGTH_BYTES + dataLength;
        }
        if (FrameDescriptor.align(end - frame) != length) {
            return whole;
        }
        for (int at = end; at < frame + length; at++) {
            if (frames[at] != 0) {
                return whole;
            }
        }
        boolean number =
                plan.dataColumn() != null && (dataLength == 1 || dataLength == 2 || dataLength == 4 || dataLength == 8);
        long key = (long) templateId << 16 | version << 8 | (number ? dataLength : 0);
        @Nullable Shape shape = byKey.get(key);
        if (shape == null) {
            boolean fixed = plan.variableFields() == 0 || number;
            int form = fixed ? ColumnDescriptor.FORM_FIXED : ColumnDescriptor.FORM_VARIABLE;
            shape = new Shape(key, form, plan, number ? dataLength : 0);
            byKey.put(key, shape);
        }
        return shape;
    }

    private @Nullable ShapePlan plan(int templateId, int version) {
        int key = templateId << 8 | version;
        @Nullable Object known = plans.get(key);
        if (known == null) {
            @Nullable EventKind kind = EventKind.of(templateId);
            boolean readable = kind != null && version <= table.schemaVersion();
            @Nullable ShapePlan plan = readable && kind != null ? ShapePlan.of(table.type(kind), version) : null;
            known = plan == null ? KEEP_WHOLE : plan;
            plans.put(key, known);
        }
        return known instanceof ShapePlan plan ? plan : null;
    }
}
