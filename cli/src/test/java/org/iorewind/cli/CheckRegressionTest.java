package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

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

    /**
     * SARIF 2.1.0: a log has version and runs (3.13), a run a tool (3.14), a tool a driver with a name (3.18, 3.19), a rule an id
     * (3.49), a result a message with a text (3.27, 3.11); a location's URI is one (3.4.3).
     */
    @Test
    void sarifHasWhatItsSchemaDemands() throws IOException {
        Path sarif = dir.resolve("result.sarif");
        CommandRun.of("check-regression", dma, boot, "--max-cost", "+1%", "--sarif", sarif)
                .expect(ExitCode.FOUND);
        Map<String, String> log = new CommandRun(0, Files.readString(sarif), "").json();
        assertThat(log).containsEntry("version", "2.1.0");
        assertThat(log.get("runs.0.tool.driver.name")).isEqualTo("iorewind");
        String result = "runs.0.results.0.";
        assertThat(log.get(result + "ruleId")).isEqualTo(log.get("runs.0.tool.driver.rules.0.id"));
        assertThat(log.get(result + "level")).isIn("none", "note", "warning", "error");
        assertThat(log.get(result + "message.text")).isNotBlank();
        URI place = URI.create(log.get(result + "locations.0.physicalLocation.artifactLocation.uri"));
        assertThat(Path.of(place)).isEqualTo(boot);
    }

    /** The counts in the head are those of the elements, and each case has a name and a class. */
    @Test
    void junitXmlCountsWhatItHolds() throws Exception {
        Path junit = dir.resolve("junit.xml");
        CommandRun.of("check-regression", dma, boot, "--max-cost", "+1%", "--max", "hostCommands=+0%", "--junit", junit)
                .expect(ExitCode.FOUND);
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(junit.toFile())
                .getDocumentElement();
        NodeList cases = suite.getElementsByTagName("testcase");
        NodeList failures = suite.getElementsByTagName("failure");
        assertThat(suite.getTagName()).isEqualTo("testsuite");
        assertThat(suite.getAttribute("name")).isNotBlank();
        assertThat(suite.getAttribute("tests")).isEqualTo(Integer.toString(cases.getLength()));
        assertThat(suite.getAttribute("failures")).isEqualTo(Integer.toString(failures.getLength()));
        assertThat(failures.getLength()).isPositive();
        for (int i = 0; i < cases.getLength(); i++) {
            Element each = (Element) cases.item(i);
            assertThat(each.getAttribute("name")).isNotBlank();
            assertThat(each.getAttribute("classname")).isNotBlank();
        }
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
