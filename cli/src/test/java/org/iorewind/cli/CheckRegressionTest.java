package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gate for continuous integration: exit code, JSON, JUnit XML and SARIF say the same. */
class CheckRegressionTest {
    @TempDir
    Path dir;

    private Path dma;
    private Path boot;

    @BeforeEach
    void record() {
        dma = sample("base-dma-v1");
        boot = sample("base-boot");
    }

    private Path sample(String name) {
        Path trace = dir.resolve(name + ".iorw");
        CommandRun.of("record", "sample", name, "-o", trace).expect(ExitCode.OK);
        return trace;
    }

    @Test
    void theSameRecordingCostsTheSame() throws IOException {
        Map<String, String> json = CommandRun.of("check-regression", dma, dma, "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(json).containsEntry("regressions", "0").containsEntry("checks.0.change", "+0.0%");
    }

    @Test
    void moreWorkIsARegressionInEveryForm() throws IOException {
        Path junit = dir.resolve("junit.xml");
        Path sarif = dir.resolve("result.sarif");
        Map<String, String> json = CommandRun.of(
                        "check-regression",
                        dma,
                        boot,
                        "--max-cost",
                        "+1%",
                        "--max",
                        "hostCommands=+0%",
                        "--junit",
                        junit,
                        "--sarif",
                        sarif,
                        "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(json).containsEntry("checks.0.name", "cost of all").containsEntry("checks.0.exceeded", "true");
        // Bringing an IOMMU up clears its tables, and needs fewer commands than three mappings that are flushed.
        assertThat(json)
                .containsEntry("checks.2.name", "host commands (hostCommands)")
                .containsEntry("checks.2.exceeded", "false");
        assertThat(Files.readString(junit)).contains("<failure type=\"regression\"", "cost of all");
        assertThat(Files.readString(sarif)).contains("cost-regression", "cost of all");
    }

    @Test
    void aCounterHasALimitOfItsOwn() throws IOException {
        Map<String, String> json = CommandRun.of(
                        "check-regression", boot, dma, "--max-cost", "+1%", "--max", "hostCommands=+0%", "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(json)
                .containsEntry("regressions", "1")
                .containsEntry("checks.2.name", "host commands (hostCommands)")
                .containsEntry("checks.2.exceeded", "true");
    }

    @Test
    void whatIsNoLimitAndNoCounterIsNamed() {
        assertThat(CommandRun.of("check-regression", dma, dma, "--max-cost", "much")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--max-cost", "+5%", "much");
        assertThat(CommandRun.of("check-regression", dma, dma, "--max", "speed=+5%")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--max", "vmExits", "speed");
    }
}
