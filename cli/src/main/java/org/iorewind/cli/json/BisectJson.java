package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.OptionalLong;
import org.iorewind.cli.bisect.FoundEvent;
import org.jspecify.annotations.Nullable;

/** What a search for the first event found. */
public final class BisectJson {
    private BisectJson() {}

    /**
     * Writes the fields.
     *
     * @param what name and value of what was asked: {@code predicate} or {@code script}
     * @param found the event, or null
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, String what, String asked, @Nullable FoundEvent found)
            throws IOException {
        JsonGenerator json = document.json();
        document.text("trace", trace).text(what, asked);
        sequence(json, "sequence", found == null ? OptionalLong.empty() : OptionalLong.of(found.sequence()));
        if (found == null) {
            return;
        }
        document.number("timeNs", found.timeNs()).text("kind", found.kind()).text("event", found.line());
        json.writeArrayFieldStart("inputsBefore");
        for (FoundEvent.Before before : found.before()) {
            json.writeStartObject();
            document.number("sequence", before.sequence()).text("event", before.line());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** A sequence number, or null where there is none. */
    static void sequence(JsonGenerator json, String name, OptionalLong sequence) throws IOException {
        if (sequence.isPresent()) {
            json.writeNumberField(name, sequence.getAsLong());
        } else {
            json.writeNullField(name);
        }
    }
}
