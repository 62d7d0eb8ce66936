package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.iorewind.trace.align.ClockLink;

/** How the clocks of merged traces stand to each other. */
public final class ClockLinksJson {
    private ClockLinksJson() {}

    /**
     * Writes the array {@code clocks}.
     *
     * @param traces paths as given by the user, in the order of the traces' numbers
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, List<String> traces, List<ClockLink> links) throws IOException {
        JsonGenerator json = document.json();
        json.writeArrayFieldStart("clocks");
        for (ClockLink link : links) {
            json.writeStartObject();
            json.writeStringField("trace", traces.get(link.other()));
            json.writeStringField("reference", traces.get(link.reference()));
            json.writeStringField(
                    "basis", link.basis().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            json.writeNumberField("offsetNs", link.offsetNs());
            json.writeNumberField("lowNs", link.lowNs());
            json.writeNumberField("highNs", link.highNs());
            json.writeNumberField("driftPpb", link.driftPpb());
            json.writeNumberField("anchors", link.anchors());
            json.writeNumberField("agreeing", link.agreeing());
            json.writeNumberField("distanceNs", link.distanceNs());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
