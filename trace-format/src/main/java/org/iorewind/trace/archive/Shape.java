package org.iorewind.trace.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.trace.FrameDescriptor;
import org.jspecify.annotations.Nullable;

/** The frames of one shape in a chunk that is being written. Not thread-safe. */
final class Shape {

    private final long key;
    private final int form;
    private final @Nullable ShapePlan plan;
    private final int dataLength;
    private int[] events = new int[64];
    private int count;

    /**
     * A shape without frames.
     *
     * @param key orders the shapes of a chunk
     * @param form see {@link ColumnDescriptor}
     * @param plan how the frames are cut; null for whole frames
     * @param dataLength length of the data that are a column too; 0 if there are none
     */
    Shape(long key, int form, @Nullable ShapePlan plan, int dataLength) {
        this.key = key;
        this.form = form;
        this.plan = plan;
        this.dataLength = dataLength;
    }

    long key() {
        return key;
    }

    int form() {
        return form;
    }

    int count() {
        return count;
    }

    /** Number in the chunk of the i-th event of this shape. */
    int event(int i) {
        return events[i];
    }

    void add(int event) {
        if (count == events.length) {
            events = Arrays.copyOf(events, 2 * count);
        }
        events[count++] = event;
    }

    void clear() {
        count = 0;
    }

    int variableFields() {
        return plan == null || form != ColumnDescriptor.FORM_VARIABLE ? 0 : plan.variableFields();
    }

    /** Length of the template of a frame that starts here. */
    int templateLength(byte[] frames, int frame) {
        return switch (form) {
            case ColumnDescriptor.FORM_FIXED -> frameLength(frames, frame);
            case ColumnDescriptor.FORM_VARIABLE ->
                FrameDescriptor.HEADER_LENGTH
                        + (int) LittleEndian.get(frames, frame + FrameDescriptor.BLOCK_LENGTH_OFFSET, 2);
            default -> 0;
        };
    }

    static int frameLength(byte[] frames, int frame) {
        return (int) LittleEndian.get(frames, frame + FrameDescriptor.FRAME_WORDS_OFFSET, 2)
                * FrameDescriptor.ALIGNMENT;
    }

    /** The fields that are columns. */
    List<ShapePlan.Field> fields() {
        if (plan == null) {
            return List.of();
        }
        @Nullable String data = plan.dataColumn();
        if (dataLength == 0 || data == null) {
            return plan.fields();
        }
        List<ShapePlan.Field> fields = new ArrayList<>(plan.fields());
        int offset = FrameDescriptor.HEADER_LENGTH + plan.blockLength() + FrameDescriptor.VARIABLE_LENGTH_BYTES;
        fields.add(new ShapePlan.Field(data, offset, dataLength));
        return fields;
    }
}
