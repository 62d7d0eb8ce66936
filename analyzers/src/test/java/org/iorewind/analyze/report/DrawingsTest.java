package org.iorewind.analyze.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.SvgFile;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class DrawingsTest {
    @Test
    void everyDrawingIsAWellFormedDocumentThatNeedsNothingElse() throws Exception {
        for (Analysis analysis : List.of(SampleAnalysis.typical(), SampleAnalysis.hostile())) {
            Set<String> names = new HashSet<>();
            for (Block.Picture picture : SvgFile.of(ReportDocument.of(analysis))) {
                assertThat(names.add(picture.name())).as(picture.name()).isTrue();
                assertThat(picture.name()).matches("[a-z0-9-]+");
                String svg = svg(picture);
                assertThat(svg).doesNotContain("<script", "href", "url(", "onerror=y>");
                Element root = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)))
                        .getDocumentElement();
                assertThat(root.getTagName()).isEqualTo("svg");
                assertThat(root.getElementsByTagName("title").getLength()).isEqualTo(1);
            }
        }
    }

    @Test
    void theWalkShowsEachEntryAndTheRefusal() throws IOException {
        Block.Picture walk = SvgFile.of(ReportDocument.of(SampleAnalysis.typical())).stream()
                .filter(picture -> picture.name().equals("walk-1"))
                .findFirst()
                .orElseThrow();
        assertThat(svg(walk))
                .containsSubsequence("device table", "at 0x11c00c0", "level 3", "level 2", "not present", "refused");
        assertThat(walk.description()).startsWith("3 entries read");
    }

    private static String svg(Block.Picture picture) throws IOException {
        StringBuilder svg = new StringBuilder();
        SvgFile.write(picture, svg);
        return svg.toString();
    }
}
