package org.iorewind.samples.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.samples.GoldenText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each capture comes to, as reviewed: the machine's own counts, what the rules say, and the state of the model at the end. */
class GoldenCapturesTest {
    private static final Path FOLDER = Path.of("golden", "captures");

    @TempDir
    private Path folder;

    static Stream<Capture> captures() {
        return Captures.list().stream();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void theCaptureComesToWhatWasReviewed(Capture capture) throws IOException {
        Outcome outcome = Outcome.of(capture.name(), capture.traceIn(folder), "false");
        assertThat(outcome.analysis().replay().observations().divergences()).isZero();
        if (!capture.tags().contains("qtest")) {
            assertThat(Stream.of(Severity.WARNING, Severity.ERROR)
                            .map(outcome.analysis().rules()::atLeast))
                    .as("rules that a driver and a device that thousands use break")
                    .containsOnly(0L);
        }
        GoldenText.compare(FOLDER.resolve(capture.name() + ".txt"), GoldenScenariosTest.text(outcome, List.of(), ""));
    }

    @Test
    void thereIsNoFileWithoutACapture() throws IOException {
        assumeThat(GoldenText.isUpdated()).as("files are being written").isFalse();
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            Captures.list().stream().map(Capture::name).toList());
        }
    }
}
