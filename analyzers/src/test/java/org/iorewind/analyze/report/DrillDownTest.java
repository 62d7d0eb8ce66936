package org.iorewind.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.ReportCounts;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Document;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.SvgFile;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.SmallSession;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.replay.predicate.ReplayFilter;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaAccess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the numbers of a report to the events: by commands that work, and by drawings of all that is measured. */
class DrillDownTest {
    private static final long IOVA = 0x5000;
    private static final Pattern FILTER =
            Pattern.compile("iorewind dump \\S+( --profile \\S+)? --filter ([\"'])(.*)\\2");

    @TempDir
    Path folder;

    private Document document = new Document("", "", "", List.of());

    @BeforeEach
    void report() {
        SmallSession session = SmallSession.running(folder.resolve("trace.iorw"));
        session.events().driverCall(CallPhase.ENTER, SmallSession.DEVICE, 0, IOVA, 0x12_3000, 0x1000, "map", "");
        session.map(IOVA, 0x12_3000);
        session.events().driverCall(CallPhase.EXIT, SmallSession.DEVICE, 0, 0, 0, 0, "map", "");
        session.dma(DmaAccess.READ, IOVA).dma(DmaAccess.READ, IOVA).unmap(IOVA).flush();
        session.command(1L << 60 | 0x22_0000 | 1, 7);
        session.map(IOVA, 0x12_4000).dma(DmaAccess.READ, IOVA).dma(DmaAccess.READ, IOVA + 0x1000);
        try (TraceReader trace = session.open()) {
            Analysis analysis = Analyses.analyze(trace, ReplayOptions.defaults());
            document = ReportDocument.of(analysis);
        }
    }

    private static List<Block.Table> tables(List<Block> blocks) {
        List<Block.Table> tables = new ArrayList<>();
        for (Block block : blocks) {
            if (block instanceof Block.Table table) {
                tables.add(table);
            } else if (block instanceof Block.Details details) {
                tables.addAll(tables(details.blocks()));
            }
        }
        return tables;
    }

    private Section section(String id) {
        return document.sections().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyFilterOfTheReportIsOne() {
        List<String> filters = new ArrayList<>();
        for (Section section : document.sections()) {
            for (Block.Table table : tables(section.blocks())) {
                for (List<Block.Cell> row : table.rows()) {
                    for (Block.Cell cell : row) {
                        Matcher filter = FILTER.matcher(
                                cell.kind() == Block.CellKind.COMMAND
                                        ? cell.line().spans().get(0).text()
                                        : "");
                        if (filter.matches()) {
                            filters.add(filter.group(3));
                        }
                    }
                }
            }
        }
        assertThat(filters).hasSizeGreaterThan(15).allSatisfy(filter -> {
            if (ReplayFilter.isNeededFor(filter)) {
                ReplayFilter.check(filter, new ReportCounts());
            } else {
                EventFilter.compile(filter);
            }
        });
    }

    @Test
    void everyFigureOfTheFirstScreenLeadsToItsSection() {
        List<String> ids = document.sections().stream().map(Section::id).toList();
        Block.Figures figures = section("verdict").blocks().stream()
                .filter(Block.Figures.class::isInstance)
                .map(Block.Figures.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(figures.figures()).extracting(Block.Figure::target).isSubsetOf(ids);
    }

    @Test
    void kindsOfEventsDevicesDomainsAndOperationsHaveTheirCommands() {
        for (String id : List.of("performance", "costs", "session")) {
            assertThat(tables(section(id).blocks()))
                    .as(id)
                    .anySatisfy(table -> assertThat(table.columns()).contains("Events"));
            assertThat(section(id).commands()).as(id).isNotEmpty();
        }
    }

    @Test
    void whatIsMeasuredIsDrawnInThePageAndInFiles() {
        assertThat(SvgFile.of(document))
                .extracting(Block.Picture::name)
                .contains(
                        "ring",
                        "unmap-to-flush",
                        "unmap-to-wait",
                        "wait-to-reuse",
                        "reuse-distances",
                        "walk-reads",
                        "cost-operations",
                        "cost-parts",
                        "events");
    }
}
