package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.iorewind.cli.bisect.Change;

/** Changes of what is watched. */
public final class WatchJson {
    private WatchJson() {}

    /**
     * Writes the fields.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, String what, List<Change> changes)
            throws IOException {
        JsonGenerator json = document.json();
        document.text("trace", trace).text("what", what);
        json.writeArrayFieldStart("changes");
        for (Change change : changes) {
            json.writeStartObject();
            document.number("sequence", change.sequence()).number("timeNs", change.timeNs());
            document.text("kind", change.kind()).text("event", change.line());
            document.text("before", change.before()).text("after", change.after());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
