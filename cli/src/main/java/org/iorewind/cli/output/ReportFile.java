package org.iorewind.cli.output;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.report.HtmlReport;

/** Writes the HTML report to a file that appears whole or not at all. */
public final class ReportFile {
    private ReportFile() {}

    /**
     * Writes it.
     *
     * @param force whether a file of that name may be replaced
     * @throws IOException if it cannot be written
     * @throws org.iorewind.cli.UsageException if it exists and may not be replaced
     */
    public static void write(Analysis analysis, Path file, boolean force) throws IOException {
        try (OutputFile out = OutputFile.create(file, force)) {
            Writer writer = new OutputStreamWriter(out.stream(), StandardCharsets.UTF_8);
            HtmlReport.write(analysis, writer);
            writer.flush();
            out.finish();
        }
    }
}
