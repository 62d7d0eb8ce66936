package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineWindowTest {
    private static final String OURS = "amdvi_intr_inval Interrupt table invalidated";

    @TempDir
    Path folder;

    private LineWindow window(int charsAhead, List<String> lines) throws IOException {
        return new LineWindow(new FileLines(List.of(Files.write(folder.resolve("log"), lines))), charsAhead);
    }

    @Test
    void theLookAheadEndsWhereItsTextIsLongEnough() throws IOException {
        try (LineWindow lines = window(3 * OURS.length(), Collections.nCopies(10, OURS))) {
            assertThat(lines.peek(2)).isNotNull();
            assertThat(lines.peek(3)).isNull();
            assertThat(lines.next()).isNotNull();
            assertThat(lines.peek(2)).isNotNull();
            assertThat(lines.peek(3)).isNull();
        }
    }

    @Test
    void oneLineIsAlwaysReadHoweverLong() throws IOException {
        try (LineWindow lines = window(1, List.of(OURS, OURS))) {
            assertThat(lines.peek(0)).isNotNull();
            assertThat(lines.peek(1)).isNull();
            assertThat(lines.next()).isNotNull();
            assertThat(lines.next()).isNotNull();
            assertThat(lines.next()).isNull();
            assertThat(lines.lines()).isEqualTo(2);
        }
    }

    @Test
    void theLookAheadEndsAfterSoManyLines() throws IOException {
        List<String> many = Collections.nCopies(LineWindow.LOOK_AHEAD + 10, "x");
        try (LineWindow lines = window(LineWindow.CHARS_AHEAD, many)) {
            assertThat(lines.peek(LineWindow.LOOK_AHEAD - 1)).isNotNull();
            assertThat(lines.peek(LineWindow.LOOK_AHEAD)).isNull();
        }
    }

    @Test
    void ofLinesReadAheadThatAreNotOursOnlyTheLabelIsKept() throws IOException {
        String other = "vtd_reg_write " + "x".repeat(1000);
        try (LineWindow lines = window(OURS.length() + 1, List.of(OURS, other, other, OURS, OURS))) {
            LogLine ahead = lines.peek(2);
            assertThat(ahead).isNotNull();
            assertThat(ahead.text).isEmpty();
            assertThat(ahead.payload()).isEmpty();
            assertThat(ahead.label).isEqualTo("vtd_reg_write");
            assertThat(lines.peek(3)).isNotNull();
            assertThat(lines.peek(4)).isNull();
        }
    }

    @Test
    void aLineThatIsTakenAtOnceHasItsText() throws IOException {
        try (LineWindow lines = window(1, List.of("# iommu options: intremap=on"))) {
            LogLine line = lines.next();
            assertThat(line).isNotNull();
            assertThat(line.text).isEqualTo("# iommu options: intremap=on");
        }
    }
}
