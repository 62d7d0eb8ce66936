package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands of a report that replay: each is run as it stands there, and prints the events that were counted, no more and no less. */
class DrillDownCommandsTest {
    private static final Pattern COMMAND = Pattern.compile("`(iorewind dump [^`]*(effects|counts)\\.[^`]*)`");
    private static final int MOST_IN_AN_EVENT = 1000;

    @TempDir
    Path folder;

    private String trace = "";
    private String profile = "";

    private void make(String name, String under) {
        trace = name + ".iorw";
        profile = under;
        if (name.startsWith("q")) {
            ShellLine.run("iorewind samples " + name + " -o " + name + ".log.zst", folder)
                    .expect(ExitCode.OK);
            ShellLine.run("iorewind import qemu-log " + name + ".log.zst -o " + trace, folder);
        } else {
            ShellLine.run("iorewind record sample " + name + " -o " + trace, folder)
                    .expect(ExitCode.OK);
        }
    }

    private CommandRun report(String form) {
        return ShellLine.run("iorewind report " + trace + " --profile " + profile + form, folder);
    }

    private long printed(String command) {
        CommandRun run = ShellLine.run(command, folder);
        return run.expect(ExitCode.OK).out().lines().count();
    }

    private long events(String filter) {
        return printed("iorewind dump " + trace + " --profile " + profile + " --filter \"" + filter + "\"");
    }

    /** How often something happened, of which a filter selects the events: {@code 'effects.iotlbHits > 0'}. */
    private long sum(String filter) {
        String field = filter.substring(0, filter.length() - " > 0".length());
        long left = events(filter);
        long sum = 0;
        for (int each = 1; left > 0 && each < MOST_IN_AN_EVENT; each++) {
            long found = events(field + " == " + each);
            sum += each * found;
            left -= found;
        }
        assertThat(left).as(filter).isZero();
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"hw-direct-strict-nic, spec", "guest-svm, spec", "q11-qtest, spec"})
    void cachesWalksAndPageSizes(String name, String under) throws IOException {
        make(name, under);
        Map<String, String> json = report(" --json").json();
        int looked = 0;
        for (String each : json.keySet()) {
            String of = each.substring(0, each.lastIndexOf('.') + 1);
            String counts = of + (each.endsWith(".hitFilter") ? "hit" : each.endsWith(".missFilter") ? "miss" : "");
            if (json.get(each).startsWith("effects.")) {
                String count = counts.equals(of)
                        ? of.contains(".pageSizes.") ? "requests" : "reads"
                        : counts.endsWith("hit") ? "hits" : "misses";
                String events = counts.equals(of) ? of + "events" : counts + "Events";
                assertThat(events(json.get(each))).as(each).isEqualTo(Long.parseLong(json.get(events)));
                assertThat(sum(json.get(each))).as(each).isEqualTo(Long.parseLong(json.get(of + count)));
                looked++;
            }
        }
        assertThat(looked).isGreaterThan(15);
    }

    @ParameterizedTest
    @CsvSource({"guest-svm, spec", "q11-qtest, spec"})
    void everyCommandIsOneToCopyAndShowsSomething(String name, String under) {
        make(name, under);
        List<String> commands = new ArrayList<>();
        report(" --format md").out().lines().forEach(line -> {
            Matcher matcher = COMMAND.matcher(line.replace("\\|", "|"));
            while (matcher.find()) {
                commands.add(matcher.group(1));
            }
        });
        assertThat(commands)
                .hasSizeGreaterThan(15)
                .anyMatch(each -> each.contains("counts.mappedEntries"))
                .anyMatch(each -> each.contains("counts.walkReads"))
                .allSatisfy(each -> assertThat(printed(each)).as(each).isPositive());
    }

    /** The script of the capture makes QEMU deviate: under its own profile nothing is left, under that of hardware much is. */
    @Test
    void whatBecameOfObservations() throws IOException {
        make("q11-qtest", "spec");
        Map<String, String> replay = ShellLine.run("iorewind replay " + trace + " --profile spec --json", folder)
                .json();
        assertThat(events("effects.comparison == 'MATCHED'"))
                .isEqualTo(Long.parseLong(replay.get("observations.matched")));
        assertThat(events("effects.comparison == 'KNOWN_DEVIATION'"))
                .isEqualTo(Long.parseLong(replay.get("observations.knownDeviations")));
        assertThat(events("effects.comparison == 'NOT_COMPARABLE'"))
                .isEqualTo(Long.parseLong(replay.get("observations.notComparable")));
        assertThat(events("effects.comparison == 'DIVERGENCE'") + sum("unobserved > 0"))
                .isEqualTo(Long.parseLong(replay.get("observations.divergences")))
                .isPositive();
        assertThat(sum("unobserved > 0")).isPositive();
    }

    @Test
    void knownDeviationsById() throws IOException {
        make("q11-qtest", "qemu-11.1");
        Map<String, String> replay = ShellLine.run("iorewind replay " + trace + " --profile qemu-11.1 --json", folder)
                .json();
        List<String> ids = replay.keySet().stream()
                .filter(each -> each.startsWith("knownDeviations."))
                .toList();
        assertThat(ids)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(
                                events("effects.deviation == '" + each.substring("knownDeviations.".length()) + "'"))
                        .isEqualTo(Long.parseLong(replay.get(each))));
    }

    /** What is asked for behind an event needs all events before, which are not printed. */
    @Test
    void aRangeIsAskedInTheStateThatLedToIt() {
        make("base-dma-v1", "spec");
        String all = "iorewind dump " + trace + " --filter \"effects.iotlbHits + effects.iotlbMisses > 0\"";
        List<String> lines =
                ShellLine.run(all, folder).expect(ExitCode.OK).out().lines().toList();
        String last = lines.get(lines.size() - 1);
        String sequence = last.strip().split(" +")[0];
        assertThat(ShellLine.run(all + " --from " + sequence + " --limit 1", folder)
                        .out()
                        .lines())
                .containsExactly(last);
        assertThat(ShellLine.run(all + " --from " + sequence + " --json", folder)
                        .out())
                .contains("\"seq\":" + sequence);
    }
}
