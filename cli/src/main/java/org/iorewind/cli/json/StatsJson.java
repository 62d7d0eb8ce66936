package org.iorewind.cli.json;

import java.io.IOException;
import org.iorewind.trace.stats.TraceSizes;

/** Where the bytes of a trace are. */
public final class StatsJson {
    private StatsJson() {}

    /**
     * Writes the fields of the result into the document.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, TraceSizes sizes) throws IOException {
        document.text("trace", trace).text("store", sizes.storeKind());
        document.number("events", sizes.events()).number("liveBytes", sizes.liveBytes());
        document.number("storedBytes", sizes.storedBytes());
        document.number("structureBytes", sizes.structureBytes()).number("orderBytes", sizes.orderBytes());
        document.json().writeArrayFieldStart("kinds");
        for (TraceSizes.Kind kind : sizes.kinds()) {
            document.json().writeStartObject();
            document.text("kind", kind.name()).number("events", kind.events());
            document.number("liveBytes", kind.liveBytes()).number("storedBytes", kind.storedBytes());
            document.json().writeArrayFieldStart("columns");
            for (TraceSizes.Column column : kind.columns()) {
                document.json().writeStartObject();
                document.text("name", column.name()).number("liveBytes", column.liveBytes());
                document.number("storedBytes", column.storedBytes());
                document.json().writeEndObject();
            }
            document.json().writeEndArray();
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
    }
}
