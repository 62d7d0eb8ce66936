package org.iorewind.cli.json;

import java.io.IOException;
import org.iorewind.trace.IntegrityReport;

/** What a check of a trace found. */
public final class CheckJson {
    private CheckJson() {}

    /**
     * Writes the fields of a check's result into the document.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, IntegrityReport report) throws IOException {
        document.text("trace", report.file().toString()).text("store", report.storeKind());
        document.flag("intact", report.isIntact());
        document.number("events", report.events()).number("blocks", report.blocks());
        if (report.endedInOrder() || report.isIntact()) {
            document.flag("ended", report.endedInOrder());
        } else {
            // The end may be what is damaged.
            document.json().writeNullField("ended");
        }
        document.flag("tornTail", report.tornTail());
        document.flag("mayHaveLostItsEnd", report.mayHaveLostItsEnd());
        document.json().writeArrayFieldStart("damages");
        for (IntegrityReport.Damage damage : report.damages()) {
            document.json().writeStartObject();
            document.text("place", damage.place())
                    .text("expected", damage.expected())
                    .text("found", damage.found());
            document.number("firstSequenceMissing", damage.firstSequenceMissing());
            document.number("lastSequenceMissing", damage.lastSequenceMissing());
            document.json().writeEndObject();
        }
        document.json().writeEndArray();
    }
}
