package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.OptionalLong;
import org.iorewind.analyze.cost.CostDifference;
import org.iorewind.analyze.cost.SourceDifference;
import org.iorewind.cli.bisect.FoundEvent;
import org.iorewind.cli.bisect.OptionResult;
import org.iorewind.replay.bisect.OptionComparison.Difference;
import org.jspecify.annotations.Nullable;

/** How one trace behaves under two sets of options. */
public final class OptionJson {
    private OptionJson() {}

    /**
     * Writes the fields.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, OptionResult result) throws IOException {
        JsonGenerator json = document.json();
        document.text("trace", trace).text("options", result.options()).text("against", result.against());
        BisectJson.sequence(json, "sequence", sequence(result.outcome()));
        json.writeFieldName("first");
        difference(document, result.outcome(), result.outcomeEvent());
        BisectJson.sequence(json, "costSequence", sequence(result.cost()));
        json.writeFieldName("firstCost");
        difference(document, result.cost(), result.costEvent());
        sources(document, result.sources());
        costs(document, result.costs());
    }

    private static OptionalLong sequence(@Nullable Difference difference) {
        return difference == null ? OptionalLong.empty() : OptionalLong.of(difference.sequence());
    }

    private static void difference(JsonDocument document, @Nullable Difference difference, @Nullable FoundEvent event)
            throws IOException {
        JsonGenerator json = document.json();
        if (difference == null || event == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        document.number("sequence", difference.sequence()).number("timeNs", event.timeNs());
        document.text("kind", event.kind()).text("event", event.line());
        document.text("what", difference.what()).text("otherWhat", difference.otherWhat());
        json.writeEndObject();
    }

    /** Sources of costs, where they differ. */
    static void sources(JsonDocument document, Collection<SourceDifference> sources) throws IOException {
        document.json().writeArrayFieldStart("sources");
        for (SourceDifference one : sources) {
            document.json().writeStartObject();
            document.text("part", one.source().part().key())
                    .text("name", one.source().name());
            document.text("unit", one.source().part().unit());
            document.number("count", one.count()).number("otherCount", one.otherCount());
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
    }

    /** Operations that differ in cost. */
    static void costs(JsonDocument document, Collection<CostDifference> costs) throws IOException {
        JsonGenerator json = document.json();
        json.writeArrayFieldStart("costs");
        for (CostDifference cost : costs) {
            json.writeStartObject();
            document.text("operation", cost.operation());
            document.number("operations", cost.operationsA()).number("otherOperations", cost.operationsB());
            json.writeNumberField("costNs", cost.costA());
            json.writeNumberField("otherCostNs", cost.costB());
            document.text("counter", cost.counter().key());
            document.number("count", cost.countA()).number("otherCount", cost.countB());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
