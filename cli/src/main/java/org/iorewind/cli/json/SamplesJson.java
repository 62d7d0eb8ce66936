package org.iorewind.cli.json;

import java.io.IOException;
import java.util.List;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.Scenarios;

/** The samples that come with the program. */
public final class SamplesJson {
    private SamplesJson() {}

    /**
     * Writes the list into the document.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document) throws IOException {
        document.json().writeArrayFieldStart("samples");
        for (Scenario scenario : Scenarios.list()) {
            sample(document, scenario.name(), "workload", scenario.tags(), scenario.story());
        }
        for (Capture capture : Captures.list()) {
            sample(document, capture.name(), "capture", List.of(capture.fidelity()), capture.story());
        }
        document.json().writeEndArray();
    }

    private static void sample(JsonDocument document, String name, String kind, List<String> tags, String story)
            throws IOException {
        document.json().writeStartObject();
        document.text("name", name).text("kind", kind).texts("tags", tags).text("story", story);
        document.json().writeEndObject();
    }
}
