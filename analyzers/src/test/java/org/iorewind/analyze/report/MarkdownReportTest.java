package org.iorewind.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.document.MarkdownDocument;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    /** What trackers take for the text of an issue. */
    private static final int ISSUE = 65_536;

    @Test
    void theVerdictComesFirstAndTheChainEndsInTheFault() throws IOException {
        String text = markdown(SampleAnalysis.typical());
        assertThat(text).startsWith("# 2 faults in 5 refused requests, from 2 devices\n");
        assertThat(text).contains("### Fault 1: 00:06.0, read at `0x100000 to 0x10000c`");
        assertThat(text)
                .contains("1. `#26398` 9.811000s console: edu: starting DMA from 0x100000\n"
                        + "1. `#26412` 9.812345s **refused 4 times: nothing in the recording ever mapped this address"
                        + " for this device**\n");
        assertThat(text).contains("> Every register write and every store to IOMMU tables is in the trace");
        assertThat(text).contains("`iorewind dump fault.iorw --from 26402 --to 26422`");
    }

    @Test
    void tablesHaveAsManyCellsAsColumns() throws IOException {
        int columns = 0;
        for (String line : markdown(SampleAnalysis.hostile()).lines().toList()) {
            if (line.startsWith("|")) {
                int cells = line.replace("\\\\", "").replace("\\|", "").split("\\|", -1).length;
                columns = columns == 0 ? cells : columns;
                assertThat(cells).as(line).isEqualTo(columns);
            } else {
                columns = 0;
            }
        }
    }

    @Test
    void aHostileStringStaysText() throws IOException {
        String text = markdown(SampleAnalysis.hostile());
        assertThat(outsideCode(text)).doesNotContain("<script", "<img", "</title", "\u001b", "\u202e");
        assertThat(text).contains("&lt;/title&gt;&lt;script&gt;alert('x')&lt;/script&gt;");
    }

    @Test
    void itFitsIntoAnIssueWhateverTheAnalysisHolds() throws IOException {
        String text = markdown(SampleAnalysis.huge(5_000));
        assertThat(text.length()).isLessThan(ISSUE);
        assertThat(text).contains("did not fit into an issue");
    }

    @Test
    void theSameAnalysisGivesTheSameText() throws IOException {
        assertThat(markdown(SampleAnalysis.typical())).isEqualTo(markdown(SampleAnalysis.typical()));
    }

    @Test
    void bothFormsSayTheSameInTheSameOrder() {
        List<String> titles = ReportDocument.of(SampleAnalysis.typical()).sections().stream()
                .map(section -> section.title())
                .toList();
        assertThat(titles)
                .containsExactly(
                        "2 faults in 5 refused requests, from 2 devices",
                        "Faults and their causes",
                        "Rules of the protocol",
                        "Performance",
                        "Costs of operations",
                        "Events over time",
                        "Recording against model",
                        "Session",
                        "See it yourself");
    }

    private static String outsideCode(String text) {
        return text.replaceAll("(`+)[^`]+?\\1", "");
    }

    private static String markdown(Analysis analysis) throws IOException {
        StringBuilder text = new StringBuilder();
        MarkdownDocument.write(ReportDocument.of(analysis), text);
        return text.toString();
    }
}
