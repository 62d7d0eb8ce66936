package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MinimizeTest {
    @TempDir
    Path folder;

    private Path trace;
    private Path small;

    @BeforeEach
    void record() {
        trace = folder.resolve("trace.iorw");
        small = folder.resolve("small.iorw");
        CommandRun.of("record", "sample", "base-dma-v1", "-o", trace).expect(ExitCode.OK);
    }

    @Test
    void whatIsLeftStillShowsItAsATraceAndAsLines() throws IOException {
        Path lines = folder.resolve("small.jsonl");
        Map<String, String> json = CommandRun.of(
                        "minimize", trace, "--keep", "faults > 0", "-o", small, "--jsonl", lines, "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(json)
                .containsEntry("predicate", "faults > 0")
                .containsEntry("found", "true")
                .containsEntry("minimal", "true")
                .containsEntry("output", small.toString());
        assertThat(Integer.parseInt(json.get("kept"))).isLessThan(12).isGreaterThan(5);
        CommandRun.of("check", small).expect(ExitCode.OK);
        CommandRun.of("bisect", small, "--first", "faults > 0").expect(ExitCode.FOUND);
        Path again = folder.resolve("again.iorw");
        CommandRun.of("import", "jsonl", lines, "-o", again).expect(ExitCode.OK);
        assertThat(CommandRun.of("dump", again).out())
                .isEqualTo(CommandRun.of("dump", small).out());
        assertThat(CommandRun.of("minimize", trace, "--keep", "faults > 0", "-o", small, "--force")
                        .expect(ExitCode.FOUND)
                        .out())
                .contains("events of", "are enough: faults > 0", "smaller?", "bisect");
    }

    @Test
    void whatIsLeftIsAScenarioThatIsEditedAndRecordedAgain() throws IOException {
        Path scenario = folder.resolve("refused.json");
        Map<String, String> json = CommandRun.of(
                        "minimize", trace, "--keep", "faults > 0", "-o", small, "--scenario", scenario, "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(json)
                .containsEntry("scenarioFound", "true")
                .containsEntry("scenario", scenario.toString())
                .containsEntry("scenarioMinimal", "true");
        String text = Files.readString(scenario);
        assertThat(text).contains("\"scenario\": \"refused\"", "faults > 0", "\"requester\":\"00:02.0\"");
        assertThat(text.lines().filter(line -> line.contains("{\"do\":"))).hasSize(Integer.parseInt(json.get("steps")));
        Path again = folder.resolve("again.iorw");
        CommandRun.of("record", "sample", "--scenario", scenario, "-o", again).expect(ExitCode.OK);
        assertThat(CommandRun.of("replay", again, "--json")
                        .expect(ExitCode.FOUND)
                        .json())
                .containsEntry("observations.divergences", "0");
        CommandRun.of("bisect", again, "--first", "faults > 0 && divergences == 0")
                .expect(ExitCode.FOUND);
        Files.writeString(scenario, text.replace("\"00:02.0\"", "\"00:03.0\""));
        CommandRun.of("record", "sample", "--scenario", scenario, "-o", again, "--force")
                .expect(ExitCode.OK);
        CommandRun.of("bisect", again, "--first", "faults > 0 && requester == '00:03.0'")
                .expect(ExitCode.FOUND);
    }

    @Test
    void aProgramJudgesScenariosToo() throws IOException {
        Path scenario = folder.resolve("x.json");
        assertThat(CommandRun.of("minimize", trace, "--script", "test ! -s \"$1\"", "-o", small, "--scenario", scenario)
                        .expect(ExitCode.FOUND)
                        .out())
                .contains("x.json: 1 step, each of them needed", "record sample --scenario");
        assertThat(Files.readString(scenario)).contains("\"scenario\": \"minimized\"", "IommuStart");
    }

    @Test
    void whatStepsDoNotShowIsNoScenario() {
        Path scenario = folder.resolve("none.json");
        assertThat(CommandRun.of(
                                "minimize",
                                trace,
                                "--keep",
                                "kind == 'SessionStart' && fidelity == 'FULL' && tool == 'iorewind record sample base-dma-v1'",
                                "-o",
                                small,
                                "--scenario",
                                scenario)
                        .expect(ExitCode.FOUND)
                        .out())
                .contains("none: what software and devices did does not show it by itself");
        assertThat(scenario).doesNotExist();
    }

    @Test
    void aScenarioOfStepsHasNoBackendAndNoEnd() throws IOException {
        Path steps = Files.writeString(
                folder.resolve("steps.json"),
                "{\"scenario\": \"abc\", \"machine\": {}, \"steps\": [{\"do\": \"Mark\", \"text\": \"a\"}]}");
        for (String option : List.of("--on=sw", "--events=7")) {
            assertThat(CommandRun.of("record", "sample", "--scenario", steps, "-o", small, option)
                            .expect(ExitCode.USAGE)
                            .err())
                    .contains("expected a workload, found steps");
        }
        Files.writeString(steps, "{\"scenario\": \"abc\", \"machine\": {}, \"steps\": [{\"do\": \"Dance\"}]}");
        assertThat(CommandRun.of("record", "sample", "--scenario", steps, "-o", small)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("steps.json", "steps[0].do: expected one of", "docs/scenarios.md");
        assertThat(small).doesNotExist();
    }

    @Test
    void aProgramDecidesInsteadOfAPredicate() throws IOException {
        Map<String, String> json = CommandRun.of(
                        "minimize", trace, "--script", "test ! -s \"$1\"", "-o", small, "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(json).containsEntry("kept", "3").containsEntry("minimal", "true");
        assertThat(CommandRun.of("dump", small).out())
                .as("only what no trace is without")
                .contains("SessionStart", "IommuStart", "SessionEnd");
    }

    @Test
    void whatIsNotShownIsNotMade() {
        assertThat(CommandRun.of("minimize", trace, "--keep", "faults > 1000", "-o", small)
                        .expect(ExitCode.OK)
                        .out())
                .contains("Nothing to keep");
        CommandRun.of("minimize", trace, "--script", "exit 0", "-o", small).expect(ExitCode.OK);
        assertThat(small).doesNotExist();
    }

    @Test
    void itIsBounded() throws IOException {
        assertThat(CommandRun.of("minimize", trace, "--keep", "faults > 0", "-o", small, "--max-replays", 3, "--json")
                        .expect(ExitCode.FOUND)
                        .json())
                .containsEntry("minimal", "false")
                .containsEntry("replays", "3");
    }

    @Test
    void whatCannotBeIsRefusedBeforeTheWork() throws IOException {
        CommandRun.of("minimize", trace, "-o", small).expect(ExitCode.USAGE);
        CommandRun.of("minimize", trace, "--keep", "faults > 0", "--script", "exit 1", "-o", small)
                .expect(ExitCode.USAGE);
        CommandRun.of("minimize", trace, "--keep", "mood == 1", "-o", small).expect(ExitCode.USAGE);
        CommandRun.of("minimize", trace, "--keep", "faults > 0", "-o", trace).expect(ExitCode.USAGE);
        CommandRun.of("minimize", trace, "--script", "exit 200", "-o", small).expect(ExitCode.USAGE);
        Files.writeString(small, "mine");
        CommandRun.of("minimize", trace, "--keep", "faults > 0", "-o", small).expect(ExitCode.USAGE);
        assertThat(small).hasContent("mine");
    }
}
