package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Costs of several recordings stand side by side. */
class CompareTest {
    @TempDir
    private Path dir;

    private Path dma = Path.of("");
    private Path ring = Path.of("");

    @BeforeEach
    void record() {
        dma = dir.resolve("dma.iorw");
        ring = dir.resolve("ring.iorw");
        CommandRun.of("record", "sample", "base-dma-v1", "-o", dma).expect(ExitCode.OK);
        CommandRun.of("record", "sample", "base-command-ring", "-o", ring).expect(ExitCode.OK);
    }

    private static int indexOf(Map<String, String> json, String list, String name) {
        int index = 0;
        while (!name.equals(json.get(list + "." + index + ".name"))) {
            assertThat(json).as(name).containsKey(list + "." + index + ".name");
            index++;
        }
        return index;
    }

    /** Amd-viommu reference 8: a strict unmap is a flush and a wait, and 520 of them were made. */
    @Test
    void countsOfBothTracesStandInTheirColumns() throws IOException {
        Map<String, String> json = CommandRun.of("compare", dma, ring, "--json")
                .expect(ExitCode.OK)
                .json();
        String unmap = "operations." + indexOf(json, "operations", "host unmap") + ".traces.";
        assertThat(json)
                .containsEntry("traces.0.trace", dma.toString())
                .containsEntry("traces.0.divergences", "0")
                .containsEntry("traces.0.faults", "2")
                .containsEntry(unmap + "0.operations", "2")
                .containsEntry(unmap + "0.counts.hostCommands", "4")
                .containsEntry(unmap + "1.operations", "520")
                .containsEntry(unmap + "1.counts.hostCommands", "1040");
        String workload = "workloads." + indexOf(json, "workloads", "strict unmaps") + ".traces.";
        assertThat(json).containsEntry(workload + "0.operations", "0").containsEntry(workload + "1.operations", "1040");
        assertThat(json).containsEntry("unitCosts.0.counter", "vmExits").containsKey("unitCosts.0.source");
    }

    @Test
    void peopleSeeATableForEachOperation() {
        String out = CommandRun.of("compare", dma, ring).expect(ExitCode.OK).out();
        assertThat(out)
                .contains("host unmap", "dma.iorw", "ring.iorw", "weighted cost, ns", "workload: strict unmaps")
                .containsPattern("Ch +host commands +2 +2");
        assertThat(CommandRun.of("compare", dma, ring).out()).isEqualTo(out);
    }

    @Test
    void otherUnitCostsChangeTheWeightsOnly() throws IOException {
        Path costs = dir.resolve("costs.json");
        Files.writeString(
                costs,
                "{\"costs\":[{\"counter\":\"hostCommands\",\"ns\":1000000,\"source\":\"a test\",\"confidence\":\"MC\"}]}");
        Map<String, String> usual =
                CommandRun.of("compare", dma, "--json").expect(ExitCode.OK).json();
        Map<String, String> json = CommandRun.of("compare", dma, "--costs", costs, "--json")
                .expect(ExitCode.OK)
                .json();
        String cost = "operations." + indexOf(json, "operations", "host unmap") + ".traces.0.costNs";
        assertThat(Double.parseDouble(json.get(cost)) - Double.parseDouble(usual.get(cost)))
                .isEqualTo(4 * (1_000_000.0 - 354.0));
    }

    @Test
    void badInputIsNamed() throws IOException {
        Path costs = Files.writeString(dir.resolve("costs.json"), "{\"costs\":[{}]}");
        assertThat(CommandRun.of("compare", dma, "--costs", costs)
                        .expect(ExitCode.BAD_INPUT)
                        .err())
                .contains("costs.json", "line 1");
        CommandRun.of("compare", dir.resolve("none.iorw")).expect(ExitCode.BAD_INPUT);
        CommandRun.of("compare").expect(ExitCode.USAGE);
    }
}
