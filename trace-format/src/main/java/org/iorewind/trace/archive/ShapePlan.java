package org.iorewind.trace.archive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventType;
import org.iorewind.trace.schema.FieldForm;
import org.jspecify.annotations.Nullable;

/**
 * How the frames of one event type and version are cut into columns: one for each fixed field of the schema. Immutable.
 *
 * @param blockLength length of the fixed part that such a frame must have
 * @param variableFields number of its variable fields
 * @param dataColumn name of the only variable field if that holds bytes, which may be a number; else null
 * @param fields the fixed fields by ascending offset
 */
record ShapePlan(
        int blockLength, int variableFields, @Nullable String dataColumn, List<Field> fields) {
    ShapePlan {
        fields = List.copyOf(fields);
    }

    /**
     * A field that becomes a column.
     *
     * @param name as in the schema
     * @param offset in the frame
     * @param width in bytes: 1, 2, 4 or 8
     */
    record Field(String name, int offset, int width) {}

    /**
     * The plan for a type as a minor version of the schema wrote it, or null if its fields do not cover the fixed part
     * without a gap: then frames are kept whole.
     */
    static @Nullable ShapePlan of(EventType type, int version) {
        List<Field> fields = new ArrayList<>();
        @Nullable String data = null;
        int variable = type.variableFields(version);
        for (EventField field : type.fields()) {
            if (field.sinceVersion() > version) {
                continue;
            }
            if (!field.form().isVariable()) {
                int offset = FrameDescriptor.HEADER_LENGTH + field.offset();
                fields.add(new Field(field.name(), offset, field.sizeBytes()));
            } else if (variable == 1 && field.form() == FieldForm.BYTES) {
                data = field.name();
            }
        }
        fields.sort(Comparator.comparingInt(Field::offset));
        int end = FrameDescriptor.HEADER_LENGTH;
        for (Field field : fields) {
            if (field.offset() != end) {
                return null;
            }
            end += field.width();
        }
        return new ShapePlan(end - FrameDescriptor.HEADER_LENGTH, variable, data, fields);
    }
}
