package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.iorewind.samples.Sample;
import org.iorewind.samples.guide.Guide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the guide to a sample says is there to see is shown by the commands that it names. */
class GuidesTest {
    @TempDir
    private Path folder;

    static Stream<Sample> scenarios() {
        return Sample.list().stream().filter(sample -> !sample.isCapture());
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void theCommandsShowWhatTheStoryDemands(Sample sample) {
        CommandRun.of("record", "sample", sample.name(), "-o", folder.resolve(sample.name() + ".iorw"))
                .expect(ExitCode.OK);
        for (Guide.Step step : sample.guide().steps()) {
            CommandRun run = ShellLine.run(step.command(), folder);
            assertThat(run.code()).as(step.command() + run.err()).isIn(ExitCode.OK, ExitCode.FOUND);
            assertThat(oneLine(run.out()))
                    .as(step.command())
                    .contains(step.shows().stream().map(GuidesTest::oneLine).toList());
            assertThat(step.shows()).as(step.command()).isNotEmpty();
        }
    }

    /** Text is broken into lines where it fits. */
    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }

    @Test
    void aCaptureIsShownByTheDemo() {
        assertThat(Sample.list().stream().filter(Sample::isCapture))
                .allMatch(sample ->
                        sample.guide().steps().get(0).command().equals("iorewind demo --capture " + sample.name()));
    }

    @Test
    void theGuideIsPrintedForPeople() {
        CommandRun run = CommandRun.of("samples", "bug-no-flush").expect(ExitCode.OK);
        assertThat(run.out()).contains("Look for", "report bug-no-flush.iorw", "record sample bug-no-flush");
    }
}
