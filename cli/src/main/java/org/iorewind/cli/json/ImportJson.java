package org.iorewind.cli.json;

import java.io.IOException;
import org.iorewind.record.ImportResult;

/** What an import did. */
public final class ImportJson {
    private ImportJson() {}

    /**
     * Writes the fields of an import's result into the document.
     *
     * @param trace path of the new trace, as given by the user
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, ImportResult result) throws IOException {
        document.number("lines", result.lines()).number("events", result.events());
        document.counts("skipped", result.skipped()).counts("folded", result.folded());
        document.number("unparsed", result.unparsed()).texts("unparsedExamples", result.unparsedExamples());
        document.text("trace", trace).text("profile", result.profile()).text("contract", result.contract());
    }
}
