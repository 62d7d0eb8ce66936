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

    static Stream<Sample> samples() {
        return Sample.list().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theCommandsShowWhatTheStoryDemands(Sample sample) {
        for (String command : sample.commands()) {
            ShellLine.run(command, folder).expect(ExitCode.OK);
        }
        assertThat(folder.resolve(sample.name() + ".iorw")).isRegularFile();
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
    void theGuideIsPrintedForPeople() {
        CommandRun run = CommandRun.of("samples", "bug-no-flush").expect(ExitCode.OK);
        assertThat(run.out())
                .contains("Look for", "report bug-no-flush.iorw", "record sample bug-no-flush")
                .doesNotContain("How it was made");
        assertThat(CommandRun.of("samples", "q10-linux612-tap")
                        .expect(ExitCode.OK)
                        .out())
                .contains(
                        "How it was made", "What it cannot show", "samples q10-linux612-tap -o q10-linux612-tap.iorw");
    }
}
