package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a small trace that holds one event of every kind. */
class ResultTest {
    @TempDir
    private Path dir;

    private Path trace = Path.of("");

    @BeforeEach
    void writeTrace() {
        trace = SmallTrace.write(dir.resolve("small.iorw"));
    }

    @Test
    void describeSaysWhatTheTraceIs() throws IOException {
        assertThat(CommandRun.of("describe", trace).expect(ExitCode.OK).out())
                .contains("profile             qemu-11.1", "34 events", "Nothing is missing.", "gaps                1")
                .doesNotContain("\u001b", "\u202e");
        Map<String, String> json =
                CommandRun.of("describe", trace, "--json").expect(ExitCode.OK).json();
        assertThat(json)
                .containsEntry("events.total", "34")
                .containsEntry("events.byKind.Gap", "1")
                .containsEntry("store", "archive")
                .containsEntry("ended", "true")
                .containsEntry("session.mmioBase", "0xfed80000")
                .containsEntry("session.platform", "platform " + SmallTrace.HOSTILE);
    }

    @Test
    void jsonIsAsciiOnly() {
        assertThat(CommandRun.of("describe", trace, "--json").out().chars())
                .allMatch(c -> c == '\n' || c >= ' ' && c < 127);
    }

    @Test
    void checkOfAnIntactTraceSaysSo() throws IOException {
        assertThat(CommandRun.of("check", trace).expect(ExitCode.OK).out()).contains("small.iorw: intact");
        assertThat(CommandRun.of("check", trace, "--json").expect(ExitCode.OK).json())
                .containsEntry("intact", "true")
                .containsEntry("events", "34")
                .containsEntry("damages", "");
    }

    @Test
    void checkOfADamagedTraceNamesThePlace() throws IOException {
        byte[] bytes = Files.readAllBytes(trace);
        bytes[bytes.length / 3] ^= 4;
        Path damaged = Files.write(dir.resolve("damaged.iorw"), bytes);
        CommandRun run = CommandRun.of("check", damaged).expect(ExitCode.BAD_INPUT);
        assertThat(run.out()).contains("1 damaged place", "expected", "found");
        assertThat(CommandRun.of("check", damaged, "--json")
                        .expect(ExitCode.BAD_INPUT)
                        .json())
                .containsEntry("intact", "false")
                .containsKey("damages.0.place");
        CommandRun dump = CommandRun.of("dump", damaged, "--json").expect(ExitCode.BAD_INPUT);
        assertThat(dump.json()).containsEntry("complete", "false").containsKey("problem");
    }

    @Test
    void dumpSelectsByRangeLimitAndFilter() {
        assertThat(CommandRun.of("dump", trace).expect(ExitCode.OK).out().lines())
                .hasSize(SmallTrace.EVENTS);
        assertThat(CommandRun.of("dump", trace, "--from", 6, "--to", 7).out().lines())
                .hasSize(2)
                .first()
                .asString()
                .contains("00:06.0 read 0x100000 len 4");
        assertThat(CommandRun.of("dump", trace, "--limit", 3).out().lines()).hasSize(3);
        assertThat(CommandRun.of("dump", trace, "--limit", 0).out()).isEmpty();
        assertThat(CommandRun.of("dump", trace, "--from", 1_000).out()).isEmpty();
        assertThat(CommandRun.of("dump", trace, "--filter", "kind == 'Translation' && outcome == 'FAULT'")
                        .out()
                        .lines())
                .singleElement()
                .asString()
                .contains("00:06.0 0x100000 refused");
    }

    @Test
    void dumpAsJsonIsOneDocument() throws IOException {
        Map<String, String> json = CommandRun.of("dump", trace, "--json", "--from", 6, "--limit", 2)
                .expect(ExitCode.OK)
                .json();
        assertThat(json)
                .containsEntry("events.0.kind", "DmaRequest")
                .containsEntry("events.0.requester", "00:06.0")
                .containsEntry("events.1.kind", "InterruptRequest")
                .containsEntry("complete", "true")
                .doesNotContainKey("events.2");
        assertThat(CommandRun.of("dump", trace, "--json", "--limit", 0).json()).containsEntry("events", "");
    }

    @Test
    void jsonLinesThereAndBackGiveTheSameArchive() throws IOException {
        Path lines = dir.resolve("small.jsonl");
        Path again = dir.resolve("again.iorw");
        CommandRun.of("export", "jsonl", trace, "-o", lines).expect(ExitCode.OK);
        assertThat(CommandRun.of("export", "jsonl", trace).expect(ExitCode.OK).out())
                .isEqualTo(Files.readString(lines));
        CommandRun.of("import", "jsonl", lines, "-o", again).expect(ExitCode.OK);
        assertThat(again).hasSameBinaryContentAs(trace);
        Path piped = dir.resolve("piped.iorw");
        CommandRun.withInput(Files.readString(lines), "import", "jsonl", "-", "-o", piped)
                .expect(ExitCode.OK);
        assertThat(piped).hasSameBinaryContentAs(trace);
    }

    @Test
    void aJournalSealsToTheSameArchive() throws IOException {
        Path lines = dir.resolve("small.jsonl");
        Path journal = dir.resolve("journal");
        Path sealed = dir.resolve("sealed.iorw");
        CommandRun.of("export", "jsonl", trace, "-o", lines).expect(ExitCode.OK);
        CommandRun.of("import", "jsonl", lines, "-o", journal).expect(ExitCode.OK);
        assertThat(CommandRun.of("describe", journal, "--json")
                        .expect(ExitCode.OK)
                        .json())
                .containsEntry("store", "journal")
                .containsEntry("events.total", "34");
        CommandRun.of("import", "jsonl", lines, "-o", journal).expect(ExitCode.USAGE);
        CommandRun.of("import", "jsonl", lines, "-o", journal, "--force").expect(ExitCode.OK);
        assertThat(CommandRun.of("seal", journal, "-o", sealed, "--json")
                        .expect(ExitCode.OK)
                        .json())
                .containsEntry("events", "34");
        assertThat(sealed).hasSameBinaryContentAs(trace);
    }

    @Test
    void aDirectoryThatIsNoJournalIsNeverReplaced() throws IOException {
        Path other = Files.createDirectory(dir.resolve("other"));
        Path precious = Files.writeString(other.resolve("precious"), "x");
        Path lines = dir.resolve("small.jsonl");
        CommandRun.of("export", "jsonl", trace, "-o", lines).expect(ExitCode.OK);
        CommandRun.of("import", "jsonl", lines, "-o", other, "--force").expect(ExitCode.USAGE);
        assertThat(precious).exists();
    }

    @Test
    void replayReportsTheRefusedRequest() throws IOException {
        CommandRun run = CommandRun.of("replay", trace).expect(ExitCode.FOUND);
        assertThat(run.out())
                .contains("0x100000", "state hash", "Recording against model")
                .doesNotContain("\u001b");
        CommandRun json = CommandRun.of("replay", trace, "--json").expect(ExitCode.FOUND);
        assertThat(json.jsonNames())
                .startsWith(
                        "trace",
                        "events",
                        "observations",
                        "firstDivergences",
                        "faults",
                        "gaps",
                        "fidelity",
                        "stateHash");
        assertThat(json.json())
                .containsEntry("events.total", "34")
                .containsEntry("faults.0.device", "00:06.0")
                .containsEntry("faults.0.address", "0x100000")
                .containsEntry("gaps", "1")
                .containsKeys(
                        "observations.compared",
                        "observations.matched",
                        "observations.knownDeviations",
                        "observations.divergences",
                        "observations.notComparable",
                        "faults.0.sequence",
                        "faults.0.cause");
    }

    @Test
    void theReportIsAFileAndAResult() throws IOException {
        Path html = dir.resolve("r.html");
        CommandRun run = CommandRun.of("report", trace, "-o", html, "--json").expect(ExitCode.FOUND);
        assertThat(run.json())
                .containsKeys("findings.0.rule", "findings.0.firstAddress", "verdict.title", "replay.stateHash");
        assertThat(html)
                .content()
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n")
                .doesNotContain(SmallTrace.HOSTILE);
        assertThat(CommandRun.of("report", trace, "-o", html)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--force");
        assertThat(CommandRun.of("report", trace, "-o", html, "--force")
                        .expect(ExitCode.FOUND)
                        .out())
                .contains("00:06.0");
    }
}
