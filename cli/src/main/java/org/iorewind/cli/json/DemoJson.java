package org.iorewind.cli.json;

import java.io.IOException;
import org.iorewind.analyze.Analysis;
import org.iorewind.cli.demo.DemoFiles;
import org.iorewind.record.ImportResult;

/** What a demo made and found. */
public final class DemoJson {
    private DemoJson() {}

    /**
     * Writes the fields of a demo's result into the document.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, DemoFiles files, ImportResult imported, Analysis analysis)
            throws IOException {
        document.text("log", files.log().toString())
                .text("journal", files.journal().toString());
        document.text("archive", files.archive().toString())
                .text("report", files.report().toString());
        document.json().writeObjectFieldStart("import");
        ImportJson.write(document, files.journal().toString(), imported);
        document.json().writeEndObject();
        document.json().writeObjectFieldStart("analysis");
        AnalysisJson.write(document, analysis);
        document.json().writeEndObject();
    }
}
