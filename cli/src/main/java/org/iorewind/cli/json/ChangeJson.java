package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.iorewind.analyze.cost.CostChange;
import org.iorewind.cli.bisect.ChangeResult;
import org.iorewind.cli.bisect.FoundEvent;

/** Where operations begin to cost something else. */
public final class ChangeJson {
    private ChangeJson() {}

    /**
     * Writes the fields.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, ChangeResult result) throws IOException {
        JsonGenerator json = document.json();
        List<CostChange> changes = result.found().changes();
        document.text("trace", trace);
        document.text(
                "metric", result.counter() == null ? "costNs" : result.counter().key());
        BisectJson.sequence(
                json,
                "sequence",
                changes.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(changes.get(0).sequence()));
        document.number("operations", result.found().operations())
                .number("kinds", result.found().kinds());
        json.writeArrayFieldStart("changes");
        for (int i = 0; i < changes.size(); i++) {
            json.writeStartObject();
            change(document, changes.get(i), result.events().get(i));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void change(JsonDocument document, CostChange change, FoundEvent event) throws IOException {
        JsonGenerator json = document.json();
        document.text("operation", change.operation()).number("sequence", change.sequence());
        document.number("timeNs", event.timeNs()).text("kind", event.kind()).text("event", event.line());
        document.number("ordinal", change.ordinal()).number("resolution", change.resolution());
        document.number("operationsBefore", change.operations()).number("operationsAfter", change.otherOperations());
        json.writeNumberField("before", change.cost());
        json.writeNumberField("after", change.otherCost());
        document.text("counter", change.counter().key());
        json.writeNumberField("counterBefore", change.count());
        json.writeNumberField("counterAfter", change.otherCount());
        OptionJson.sources(document, change.sources());
    }
}
