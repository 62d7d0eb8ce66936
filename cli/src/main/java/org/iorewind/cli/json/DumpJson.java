package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import org.iorewind.cli.dump.Dump;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.json.JsonLinesExporter;

/** The selected events as one document, written as they are read: each event as in JSON Lines. */
public final class DumpJson {
    private DumpJson() {}

    /**
     * Writes the whole document.
     *
     * @throws IOException from the stream
     * @throws TraceFormatException at the first byte that cannot be trusted; the document is complete JSON then, holds the
     *     events before, and says so in {@code complete} and {@code problem}
     */
    public static void write(Dump dump, TraceReader trace, PrintStream out) throws IOException {
        try (JsonDocument document = JsonDocument.begin(out)) {
            JsonGenerator json = document.json();
            document.text("trace", trace.path().toString());
            json.writeArrayFieldStart("events");
            json.flush();
            try {
                JsonLinesExporter.export(dump.of(trace), new ArrayOfLines(out));
                json.writeEndArray();
                document.flag("complete", true);
            } catch (TraceFormatException e) {
                json.writeEndArray();
                document.flag("complete", false).text("problem", String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }
}
