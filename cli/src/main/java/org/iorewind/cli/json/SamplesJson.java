package org.iorewind.cli.json;

import java.io.IOException;
import java.util.List;
import org.iorewind.samples.Sample;
import org.iorewind.samples.guide.Guide;

/** The samples that come with the program. */
public final class SamplesJson {
    private SamplesJson() {}

    /**
     * Writes a list into the document.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, List<Sample> samples) throws IOException {
        document.json().writeArrayFieldStart("samples");
        for (Sample sample : samples) {
            document.json().writeStartObject();
            document.text("name", sample.name()).text("kind", sample.kind().label());
            document.texts("tags", sample.tags()).text("story", sample.story());
            if (sample.kind() == Sample.Kind.CAPTURE) {
                document.text("made", sample.made()).text("misses", sample.misses());
            }
            document.texts("makes", sample.commands());
            document.text("lookFor", sample.guide().lookFor());
            document.texts(
                    "commands",
                    sample.guide().steps().stream().map(Guide.Step::command).toList());
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
    }
}
