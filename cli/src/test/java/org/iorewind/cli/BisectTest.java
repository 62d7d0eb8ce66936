package org.iorewind.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.text.ShellWord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BisectTest {
    @TempDir
    Path folder;

    private Path sample(String name) {
        Path trace = folder.resolve(name + ".iorw");
        CommandRun.of("record", "sample", name, "-o", trace).expect(ExitCode.OK);
        return trace;
    }

    private Path faulty() {
        return sample("base-dma-v1");
    }

    @Test
    void theFirstFaultIsTheFirstThatAReplayLists() throws IOException {
        Path trace = faulty();
        Map<String, String> replay =
                CommandRun.of("replay", trace, "--json").expect(ExitCode.FOUND).json();
        Map<String, String> found = CommandRun.of("bisect", trace, "--first", "faults > 0", "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(found.get("sequence")).isEqualTo(replay.get("faults.0.sequence"));
        assertThat(found).containsKeys("timeNs", "kind", "event", "inputsBefore.0.sequence");
        assertThat(CommandRun.of("bisect", trace, "--first", "faults > 0")
                        .expect(ExitCode.FOUND)
                        .out())
                .contains("Event " + found.get("sequence"))
                .contains("dump ");
    }

    @Test
    void whatNeverHoldsIsNullAndNotAnError() throws IOException {
        Map<String, String> found = CommandRun.of("bisect", faulty(), "--first", "faults > 100000", "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(found.get("sequence")).isEqualTo("null");
    }

    @Test
    void anExpressionThatIsNoneIsShownWithItsPlace() {
        assertThat(CommandRun.of("bisect", faulty(), "--first", "dte('00:03.0').mood == 1")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--first")
                .contains("at column 15")
                .contains("found 'mood'");
    }

    @Test
    void oneQuestionAtATime() {
        Path trace = faulty();
        CommandRun.of("bisect", trace).expect(ExitCode.USAGE);
        CommandRun.of("bisect", trace, "--first", "faults > 0", "--script", "true")
                .expect(ExitCode.USAGE);
        CommandRun.of("bisect", trace, "--first", "faults > 0", "--log", "x").expect(ExitCode.USAGE);
    }

    @Test
    void aScriptDecidesAndItsAnswersAreKept() throws IOException {
        Path trace = sample("base-boot");
        Path log = folder.resolve("log");
        Object[] command = {"bisect", trace, "--script", "test \"$2\" -lt 77", "--log", log, "--json"};
        assertThat(CommandRun.of(command).expect(ExitCode.FOUND).json().get("sequence"))
                .isEqualTo("77");
        long answers = Files.lines(log).count();
        assertThat(Files.readString(log)).contains("bad 77\n").contains("good 76\n");
        CommandRun.of(command).expect(ExitCode.FOUND);
        assertThat(Files.lines(log)).as("nothing is asked twice").hasSize((int) answers);
        CommandRun.of("bisect", trace, "--script", "exit 200").expect(ExitCode.USAGE);
    }

    @Test
    void twoTracesPartAtTheirFirstDifference() throws IOException {
        Path trace = faulty();
        CommandRun.of("bisect", trace, trace).expect(ExitCode.OK);
        Map<String, String> found = CommandRun.of("bisect", trace, sample("base-boot"), "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(found).containsKeys("first.lane", "first.what", "first.otherWhat", "lanes.0.name");
    }

    @Test
    void oneTraceUnderTwoSetsOfOptions() throws IOException {
        Path trace = sample("planted-small-iotlb");
        Map<String, String> found = CommandRun.of(
                        "bisect", trace, "--option", "iotlb.entries=16", "--against", "iotlb.entries=1024", "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(found)
                .containsEntry("options", "iotlb.entries=16")
                .containsEntry("against", "iotlb.entries=1024")
                .containsEntry("sequence", "null")
                .containsEntry("first", "null")
                .containsEntry("firstCost.kind", "DmaRequest")
                .containsEntry("firstCost.sequence", found.get("costSequence"))
                .containsValue("IOTLB")
                .containsKeys("sources.0.count", "costs.0.counter");
        String text = CommandRun.of("bisect", trace, "--option", "iotlb.entries=1024")
                .expect(ExitCode.FOUND)
                .out();
        assertThat(text).contains("both answer every request alike", "as recorded", "What makes the difference");
        CommandRun.of("bisect", trace, "--against", "iotlb.entries=256").expect(ExitCode.OK);
        CommandRun.of("bisect", trace, "--against-profile", "qemu-11.1").expect(ExitCode.FOUND);
    }

    @Test
    void optionsThatAreNoneAreRefusedByTheirSide() {
        Path trace = faulty();
        assertThat(CommandRun.of("bisect", trace, "--option", "iotlb.size=1")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--option: expected NAME=VALUE");
        assertThat(CommandRun.of("bisect", trace, "--against", "iotlb.size=1")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--against: expected NAME=VALUE");
        assertThat(CommandRun.of("bisect", trace, "--against-profile", "vtd")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--against-profile: expected one of spec");
        CommandRun.of("bisect", trace, trace, "--against", "prefetch=off").expect(ExitCode.USAGE);
    }

    /** What another build would have written, if it were this one up to some event. */
    @Test
    void hashesOfAnotherBuildAreCompared() throws IOException {
        Path trace = sample("base-boot");
        Path hashes = folder.resolve("hashes.txt");
        assertThat(CommandRun.of("index", trace, "--hashes", hashes, "--every", 1, "--json")
                        .expect(ExitCode.OK)
                        .json())
                .containsEntry("hashes", hashes.toString());
        CommandRun.of("index", trace, "--hashes", hashes).expect(ExitCode.USAGE);
        assertThat(CommandRun.of("bisect", trace, "--hashes", hashes)
                        .expect(ExitCode.OK)
                        .out())
                .contains("No difference");
        List<String> lines = changed(Files.readAllLines(hashes), "^([0-9]+ )[0-9a-f]{16}( .*)", "$1abad1deaabad1dea$2");
        Files.write(hashes, lines);
        assertThat(CommandRun.of("bisect", trace, "--hashes", hashes, "--json")
                        .expect(ExitCode.FOUND)
                        .json())
                .as("line 0 is the header")
                .containsEntry("sequence", "42")
                .containsEntry("lastAlike", "41")
                .containsEntry("firstUnlike", "42")
                .containsEntry("stateDiffers", "true");
        lines.removeIf(line -> line.startsWith("41 ") || line.startsWith("40 "));
        Files.write(hashes, lines);
        assertThat(CommandRun.of("bisect", trace, "--hashes", hashes)
                        .expect(ExitCode.FOUND)
                        .out())
                .contains("differ behind event 42", "alike behind event 39", "--from 39 --to 42 --every 1 --force");
        assertThat(CommandRun.of("bisect", sample("base-ppr"), "--hashes", hashes)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("expected hashes of session");
    }

    /** The same from the event 42 on; line 0 is the header. */
    private static List<String> changed(List<String> lines, String regex, String replacement) {
        List<String> all = new ArrayList<>(lines);
        all.subList(43, all.size()).replaceAll(line -> line.replaceFirst(regex, replacement));
        return all;
    }

    @Test
    void whatLeavesNoTraceInTheStateIsSeenInTheOutcomes() throws IOException {
        Path trace = sample("base-boot");
        Path hashes = folder.resolve("hashes.txt");
        CommandRun.of("index", trace, "--hashes", hashes, "--every", 1).expect(ExitCode.OK);
        List<String> lines = Files.readAllLines(hashes);
        Files.write(hashes, changed(lines, "[0-9a-f]{16}$", "abad1deaabad1dea"));
        assertThat(CommandRun.of("bisect", trace, "--hashes", hashes, "--json")
                        .expect(ExitCode.FOUND)
                        .json())
                .containsEntry("sequence", "42")
                .containsEntry("stateDiffers", "false")
                .containsEntry("outcomesCompared", "43");
        assertThat(CommandRun.of("bisect", trace, "--hashes", hashes)
                        .expect(ExitCode.FOUND)
                        .out())
                .contains("Event 42 is the first with another outcome; the states are alike:");

        lines.replaceAll(line -> line.replaceFirst("^([0-9]+ [0-9a-f]{16}) .*", "$1"));
        Files.write(hashes, lines);
        assertThat(CommandRun.of("bisect", trace, "--hashes", hashes)
                        .expect(ExitCode.OK)
                        .out())
                .contains("No difference", "the other build says nothing of outcomes");
    }

    /** A file crosses from one process to another, of which neither knows more than the trace. */
    @Test
    void hashesOfAnotherProcessAreCompared() throws Exception {
        Path trace = sample("hw-two-guests");
        Path hashes = folder.resolve("other.txt");
        Process other = new ProcessBuilder(ForkedProgram.command("index", trace, "--hashes", hashes, "--every", 100))
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), UTF_8);
        assertThat(other.waitFor()).as(said).isEqualTo(ExitCode.OK);
        assertThat(CommandRun.of("bisect", trace, "--hashes", hashes, "--json")
                        .expect(ExitCode.OK)
                        .json())
                .containsEntry("sequence", "null")
                .containsEntry("firstUnlike", "null")
                .containsEntry("compared", "" + (Files.readAllLines(hashes).size() - 1));
        assertThat(CommandRun.of("bisect", trace, "--hashes", hashes, "--profile", "qemu-10.0")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("other.txt", "profile qemu-10.0, found:", "profile spec");
        List<String> lines = new ArrayList<>(Files.readAllLines(hashes));
        lines.set(0, lines.get(0).replaceFirst("model [0-9]+", "model 999"));
        lines.set(1, lines.get(1).replaceFirst(" .*", " 0123456789abcdef"));
        Files.write(hashes, lines);
        assertThat(CommandRun.of("bisect", trace, "--hashes", hashes)
                        .expect(ExitCode.FOUND)
                        .out())
                .contains("keeps states of version 999", "differ behind event 99");
    }

    /** Another build is a program that is asked: here this one, whose hashes of later states somebody changes. */
    @ParameterizedTest
    @CsvSource({"0, true", "1, false", "57, true", "3000, true", "3000, false"})
    void anotherBuildIsAskedUntilTheEventIsKnown(long first, boolean isStateUnlike) throws Exception {
        Path trace = sample("hw-two-guests");
        Path other = folder.resolve("old build");
        StringBuilder script = new StringBuilder("#!/bin/sh\n");
        for (String word : ForkedProgram.command()) {
            script.append(ShellWord.quote(word)).append(' ');
        }
        script.append("\"$@\" || exit\n");
        script.append("awk '/^#/ || $1 < ")
                .append(first)
                .append(" {print; next} {$")
                .append(isStateUnlike ? 2 : 3)
                .append(" = \"0123456789abcdef\"; print}' \"$4\"");
        script.append(" > \"$4.changed\" && mv \"$4.changed\" \"$4\"\n");
        Files.writeString(other, script.toString());
        assertThat(other.toFile().setExecutable(true)).isTrue();
        Map<String, String> found = CommandRun.of("bisect", trace, "--build", other, "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(found)
                .containsEntry("build", other.toString())
                .containsEntry("sequence", "" + first)
                .containsEntry("firstUnlike", "" + first);
        assertThat(CommandRun.of("bisect", trace, "--build", other)
                        .expect(ExitCode.FOUND)
                        .out())
                .contains(
                        "Event " + first + " is the first "
                                + (isStateUnlike ? "that leads to another state" : "with another outcome"),
                        "--at " + first);
    }

    @Test
    void aBuildThatCannotAnswerIsRefused() throws Exception {
        Path trace = sample("base-boot");
        Path other = folder.resolve("other");
        CommandRun.of("bisect", trace, "--build", other).expect(ExitCode.BAD_INPUT);
        Files.writeString(other, "#!/bin/sh\necho no such option\nexit 2\n");
        assertThat(other.toFile().setExecutable(true)).isTrue();
        assertThat(CommandRun.of("bisect", trace, "--build", other)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("exit code 2", "index --hashes", "no such option");
        Files.writeString(other, "#!/bin/sh\necho 7 > \"$4\"\n");
        assertThat(CommandRun.of("bisect", trace, "--build", other)
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("line 1: expected a sequence number");
    }

    /** A driver's calls of one kind, all of the same cost, and a ring of doorbells. */
    @Test
    void costsThatStayTheSameHaveNoChange() throws IOException {
        Path trace = sample("base-boot");
        assertThat(CommandRun.of("bisect", trace, "--cost", "--json")
                        .expect(ExitCode.OK)
                        .json())
                .containsEntry("metric", "costNs")
                .containsEntry("sequence", "null")
                .containsEntry("changes", "");
        assertThat(CommandRun.of("bisect", trace, "--cost", "mood")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("--cost: expected nothing, or one of vmExits");
    }

    @Test
    void anIndexIsListedAndKept() throws IOException {
        Path trace = sample("base-boot");
        Map<String, String> first = CommandRun.of("index", trace, "--every", 100, "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(first.get("checkpoints.0.before")).isEqualTo("100");
        assertThat(folder.resolve("base-boot.iorw.checkpoints")).isNotEmptyFile();
        assertThat(CommandRun.of("index", trace, "--every", 100)
                        .expect(ExitCode.OK)
                        .out())
                .contains("checkpoint before event 100");
    }

    @Test
    void aReplayInPartsIsTheReplay() throws IOException {
        Path trace = faulty();
        String whole =
                CommandRun.of("replay", trace, "--json").expect(ExitCode.FOUND).out();
        CommandRun.of("index", trace, "--every", 50).expect(ExitCode.OK);
        for (int threads = 1; threads < 4; threads++) {
            assertThat(CommandRun.of("replay", trace, "--json", "--threads", threads)
                            .expect(ExitCode.FOUND)
                            .out())
                    .isEqualTo(whole);
        }
        assertThat(CommandRun.of("replay", trace, "--threads", 2)
                        .expect(ExitCode.FOUND)
                        .out())
                .isEqualTo(CommandRun.of("replay", trace).expect(ExitCode.FOUND).out());
    }

    @Test
    void anArchiveWithCheckpointsIsLargerAndTheSame() throws IOException {
        Path trace = faulty();
        Path sealed = folder.resolve("sealed.iorw");
        CommandRun.of("seal", trace, "-o", sealed, "--checkpoints").expect(ExitCode.OK);
        CommandRun.of("check", sealed).expect(ExitCode.OK);
        assertThat(CommandRun.of("bisect", sealed, "--first", "faults > 0", "--json")
                        .json()
                        .get("sequence"))
                .isEqualTo(CommandRun.of("bisect", trace, "--first", "faults > 0", "--json")
                        .json()
                        .get("sequence"));
    }

    @Test
    void whatIfIsAReplayWithDifferences() throws IOException {
        Path trace = faulty();
        Map<String, String> result = CommandRun.of(
                        "replay", trace, "--drop", "command.kind == 'INVALIDATE_IOMMU_PAGES'", "--json")
                .json();
        assertThat(result).containsKeys("whatIf.droppedCommands", "whatIf.differences", "stateHash");
        CommandRun.of("replay", trace, "--option", "iotlb.size=1").expect(ExitCode.USAGE);
        CommandRun.of("replay", trace, "--inject", "x").expect(ExitCode.USAGE);
        CommandRun.of("replay", trace, "--drop", "command.king == 1").expect(ExitCode.USAGE);
        assertThat(CommandRun.of("replay", trace, "--inject", "5 reset").out()).contains("What would have been");
    }
}
