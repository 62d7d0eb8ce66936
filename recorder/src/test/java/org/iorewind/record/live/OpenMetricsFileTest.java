package org.iorewind.record.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.trace.TraceStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenMetricsFileTest {
    private static final RecordingStatus STATUS =
            new RecordingStatus(1_500_000_000L, 1234, 98765, 2000, 800, 2_000_000, 7, 1, 3, 1L << 40);

    @TempDir
    Path folder;

    @Test
    void everyNumberHasItsTypeAndTheFileItsEnd() {
        List<String> lines = OpenMetricsFile.text(STATUS, false).lines().toList();
        assertThat(lines)
                .contains(
                        "# TYPE iorewind_events counter",
                        "iorewind_events_total 1234",
                        "iorewind_gaps_total 1",
                        "iorewind_elapsed_seconds 1.500000000",
                        "iorewind_lag_seconds 0.002000000",
                        "iorewind_disk_free_bytes 1099511627776",
                        "iorewind_recording 1");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("# EOF");
        // OpenMetrics 1.0: a unit is the suffix of its metric's name
        for (String line : lines) {
            if (line.startsWith("# UNIT ")) {
                String[] words = line.split(" ");
                assertThat(words[2]).endsWith("_" + words[3]);
            }
        }
    }

    @Test
    void theFileIsReplacedAsAWholeAndSaysThatTheRecordingIsOver() throws IOException {
        Path file = Files.writeString(folder.resolve("metrics"), "older");
        OpenMetricsFile metrics = new OpenMetricsFile(file);
        metrics.update(STATUS);
        assertThat(file).content().contains("iorewind_recording 1");
        metrics.finish(STATUS);
        assertThat(file).content().contains("iorewind_recording 0").endsWith("# EOF\n");
        assertThat(folder).isDirectoryNotContaining("glob:**partial");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsToldAtTheEndAndDisturbsNothingBefore() {
        OpenMetricsFile metrics = new OpenMetricsFile(folder.resolve("absent").resolve("metrics"));
        metrics.update(STATUS);
        assertThatThrownBy(() -> metrics.finish(STATUS))
                .isInstanceOf(TraceStoreException.class)
                .hasMessageContaining("--metrics");
    }
}
