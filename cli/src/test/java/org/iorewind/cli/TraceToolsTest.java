package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that work on traces as files. */
class TraceToolsTest {
    @TempDir
    private Path dir;

    private Path trace = Path.of("");

    @BeforeEach
    void writeTrace() {
        trace = SmallTrace.write(dir.resolve("small.iorw"));
    }

    private static String lines(Path trace) {
        return CommandRun.of("export", "jsonl", trace).expect(ExitCode.OK).out();
    }

    @Test
    void repairOfAWholeTraceFindsNothing() throws IOException {
        Path saved = dir.resolve("saved.iorw");
        Map<String, String> json = CommandRun.of("repair", trace, "-o", saved, "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(json)
                .containsEntry("gaps", "0")
                .containsEntry("lost", "0")
                .containsEntry("events", "" + SmallTrace.EVENTS);
        assertThat(saved).hasSameBinaryContentAs(trace);
        CommandRun.of("repair", trace, "-o", saved).expect(ExitCode.USAGE);
        CommandRun.of("repair", trace, "-o", trace, "--force").expect(ExitCode.USAGE);
    }

    @Test
    void repairSavesAnArchiveWithoutItsEnd() throws IOException {
        byte[] bytes = Files.readAllBytes(trace);
        Path cut = Files.write(dir.resolve("cut.iorw"), Arrays.copyOf(bytes, bytes.length - 20));
        CommandRun.of("describe", cut).expect(ExitCode.BAD_INPUT);
        Path saved = dir.resolve("saved.iorw");
        // All events are there, and the last one says so.
        CommandRun.of("repair", cut, "-o", saved).expect(ExitCode.OK);
        assertThat(lines(saved)).isEqualTo(lines(trace));
    }

    @Test
    void repairOfNothingIsBadInput() throws IOException {
        Path other = Files.writeString(dir.resolve("other.iorw"), "hello");
        CommandRun.of("repair", other, "-o", dir.resolve("x.iorw")).expect(ExitCode.BAD_INPUT);
        CommandRun.of("repair", dir.resolve("none"), "-o", dir.resolve("x.iorw"))
                .expect(ExitCode.BAD_INPUT);
        assertThat(dir.resolve("x.iorw")).doesNotExist();
    }

    @Test
    void statsAddUp() throws IOException {
        CommandRun run = CommandRun.of("stats", trace).expect(ExitCode.OK);
        assertThat(run.out()).contains("MemoryWrite", "DmaRequest", "headers and index");
        Map<String, String> json =
                CommandRun.of("stats", trace, "--json").expect(ExitCode.OK).json();
        assertThat(json)
                .containsEntry("events", "" + SmallTrace.EVENTS)
                .containsEntry("storedBytes", "" + Files.size(trace));
        long kinds = 0;
        for (int i = 0; json.containsKey("kinds." + i + ".storedBytes"); i++) {
            kinds += Long.parseLong(json.get("kinds." + i + ".storedBytes"));
        }
        long rest = Long.parseLong(json.get("structureBytes")) + Long.parseLong(json.get("orderBytes"));
        assertThat(kinds + rest).isEqualTo(Files.size(trace));
    }

    @Test
    void splitMakesTraces() throws IOException {
        Path part = dir.resolve("part.iorw");
        Map<String, String> json = CommandRun.of("split", trace, "-o", part, "--every", 12, "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(json).containsEntry("parts.2", dir.resolve("part-3.iorw").toString());
        for (int i = 1; i <= 3; i++) {
            CommandRun.of("check", dir.resolve("part-" + i + ".iorw")).expect(ExitCode.OK);
        }
        assertThat(CommandRun.of("split", trace, "-o", part, "--at-time", "1.5,2.5", "--force")
                        .expect(ExitCode.OK)
                        .out()
                        .lines())
                .hasSize(3);
        CommandRun.of("split", trace, "-o", part).expect(ExitCode.USAGE);
        CommandRun.of("split", trace, "-o", part, "--every", 0, "--force").expect(ExitCode.USAGE);
        CommandRun.of("split", trace, "-o", part, "--at", "9,3", "--force").expect(ExitCode.USAGE);
        CommandRun.of("split", trace, "-o", part, "--at-time", "soon", "--force")
                .expect(ExitCode.USAGE);
    }

    @Test
    void mergeTakesAllEvents() throws IOException {
        Path both = dir.resolve("both.iorw");
        assertThat(CommandRun.of("merge", trace, trace, "-o", both, "--json")
                        .expect(ExitCode.OK)
                        .json())
                // One SessionStart and one SessionEnd for both.
                .containsEntry("events", "" + (2 * SmallTrace.EVENTS - 2))
                .containsEntry("sources", "2");
        CommandRun.of("check", both).expect(ExitCode.OK);
        CommandRun.of("merge", "-o", both).expect(ExitCode.USAGE);
    }

    @Test
    void redactHidesTextsAndIsTheSameForTheSameSalt() throws IOException {
        Path salt = Files.writeString(dir.resolve("salt"), "a secret");
        Path one = dir.resolve("one.iorw");
        Path two = dir.resolve("two.iorw");
        Path three = dir.resolve("three.iorw");
        assertThat(CommandRun.of("redact", trace, "-o", one, "--salt-file", salt, "--json")
                        .expect(ExitCode.OK)
                        .json())
                .containsEntry("leftOut", "0");
        CommandRun.of("redact", trace, "-o", two, "--salt-file", salt).expect(ExitCode.OK);
        CommandRun.of("redact", trace, "-o", three).expect(ExitCode.OK);
        assertThat(two).hasSameBinaryContentAs(one);
        assertThat(lines(three)).isNotEqualTo(lines(one));
        assertThat(lines(one)).doesNotContain("<script>").contains("redacted-");
        CommandRun.of("redact", trace, "-o", one, "--force", "--salt-file", Files.createFile(dir.resolve("empty")))
                .expect(ExitCode.USAGE);
    }

    @Test
    void aRedactedTraceIsNotComparedWithTheModel() throws IOException {
        Path hidden = dir.resolve("hidden.iorw");
        CommandRun.of("redact", trace, "-o", hidden).expect(ExitCode.OK);
        Map<String, String> json =
                CommandRun.of("replay", hidden, "--json").expect(ExitCode.FOUND).json();
        assertThat(json)
                .containsEntry("observations.compared", "0")
                .containsEntry("observations.divergences", "0")
                .doesNotContainEntry("observations.notComparable", "0");
    }

    @Test
    void tailPrintsTheLastEvents() {
        String all = CommandRun.of("dump", trace).expect(ExitCode.OK).out();
        String last = CommandRun.of("tail", trace, "-n", 3).expect(ExitCode.OK).out();
        assertThat(last.lines()).hasSize(3);
        assertThat(all).endsWith(last);
        assertThat(CommandRun.of("tail", trace, "-n", 0).expect(ExitCode.OK).out())
                .isEmpty();
        assertThat(CommandRun.of("tail", trace, "-n", 100).expect(ExitCode.OK).out())
                .isEqualTo(all);
        assertThat(CommandRun.of("tail", "-f", trace, "-n", 1, "--filter", "kind == 'DmaRequest'", "--json")
                        .expect(ExitCode.OK)
                        .out())
                .contains("\"kind\":\"DmaRequest\"");
        CommandRun.of("tail", trace, "-n", -1).expect(ExitCode.USAGE);
    }

    @Test
    void tailFollowsARecordingUntilItIsClosed() throws Exception {
        Path journal = dir.resolve("journal");
        CompletableFuture<CommandRun> tail;
        try (JournalWriter writer = JournalWriter.create(journal)) {
            EventWriter events = new EventWriter(writer);
            events.sessionStart(new SessionInfo(
                    1, 2, Fidelity.LOG, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "test", "", "Nothing."));
            events.mark(1, "before");
            tail = CompletableFuture.supplyAsync(() -> CommandRun.of("tail", "-f", journal));
            for (int i = 0; i < 5_000; i++) {
                events.mark(i, "while it is followed");
            }
            events.mark(7, "at last");
            events.sessionEnd(EndReason.CLEAN, "");
        }
        CommandRun run = tail.get(60, TimeUnit.SECONDS).expect(ExitCode.OK);
        assertThat(run.out()).contains("at last");
        assertThat(run.out().lines().toList().get((int) run.out().lines().count() - 1))
                .contains("SessionEnd");
    }

    /** The identity of the boot that a journal is from, and the checksum behind it, as docs/format.md has them. */
    private static void writeAsIfOnAnotherBoot(Path journal) throws IOException {
        Path file = journal.resolve("open-blocks");
        ByteBuffer page = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(24, 0x1234);
        CRC32C crc = new CRC32C();
        crc.update(page.array(), 0, 44);
        page.putInt(44, (int) crc.getValue());
        Files.write(file, page.array());
    }

    @Test
    void checkSaysWhetherTheEndMayBeLost() throws IOException {
        Path live = dir.resolve("live");
        Path copy = dir.resolve("copy");
        try (JournalWriter writer = JournalWriter.create(live)) {
            new EventWriter(writer)
                    .sessionStart(new SessionInfo(
                            1, 2, Fidelity.LOG, StartState.RESET, 1, 0, 0, 0, 0, 0, 0, "spec", "test", "", "Nothing."));
            assertThat(CommandRun.of("check", live).expect(ExitCode.OK).out())
                    .contains("every acknowledged event is there");
            try (Stream<Path> paths = Files.walk(live)) {
                for (Path path : paths.toList()) {
                    Files.copy(path, copy.resolve(live.relativize(path)));
                }
            }
        }
        assertThat(CommandRun.of("check", copy, "--json").expect(ExitCode.OK).json())
                .containsEntry("tornTail", "true")
                .containsEntry("mayHaveLostItsEnd", "false");
        writeAsIfOnAnotherBoot(copy);
        assertThat(CommandRun.of("check", copy, "--json").expect(ExitCode.OK).json())
                .containsEntry("intact", "true")
                .containsEntry("tornTail", "true")
                .containsEntry("mayHaveLostItsEnd", "true");
        assertThat(CommandRun.of("check", copy).expect(ExitCode.OK).out())
                .contains("may have lost its end")
                .doesNotContain("every acknowledged event is there");
        writeAsIfOnAnotherBoot(live);
        assertThat(CommandRun.of("check", live, "--json").expect(ExitCode.OK).json())
                .containsEntry("tornTail", "false")
                .containsEntry("mayHaveLostItsEnd", "false");
        assertThat(CommandRun.of("check", trace, "--json").expect(ExitCode.OK).json())
                .containsEntry("mayHaveLostItsEnd", "false");
    }
}
