package org.iorewind.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.junit.jupiter.api.Test;

class TextReportTest {
    @Test
    void theVerdictComesFirst() throws IOException {
        List<String> lines =
                text(SampleAnalysis.typical(), TextStyle.PLAIN).lines().toList();
        assertThat(lines.get(0)).isEqualTo("2 faults in 5 refused requests, from 2 devices");
        assertThat(lines).anyMatch(line -> line.startsWith("Fault 1  00:06.0 read 0x100000 to 0x10000c"));
    }

    @Test
    void theChainOfCausesEndsWithTheRefusal() throws IOException {
        String text = text(SampleAnalysis.typical(), new TextStyle(false, 200));
        int mapped = text.indexOf("#39100");
        int unmapped = text.indexOf("#39960");
        int refused = text.indexOf("#40001");
        assertThat(mapped).isPositive().isLessThan(unmapped);
        assertThat(unmapped).isLessThan(refused);
        assertThat(text.substring(refused))
                .startsWith("#40001      12.300000s  refused: the address was mapped earlier");
    }

    @Test
    void linesKeepToTheWidth() throws IOException {
        assertThat(text(SampleAnalysis.typical(), new TextStyle(false, 60)).lines())
                .filteredOn(line -> line.startsWith("    - ") || line.startsWith("  D"))
                .allMatch(line -> line.length() <= 60);
    }

    @Test
    void aCommandToCopyStaysInOnePiece() throws IOException {
        assertThat(text(SampleAnalysis.typical(), new TextStyle(false, 40)).lines())
                .contains("        ./iorewind dump fault.iorw --from 26390");
    }

    @Test
    void nothingInATraceActsOnTheTerminal() throws IOException {
        assertThat(text(SampleAnalysis.hostile(), TextStyle.PLAIN)).doesNotContain("\u001b", "\u202e", "\ud800");
    }

    @Test
    void coloursAreWrittenOnlyWhenAskedFor() throws IOException {
        assertThat(text(SampleAnalysis.typical(), new TextStyle(true, 80))).contains("\u001b[1;31m");
        assertThat(text(SampleAnalysis.typical(), TextStyle.PLAIN)).doesNotContain("\u001b");
    }

    @Test
    void manyFaultsAreCounted() throws IOException {
        assertThat(text(SampleAnalysis.huge(12), TextStyle.PLAIN))
                .contains("7 more faults, in full in the HTML report.");
    }

    private static String text(Analysis analysis, TextStyle style) throws IOException {
        StringBuilder text = new StringBuilder();
        TextReport.write(analysis, style, TextReport.IN_FULL, "./iorewind", text);
        return text.toString();
    }
}
