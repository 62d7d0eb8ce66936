package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
