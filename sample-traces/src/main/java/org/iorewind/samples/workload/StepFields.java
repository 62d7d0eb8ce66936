package org.iorewind.samples.workload;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.json.EventFields;
import org.iorewind.trace.json.JsonValue;
import org.jspecify.annotations.Nullable;

/** The fields of a step, with what a step need not say. */
record StepFields(EventKind kind, JsonNode step) implements EventFields {
    @Override
    public @Nullable JsonValue take(String field) {
        JsonNode own = step.field(field);
        JsonNode instead = instead(field);
        if (own != null && instead != null) {
            throw instead.unexpected("either this or \"" + field + "\"");
        }
        if (instead != null) {
            return JsonValue.string(
                    field.equals(StepWords.DATA) ? StepReader.bytes(instead) : StepReader.offset(instead));
        }
        if (field.equals(StepWords.FLAGS)) {
            return flags(own);
        }
        if (own != null) {
            return own.fieldValue();
        }
        String usual = StepWords.usual(kind, field);
        return usual == null ? null : StepWords.usualNode(usual).fieldValue();
    }

    /** The word that may stand for a field. */
    private @Nullable JsonNode instead(String field) {
        return switch (field) {
            case StepWords.OFFSET -> step.field(StepWords.REGISTER);
            case StepWords.DATA -> kind == EventKind.MEMORY_WRITE ? step.field(StepWords.WORDS) : null;
            default -> null;
        };
    }

    /** That there is a guest is not said twice. */
    private JsonValue flags(@Nullable JsonNode own) {
        List<JsonValue> flags = new ArrayList<>();
        if (own != null) {
            own.array(Byte.SIZE).forEach(flag -> flags.add(flag.fieldValue()));
        }
        JsonNode guest = step.field(StepWords.GUEST);
        if (guest != null && guest.fieldValue().form() != JsonValue.Form.NULL) {
            flags.add(JsonValue.string(StepWords.GUEST_PRESENT));
        }
        return JsonValue.array(flags);
    }

    @Override
    public RuntimeException error(String field, String expected, String found) {
        String place = step.path().isEmpty() ? field : step.path() + "." + field;
        return new WorkloadException(place + ": expected " + expected + ", found " + found);
    }
}
