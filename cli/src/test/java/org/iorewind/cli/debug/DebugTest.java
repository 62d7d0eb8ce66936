package org.iorewind.cli.debug;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.SmallTrace;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The debugger without a terminal, on a sample in which a driver maps two pages and a large one for the NIC 00:02.0, the NIC
 * uses them, the driver unmaps them, and the NIC tries again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DebugTest {
    private static final String PAGE = "pte 00:02.0 0x10000000";

    private Path dir = Path.of("");
    private Path trace = Path.of("");

    @BeforeAll
    void record(@TempDir Path folder) {
        dir = folder;
        trace = dir.resolve("dma.iorw");
        CommandRun.of("record", "sample", "base-dma-v1", "-o", trace).expect(ExitCode.OK);
    }

    /** Answers to commands, each flattened. */
    private List<Map<String, String>> answers(Object... commands) throws IOException {
        return answers(CommandRun.of(arguments(commands)).expect(ExitCode.OK).out());
    }

    private static List<Map<String, String>> answers(String out) throws IOException {
        List<Map<String, String>> answers = new ArrayList<>();
        for (String line : out.split("\n", -1)) {
            if (!line.isEmpty()) {
                answers.add(new CommandRun(0, line, "").json());
            }
        }
        return answers;
    }

    private Object[] arguments(Object... commands) {
        List<Object> arguments = new ArrayList<>(List.of("debug", trace, "--no-cache", "--json", "--batch"));
        for (Object command : commands) {
            arguments.add("-ex");
            arguments.add(command);
        }
        return arguments.toArray();
    }

    private String text(Object... commands) {
        List<Object> arguments = new ArrayList<>(List.of(arguments(commands)));
        arguments.remove("--json");
        return CommandRun.of(arguments.toArray()).expect(ExitCode.OK).out();
    }

    private Map<String, String> last(Object... commands) throws IOException {
        List<Map<String, String>> all = answers(commands);
        return all.get(all.size() - 1);
    }

    private long sequence(Object... commands) throws IOException {
        return Long.parseLong(last(commands).get("sequence"));
    }

    /** An emulated IOMMU sees a part of memory, from 0 on: who reads is told by the address in the machine all the same. */
    @Test
    void readsOfAnIommuThatSeesAPartOfMemoryAreFound() throws IOException {
        Path remapped = dir.resolve("remapped.iorw");
        CommandRun.of("record", "sample", "sw-emulated-intremap", "-o", remapped)
                .expect(ExitCode.OK);
        String entry = "iommu 1 irte 00:04.0 0";
        List<Map<String, String>> answers = answers(CommandRun.of(
                        "debug",
                        remapped,
                        "--no-cache",
                        "--json",
                        "--batch",
                        "-ex",
                        "seek interruptrequest 1",
                        "-ex",
                        "reverse-step",
                        "-ex",
                        "who reads " + entry,
                        "-ex",
                        "rwatch " + entry,
                        "-ex",
                        "continue")
                .expect(ExitCode.OK)
                .out());
        long request = Long.parseLong(answers.get(0).get("sequence"));
        assertThat(answers.get(2)).containsEntry("found", "true").containsEntry("reader", "" + request);
        assertThat(answers.get(4)).containsEntry("stop", "reached").containsEntry("sequence", "" + request);
    }

    @Test
    void aStepBackUndoesAStep() throws IOException {
        for (long at : new long[] {-1, 0, 17, 150}) {
            assertThat(sequence("seek " + at, "step", "reverse-step")).isEqualTo(at);
            assertThat(sequence("seek " + at, "s 30", "rs 30")).isEqualTo(at);
        }
    }

    @Test
    void bothEndsStopCleanly() throws IOException {
        assertThat(last("rs")).containsEntry("stop", "start").containsEntry("sequence", "-1");
        assertThat(last("seek 3", "rs 10")).containsEntry("stop", "start").containsEntry("sequence", "-1");
        assertThat(last("continue")).containsEntry("stop", "end").containsEntry("kind", "SessionEnd");
        long end = sequence("seek end");
        assertThat(last("seek end", "step")).containsEntry("stop", "end").containsEntry("sequence", "" + end);
        assertThat(last("seek end", "s 1000")).containsEntry("stop", "end").containsEntry("sequence", "" + end);
        assertThat(last("seek end", "rc")).containsEntry("stop", "start");
    }

    @Test
    void theTraceCanBeBegunAtItsEnd() throws IOException {
        List<Map<String, String>> answers = answers(CommandRun.of(
                        "debug", trace, "--no-cache", "--json", "--batch", "--at", "end", "-ex", "reverse-next fault")
                .expect(ExitCode.OK)
                .out());
        assertThat(answers.get(0)).containsEntry("kind", "SessionEnd");
        assertThat(answers.get(1)).containsEntry("effects.refused", "1");
    }

    @Test
    void whyOfARefusalNamesWhoMappedUnmappedAndInvalidated() throws IOException {
        Map<String, String> why = last("seek fault 1", "why");
        assertThat(why.get("verdict")).contains("00:02.0 at 0x10000000", "unmapped before");
        Map<String, String> mapped = link(why, "made the mapping");
        Map<String, String> unmapped = link(why, "took the mapping away");
        Map<String, String> invalidated = link(why, "invalidated it in the IOTLB");
        Map<String, String> request = link(why, "the request");
        assertThat(mapped.get("during")).startsWith("map for 00:02.0 iova 0x10000000");
        assertThat(unmapped.get("during")).startsWith("unmap iova 0x10000000");
        assertThat(unmapped.get("detail")).contains("-> PAGE_NOT_PRESENT");
        assertThat(invalidated.get("event")).contains("MmioWrite", "CommandTail");
        assertThat(request.get("event")).contains("DmaRequest", "00:02.0", "0x10000000");
        assertThat(List.of(mapped, unmapped, invalidated, request))
                .extracting(each -> Long.parseLong(each.get("sequence")))
                .isSorted();
    }

    @Test
    void whyOfATranslationNamesWhoWroteEveryEntry() throws IOException {
        Map<String, String> why = last("seek dmarequest 1", "why");
        assertThat(why.get("verdict")).contains("answered by the tables");
        for (String role :
                List.of("wrote the device table entry", "wrote the level 1 entry", "wrote the level 2 entry")) {
            assertThat(link(why, role)).containsKey("sequence");
        }
        assertThat(link(why, "wrote the level 1 entry").get("during")).startsWith("map for 00:02.0 iova 0x10000000");
        assertThat(last("seek dmarequest 2", "why").get("verdict")).contains("from the IOTLB");
    }

    @Test
    void whyOfAnObservationIsThatOfItsRequest() throws IOException {
        long request = sequence("seek dmarequest 1");
        assertThat(last("seek translation 1", "why")).containsEntry("subject", "" + request);
        assertThat(last("seek fault 1", "next logentry", "why").get("verdict")).contains("unmapped before");
    }

    @Test
    void whyOfAStoreIsItsFirstUse() throws IOException {
        Map<String, String> why = last("seek dmarequest 1", "reverse-next memory", "why");
        assertThat(why.get("verdict")).contains("the IOMMU first read what was stored");
        assertThat(link(why, "made the IOMMU read it first").get("event")).contains("DmaRequest", "0x40100000");
    }

    /** The link of a chain with this role. */
    private static Map<String, String> link(Map<String, String> why, String role) {
        for (int i = 0; why.containsKey("chain." + i); i++) {
            if (why.get("chain." + i + ".role").startsWith(role)) {
                return Map.of(
                        "sequence", why.get("chain." + i + ".sequence"),
                        "event", why.get("chain." + i + ".event"),
                        "detail", why.get("chain." + i + ".detail"),
                        "during", why.get("chain." + i + ".during"));
            }
        }
        throw new AssertionError("no such role: " + role + " in " + why);
    }

    @Test
    void aWatchMeetsTheSameEventsInBothDirections() throws IOException {
        List<String> forward = new ArrayList<>();
        List<Map<String, String>> on = answers("watch " + PAGE, "c", "c", "c", "c");
        for (Map<String, String> each : on.subList(1, on.size())) {
            if (each.get("stop").equals("reached")) {
                forward.add(each.get("sequence") + each.get("breakpoints.0.before") + each.get("breakpoints.0.after"));
            }
        }
        List<String> back = new ArrayList<>();
        List<Map<String, String>> off = answers("watch " + PAGE, "seek end", "rc", "rc", "rc", "rc");
        for (Map<String, String> each : off.subList(2, off.size())) {
            if (each.get("stop").equals("reached")) {
                back.add(0, each.get("sequence") + each.get("breakpoints.0.before") + each.get("breakpoints.0.after"));
            }
        }
        assertThat(forward)
                .as("mapped and unmapped, at least")
                .hasSizeGreaterThanOrEqualTo(2)
                .isEqualTo(back);
        Map<String, String> wrote = last("seek end", "who wrote " + PAGE);
        assertThat(forward.get(forward.size() - 1)).startsWith(wrote.get("writer") + wrote.get("before"));
        assertThat(last("seek end", "last " + PAGE).get("writer")).isEqualTo(wrote.get("writer"));
    }

    @Test
    void aReadWatchStopsWhereTheEntryIsRead() throws IOException {
        long first = sequence("seek dmarequest 1");
        assertThat(sequence("seek dmarequest 1", "rs", "rwatch " + PAGE, "c")).isEqualTo(first);
        Map<String, String> cached = last("seek dmarequest 1", "rs", "rwatch iotlb 00:02.0 0x10000000", "c");
        assertThat(cached.get("sequence")).isEqualTo("" + sequence("seek dmarequest 2"));
        assertThat(last("seek dmarequest 1", "rs", "who reads " + PAGE).get("reader"))
                .isEqualTo("" + first);
        assertThat(last("seek end", "who reads " + PAGE)).containsEntry("found", "false");
    }

    @Test
    void breakpointsAreListedNumberedAndRemoved() throws IOException {
        List<Map<String, String>> all =
                answers("break kind == 'DmaRequest'", "watch register CONTROL", "info breakpoints", "delete 1", "d");
        assertThat(all.get(0)).containsEntry("number", "1").containsEntry("kind", "break");
        assertThat(all.get(2)).containsEntry("breakpoints.1.what", "register CONTROL");
        assertThat(all.get(3)).containsEntry("breakpoints.0.number", "2").doesNotContainKey("breakpoints.1");
        assertThat(all.get(4)).doesNotContainKey("breakpoints.0");
    }

    @Test
    void theStateIsThatOfTheEventUnderTheCursor() throws IOException {
        Map<String, String> walk = last("seek dmarequest 1", "walk 00:02.0 0x10000123");
        assertThat(walk)
                .containsEntry("walk.decision", "TRANSLATED")
                .containsEntry("walk.steps.0.entry", "DTE")
                .containsEntry("walk.steps.0.section", "2.2.2")
                .containsEntry("walk.rights", "rw");
        assertThat(walk.get("walk.result")).endsWith("123");
        assertThat(last("seek end", "walk 00:02.0 0x10000123")).containsEntry("walk.decision", "PAGE_NOT_PRESENT");
        Map<String, String> cached = last("seek dmarequest 1", "info iotlb");
        assertThat(cached).containsEntry("iotlb.0.address", "0x10000000").doesNotContainKey("iotlb.1");
        assertThat(last("seek end", "info iotlb")).doesNotContainKey("iotlb.0");
        Map<String, String> devices = last("seek dmarequest 1", "info devices");
        assertThat(devices.values()).contains("00:02.0");
        String domain = last("seek dmarequest 1", "print dte('00:02.0').domain").get("value");
        assertThat(last("seek dmarequest 1", "info domains").values()).contains(domain);
    }

    @Test
    void expressionsAreAskedOfEventAndState() throws IOException {
        assertThat(last("seek fault 1", "print faults")).containsEntry("value", "1");
        assertThat(last("seek dmarequest 1", "p requester")).containsEntry("value", "00:02.0");
        assertThat(last("p register('CONTROL')")).containsKey("hex");
        assertThat(last("seek dmarequest 1", "p dte(requester)")).containsEntry("value.known", "true");
    }

    @Test
    void memoryIsShownInUnitsAndFormats() throws IOException {
        Map<String, String> steps = last("seek dmarequest 1", "walk 00:02.0 0x10000000");
        String address = steps.get("walk.steps.1.address");
        String value = steps.get("walk.steps.1.value");
        long number = Long.parseUnsignedLong(value.substring(2), 16);
        assertThat(Long.parseUnsignedLong(
                        last("seek dmarequest 1", "x " + address)
                                .get("memory.0.value")
                                .substring(2),
                        16))
                .isEqualTo(number);
        assertThat(last("seek dmarequest 1", "x/2uw " + address))
                .containsEntry("memory.0.value", Long.toString(number & 0xFFFF_FFFFL))
                .containsEntry("memory.1.value", Long.toString(number >>> 32));
        assertThat(last("x 0x123456789000")).containsEntry("memory.0.value", "?");
    }

    @Test
    void theDifferenceOfAnEventIsWhatItChanged() throws IOException {
        Map<String, String> diff = last("seek dmarequest 1", "diff");
        assertThat(diff.values())
                .anyMatch(
                        value -> value.startsWith("iommu") && value.contains("iotlb[") && value.contains("0x10000000"));
        long here = sequence("seek dmarequest 1");
        assertThat(last("seek " + here, "diff " + here)).doesNotContainKey("differences.0");
    }

    @Test
    void namesOfEventsLeadBack() throws IOException {
        assertThat(sequence("seek 42", "mark the answer", "seek end", "seek mark the answer"))
                .isEqualTo(42);
        Path marked = SmallTrace.write(dir.resolve("small.iorw"));
        List<Map<String, String>> marks =
                answers(CommandRun.of("debug", marked, "--no-cache", "--json", "--batch", "-ex", "marks")
                        .expect(ExitCode.OK)
                        .out());
        String text = marks.get(0).get("traceMarks.0.name");
        String at = marks.get(0).get("traceMarks.0.sequence");
        assertThat(answers(CommandRun.of("debug", marked, "--no-cache", "--json", "--batch", "-ex", "seek mark " + text)
                        .expect(ExitCode.OK)
                        .out()))
                .first()
                .extracting(each -> each.get("sequence"))
                .isEqualTo(at);
    }

    @Test
    void theListPointsAtTheCursor() {
        assertThat(text("seek 20", "list 2").lines().filter(line -> line.startsWith("=>")))
                .singleElement()
                .asString()
                .contains(" 20 ");
    }

    @Test
    void everyVerbIsHelpedWithAndExplainsItself() throws IOException {
        Map<String, String> help = last("help");
        int verbs = 0;
        while (help.containsKey("verbs." + verbs + ".usage")) {
            String name = help.get("verbs." + verbs + ".usage").split(" ", 2)[0];
            assertThat(last("help " + name)).containsEntry("name", name);
            verbs++;
        }
        assertThat(verbs).isGreaterThan(20);
    }

    @Test
    void theCommandReferenceNamesEveryVerb() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "debug.md"));
        Map<String, String> help = last("help");
        for (int i = 0; help.containsKey("verbs." + i + ".usage"); i++) {
            assertThat(page).contains("`" + help.get("verbs." + i + ".usage").split(" ", 2)[0]);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fly | no such command: fly",
                "re | reverse-step, reverse-next, reverse-continue",
                "step x | expected a number",
                "step 0 | expected a count of 1 or more",
                "seek mark nowhere | no such mark: nowhere",
                "seek time soon | expected seconds",
                "seek nothing 3 | found: nothing",
                "break faults | expected type 'bool'",
                "watch pte 00:02.0 | expected register NAME",
                "rwatch pte 00:02.0 0x0 | expected a place that is in memory now",
                "walk 00:02 0 | expected a device such as",
                "x/4 | expected an address",
                "x 0x1001 | a multiple of 8",
                "info weather | expected one of registers",
                "info iommu 9 registers | the number of an IOMMU that is there",
                "print requester | expected a value of requester here",
                "delete 4 | no such breakpoint: 4",
                "why | expected an event under the cursor",
                "who knows | expected who wrote PLACE or who reads PLACE",
                "diff 100000 | no such event: 100000",
                "source /no/such/file | expected a file with commands"
            })
    void whatCannotBeDoneIsSaidAndEndsABatch(String command, String message) throws IOException {
        CommandRun run = CommandRun.of(arguments(command, "seek end")).expect(ExitCode.USAGE);
        List<Map<String, String>> answers = answers(run.out());
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0)).containsEntry("ok", "false").containsEntry("command", command);
        assertThat(answers.get(0).get("error")).contains(message);
        assertThat(CommandRun.of("debug", trace, "--no-cache", "--batch", "-ex", command)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains(message);
    }

    @Test
    void commandsComeFromFilesAndPipes() throws IOException {
        Path script = Files.writeString(dir.resolve("script"), "# to the fault\nseek fault 1\n\nwhy\n");
        assertThat(CommandRun.of("debug", trace, "--no-cache", "--batch", "-x", script)
                        .expect(ExitCode.OK)
                        .out())
                .isEqualTo(text("source " + script))
                .isEqualTo(CommandRun.withInput("seek fault 1\nwhy\nquit\nstep\n", "debug", trace, "--no-cache")
                        .expect(ExitCode.OK)
                        .out());
        CommandRun failing = CommandRun.withInput("fly\nseek 3", "debug", trace, "--no-cache", "--json");
        assertThat(failing.code()).isEqualTo(ExitCode.USAGE);
        assertThat(answers(failing.out())).as("a pipe goes on").hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "info registers",
                "info ring",
                "info log",
                "info guests",
                "info effects",
                "info event",
                "info marks",
                "info checkpoints",
                "history",
                "next command",
                "rn invalidation"
            })
    void everyAnswerIsOneObjectOnALine(String command) throws IOException {
        CommandRun run = CommandRun.of(arguments("seek 180", command)).expect(ExitCode.OK);
        assertThat(run.out().lines()).hasSize(2);
        for (String line : run.out().split("\n", -1)) {
            try (JsonParser parser = new JsonFactory().createParser(line)) {
                while (parser.nextToken() != null) {
                    assertThat(parser.currentToken()).isNotNull();
                }
            }
        }
        assertThat(answers(run.out()).get(1)).containsEntry("ok", "true").containsKey("verb");
    }

    @Test
    void aTextOfTheTraceCannotActOnTheTerminal() {
        Path hostile = SmallTrace.write(dir.resolve("hostile.iorw"));
        String out = CommandRun.of(
                        "debug",
                        hostile,
                        "--no-cache",
                        "--batch",
                        "-ex",
                        "list 100",
                        "-ex",
                        "marks",
                        "-ex",
                        "seek consoleline 1",
                        "-ex",
                        "print text")
                .expect(ExitCode.OK)
                .out();
        assertThat(out).contains("ConsoleLine").doesNotContain("\u001b", "\u202e");
    }
}
