package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.OptionalLong;
import org.iorewind.analyze.cost.CostComparison;
import org.iorewind.analyze.cost.CostDifference;
import org.iorewind.replay.bisect.TraceAlignment;
import org.iorewind.replay.bisect.TraceAlignment.Difference;
import org.jspecify.annotations.Nullable;

/** Where two traces part, and what it costs. */
public final class AlignmentJson {
    private AlignmentJson() {}

    /**
     * Writes the fields.
     *
     * @throws IOException from the stream
     */
    public static void write(
            JsonDocument document, String a, String b, TraceAlignment.Result result, CostComparison costs)
            throws IOException {
        JsonGenerator json = document.json();
        document.text("trace", a).text("other", b);
        Difference first = result.first();
        BisectJson.sequence(json, "sequence", sequence(first == null ? -1 : first.sequenceA()));
        BisectJson.sequence(json, "otherSequence", sequence(first == null ? -1 : first.sequenceB()));
        json.writeFieldName("first");
        difference(document, first);
        json.writeArrayFieldStart("lanes");
        for (TraceAlignment.LaneResult lane : result.lanes()) {
            json.writeStartObject();
            document.text("name", lane.name()).number("count", lane.countA()).number("otherCount", lane.countB());
            json.writeFieldName("first");
            difference(document, lane.first());
            json.writeEndObject();
        }
        json.writeEndArray();
        OptionJson.costs(document, CostDifference.of(costs));
    }

    private static OptionalLong sequence(long value) {
        return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static void difference(JsonDocument document, @Nullable Difference difference) throws IOException {
        JsonGenerator json = document.json();
        if (difference == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        document.text("lane", difference.lane()).number("ordinal", difference.ordinal());
        BisectJson.sequence(json, "sequence", sequence(difference.sequenceA()));
        document.text("what", difference.whatA());
        BisectJson.sequence(json, "otherSequence", sequence(difference.sequenceB()));
        document.text("otherWhat", difference.whatB());
        json.writeEndObject();
    }
}
