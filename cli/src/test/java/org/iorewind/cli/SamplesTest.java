package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples are listed and recorded. */
class SamplesTest {
    @TempDir
    private Path dir;

    @Test
    void aRecordedSampleReplaysToTheHashThatWasShown() throws IOException {
        Path trace = dir.resolve("dma.iorw");
        Map<String, String> recorded = CommandRun.of("record", "sample", "base-dma-v1", "-o", trace, "--json")
                .expect(ExitCode.OK)
                .json();
        Map<String, String> replayed =
                CommandRun.of("replay", trace, "--json").expect(ExitCode.FOUND).json();
        assertThat(replayed.get("stateHash")).isEqualTo(recorded.get("stateHash"));
        assertThat(replayed.get("events.total")).isEqualTo(recorded.get("events"));
        assertThat(replayed.get("observations.divergences")).isEqualTo("0");
        assertThat(recorded).containsEntry("name", "base-dma-v1").containsEntry("seed", "1");
    }

    @Test
    void aJournalIsMadeWhereTheNameIsNoArchives() {
        Path journal = dir.resolve("journal");
        assertThat(CommandRun.of("record", "sample", "base-dma-v1", "-o", journal)
                        .expect(ExitCode.OK)
                        .out())
                .contains("state hash");
        assertThat(Files.isDirectory(journal)).isTrue();
        CommandRun.of("record", "sample", "base-dma-v1", "-o", journal).expect(ExitCode.USAGE);
        CommandRun.of("record", "sample", "base-dma-v1", "-o", journal, "--force")
                .expect(ExitCode.OK);
        CommandRun.of("check", journal).expect(ExitCode.OK);
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNamesThatThereAre() {
        CommandRun run = CommandRun.of("record", "sample", "no-such", "-o", dir.resolve("x.iorw"));
        assertThat(run.expect(ExitCode.USAGE).err()).contains("base-boot").contains("no-such");
        assertThat(dir.resolve("x.iorw")).doesNotExist();
    }

    @Test
    void theListNamesScenariosAndCaptures() throws IOException {
        Map<String, String> list =
                CommandRun.of("samples", "--json").expect(ExitCode.OK).json();
        assertThat(list).containsEntry("samples.0.name", "base-boot").containsEntry("samples.0.kind", "workload");
        assertThat(list).containsValue("capture").containsValue("q11-qtest");
        assertThat(list)
                .containsValues(
                        "q11-linux612-fault-tap",
                        "iorewind samples q11-linux612-fault-tap -o q11-linux612-fault-tap.iorw");
        assertThat(CommandRun.of("samples").expect(ExitCode.OK).out())
                .contains("base-boot")
                .contains("q11-qtest");
    }

    @Test
    void aStartOfAnIommuIsDumpedInWords() {
        Path trace = dir.resolve("boot.iorw");
        CommandRun.of("record", "sample", "base-dma-v1", "-o", trace).expect(ExitCode.OK);
        assertThat(CommandRun.of("dump", trace, "--filter", "kind == 'IommuStart'")
                        .out())
                .contains("EFR 0x58f77ef22294ade")
                .contains("sees all of memory");
    }

    @Test
    void aWorkloadRunsOnEachKindOfIommu() throws IOException {
        for (String kind : List.of("sw", "hw", "hybrid")) {
            Path trace = dir.resolve(kind + ".iorw");
            Map<String, String> recorded = CommandRun.of(
                            "record", "sample", "policy-strict", "--on", kind, "-o", trace, "--json")
                    .expect(ExitCode.OK)
                    .json();
            Map<String, String> replayed =
                    CommandRun.of("replay", trace, "--json").expect(ExitCode.OK).json();
            assertThat(replayed).containsEntry("stateHash", recorded.get("stateHash"));
        }
        assertThat(CommandRun.of("record", "sample", "base-boot", "--on", "sw", "-o", dir.resolve("x.iorw"))
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--on", "policy-strict");
        assertThat(CommandRun.of("record", "sample", "mix", "--on", "metal", "-o", dir.resolve("x.iorw"))
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("one of sw, hw, hybrid", "metal");
    }

    @Test
    void aWorkloadThatWasPrintedCanBeRecordedAsAFile() throws IOException {
        Path file = Files.writeString(
                dir.resolve("noisy.json"),
                CommandRun.of("samples", "noisy-neighbour", "--workload")
                        .expect(ExitCode.OK)
                        .out());
        Path byName = dir.resolve("name.iorw");
        Path byFile = dir.resolve("file.iorw");
        CommandRun.of("record", "sample", "noisy-neighbour", "-o", byName).expect(ExitCode.OK);
        CommandRun.of("record", "sample", "--scenario", file, "-o", byFile).expect(ExitCode.OK);
        assertThat(Files.mismatch(byName, byFile)).isEqualTo(-1);
        Path broken = Files.writeString(dir.resolve("broken.json"), "{\"workload\": \"abc\", \"guests\": 7}");
        assertThat(CommandRun.of("record", "sample", "--scenario", broken, "-o", dir.resolve("x.iorw"))
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("broken.json", "guests: expected an array, found 7", "docs/scenarios.md");
    }

    @Test
    void aWorkloadGoesOnUntilThereAreEventsEnough() throws IOException {
        Map<String, String> recorded = CommandRun.of(
                        "record", "sample", "mix", "--events", "2e4", "-o", dir.resolve("mix.iorw"), "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(Long.parseLong(recorded.get("events"))).isBetween(20_000L, 21_000L);
        for (String wrong : List.of("0", "-1", "1.5", "1e13", "1e999999999", "many")) {
            assertThat(CommandRun.of("record", "sample", "mix", "--events", wrong, "-o", dir.resolve("x.iorw"))
                            .expect(ExitCode.USAGE)
                            .err())
                    .contains("--events", "1 to 1e12");
        }
    }

    @Test
    void aSealedCaptureIsWrittenAndOpened() throws IOException {
        Path trace = dir.resolve("fault.iorw");
        CommandRun run =
                CommandRun.of("samples", "q11-linux612-fault-tap", "-o", trace).expect(ExitCode.OK);
        assertThat(run.out()).contains("replay " + trace).doesNotContain("samples q11");
        assertThat(CommandRun.of("report", trace, "--json")
                        .expect(ExitCode.FOUND)
                        .json())
                .containsEntry("replay.faultCount", "10")
                .containsEntry("replay.observations.divergences", "0");
        assertThat(CommandRun.of("dump", trace, "--filter", "kind == 'LogEntry'")
                        .expect(ExitCode.OK)
                        .out()
                        .lines())
                .hasSize(10);
        assertThat(CommandRun.of("debug", trace, "--batch", "-ex", "seek fault 1", "-ex", "why")
                        .expect(ExitCode.OK)
                        .out())
                .contains("00:06.0 at 0x100000 was refused");
        CommandRun.of("samples", "q11-linux612-fault-tap", "-o", trace).expect(ExitCode.USAGE);
        assertThat(CommandRun.of("samples", "q11-linux612-fault-tap", "-o", trace, "--force", "--json")
                        .expect(ExitCode.OK)
                        .json())
                .containsEntry("name", "q11-linux612-fault-tap")
                .containsEntry("file", trace.toString());
    }

    @Test
    void aLogIsWrittenAsItWasMadeAndOnlyCapturesAre() {
        Path log = dir.resolve("mine.log.zst");
        assertThat(CommandRun.of("samples", "q11-linux612-fault", "-o", log)
                        .expect(ExitCode.OK)
                        .out())
                .contains("import qemu-log " + log);
        CommandRun.of("import", "qemu-log", log, "-o", dir.resolve("x.iorw")).expect(ExitCode.OK);
        assertThat(CommandRun.of("samples", "q11-linux612-fault", "-o", dir.resolve("y.iorw"))
                        .expect(ExitCode.USAGE)
                        .err())
                .contains(".log.zst", "y.iorw");
        assertThat(CommandRun.of("samples", "base-boot", "-o", dir.resolve("y.iorw"))
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("base-boot, a scenario", "record sample base-boot");
        assertThat(CommandRun.of("samples", "-o", dir.resolve("y.iorw"))
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("NAME of a capture");
        assertThat(dir.resolve("y.iorw")).doesNotExist();
    }

    @Test
    void aTagSelectsSamples() throws IOException {
        Map<String, String> list = CommandRun.of("samples", "--tag", "sva", "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(list).containsValue("guest-svm").doesNotContainValue("base-boot");
        assertThat(CommandRun.of("samples", "--tag", "no-such")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("sva");
    }
}
