package org.iorewind.cli.output;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Document;
import org.iorewind.analyze.document.HtmlDocument;
import org.iorewind.analyze.document.MarkdownDocument;
import org.iorewind.analyze.document.SvgFile;
import org.iorewind.analyze.report.ReportDocument;
import org.iorewind.cli.UsageException;

/** Writes reports to files that appear whole or not at all. */
public final class ReportFile {
    /** The form of a report. */
    public enum Form {
        /** One page for a browser. */
        HTML,
        /** Text for an issue tracker. */
        MD;

        private void write(Document document, Appendable out) throws IOException {
            switch (this) {
                case HTML -> HtmlDocument.write(document, out);
                case MD -> MarkdownDocument.write(document, out);
            }
        }
    }

    private ReportFile() {}

    /**
     * Writes it.
     *
     * @param force whether a file of that name may be replaced
     * @throws IOException if it cannot be written
     * @throws UsageException if it exists and may not be replaced
     */
    public static void write(Analysis analysis, Form form, Path file, boolean force) throws IOException {
        Document document = ReportDocument.of(analysis);
        write(file, force, out -> form.write(document, out));
    }

    /** Writes it to a stream that stays open. */
    public static void write(Analysis analysis, Form form, Appendable out) throws IOException {
        form.write(ReportDocument.of(analysis), out);
    }

    /**
     * Writes each of its drawings as a file of its own.
     *
     * @param folder is made if it is not there
     * @param force whether files of these names may be replaced
     * @return how many
     * @throws IOException if one cannot be written
     * @throws UsageException if a file exists and may not be replaced, or the folder is none
     */
    public static int drawings(Analysis analysis, Path folder, boolean force) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new UsageException(
                    "report: --svg: expected a folder, or a name for a new one; found a file: " + folder);
        }
        Files.createDirectories(folder);
        int written = 0;
        for (Block.Picture picture : SvgFile.of(ReportDocument.of(analysis))) {
            write(folder.resolve(picture.name() + ".svg"), force, out -> SvgFile.write(picture, out));
            written++;
        }
        return written;
    }

    private interface Content {
        void writeTo(Appendable out) throws IOException;
    }

    private static void write(Path file, boolean force, Content content) throws IOException {
        try (OutputFile out = OutputFile.create(file, force)) {
            Writer writer = new OutputStreamWriter(out.stream(), StandardCharsets.UTF_8);
            content.writeTo(writer);
            writer.flush();
            out.finish();
        }
    }
}
