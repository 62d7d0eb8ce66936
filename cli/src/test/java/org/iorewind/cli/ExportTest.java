package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports of a trace that holds one event of every kind, with hostile texts. */
class ExportTest {
    @TempDir
    private Path dir;

    private Path trace = Path.of("");

    @BeforeEach
    void writeTrace() {
        trace = SmallTrace.write(dir.resolve("small.iorw"));
    }

    @Test
    void csvOfAllEventsHasALineForEach() {
        List<String> lines = CommandRun.of("export", "csv", trace)
                .expect(ExitCode.OK)
                .out()
                .lines()
                .toList();
        assertThat(lines).hasSize(1 + 34);
        assertThat(lines.get(0)).isEqualTo("sequence,timeNs,kind,eventClass,source,iommu,guest");
        assertThat(lines.get(1)).startsWith("0,").contains(",SessionStart,input,");
    }

    @Test
    void csvOfAKindHasItsFields() {
        String out = CommandRun.of("export", "csv", trace, "--table", "Gap")
                .expect(ExitCode.OK)
                .out();
        assertThat(out)
                .startsWith("sequence,timeNs,source,iommu,guest,flags,reason,count,spanNs,note\n")
                .hasLineCount(2);
        assertThat(out).doesNotContain("\u001b", "\u202e");
    }

    @Test
    void aWrongTableNamesTheRightOnes() {
        assertThat(CommandRun.of("export", "csv", trace, "--table", "nothing")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("findings", "DmaRequest", "events", "found nothing");
    }

    @Test
    void everyTableCanBeWrittenAsCsv() {
        for (String table : List.of(
                "findings",
                "evidence",
                "operations",
                "commands",
                "distributions",
                "caches",
                "reuse",
                "walk_reads",
                "page_sizes",
                "devices",
                "domains",
                "divergences",
                "gaps")) {
            assertThat(CommandRun.of("export", "csv", trace, "--table", table)
                            .expect(ExitCode.OK)
                            .out())
                    .as(table)
                    .contains(",");
        }
    }

    @Test
    void parquetWritesATableForEachKindThatOccurs() throws IOException {
        Path tables = dir.resolve("tables");
        CommandRun.of("export", "parquet", trace, "-o", tables).expect(ExitCode.OK);
        try (Stream<Path> files = Files.list(tables)) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .contains("DmaRequest.parquet", "findings.parquet", "Gap.parquet")
                    .allMatch(name -> name.endsWith(".parquet"));
        }
        assertThat(CommandRun.of("export", "parquet", trace, "-o", tables)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--force");
        CommandRun.of("export", "parquet", trace, "-o", tables, "--force").expect(ExitCode.OK);
    }

    @Test
    void parquetRefusesAFileForAFolder() {
        assertThat(CommandRun.of("export", "parquet", trace, "-o", trace)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("expected a folder");
    }

    @Test
    void perfettoWritesAFileThatDoesNotReplaceItsInput() throws IOException {
        Path file = dir.resolve("trace.pftrace");
        CommandRun.of("export", "perfetto", trace, "-o", file).expect(ExitCode.OK);
        assertThat(Files.readAllBytes(file)).startsWith(0x0A);
        CommandRun.of("export", "perfetto", trace, "-o", trace, "--force").expect(ExitCode.USAGE);
    }

    @Test
    void reportsHaveThreeFormsAndDrawings() throws IOException {
        String text = CommandRun.of("report", trace, "--format", "md").out();
        assertThat(text).startsWith("# ").contains("## See it yourself");
        Path file = dir.resolve("report.md");
        CommandRun.of("report", trace, "--format", "md", "-o", file);
        assertThat(Files.readString(file)).isEqualTo(text);
        CommandRun.of("report", trace, "--svg", dir.resolve("svg"));
        assertThat(Files.readString(dir.resolve("svg/events.svg"))).startsWith("<svg xmlns=");
        assertThat(CommandRun.of("report", trace, "--json").json())
                .containsEntry("gaps.0.reason", "QUEUE_FULL")
                .containsKey("commands.0.command");
        CommandRun.of("report", trace, "--format", "pdf").expect(ExitCode.USAGE);
    }
}
