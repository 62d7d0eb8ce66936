package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchTest {
    @TempDir
    Path folder;

    private Path trace;

    @BeforeEach
    void record() {
        trace = folder.resolve("trace.iorw");
        CommandRun.of("record", "sample", "base-dma-v1", "-o", trace).expect(ExitCode.OK);
    }

    private List<String> changes(Object... options) throws IOException {
        Object[] command = new Object[options.length + 3];
        command[0] = "watch";
        command[1] = trace;
        command[2] = "register CONTROL";
        System.arraycopy(options, 0, command, 3, options.length);
        Map<String, String> json = CommandRun.of(command).expect(ExitCode.OK).json();
        List<String> changes = new ArrayList<>();
        for (int i = 0; json.containsKey("changes." + i + ".sequence"); i++) {
            changes.add(json.get("changes." + i + ".sequence") + " " + json.get("changes." + i + ".before") + " "
                    + json.get("changes." + i + ".after"));
        }
        return changes;
    }

    @Test
    void eachChangeBeginsWithWhatTheOneBeforeLeft() throws IOException {
        List<String> changes = changes("--json");
        assertThat(changes).isNotEmpty();
        String left = changes.get(0).split(" ")[1];
        for (String change : changes) {
            String[] parts = change.split(" ");
            assertThat(parts[1]).isEqualTo(left).isNotEqualTo(parts[2]);
            left = parts[2];
        }
    }

    @Test
    void backwardsIsForwardsTurnedRound() throws IOException {
        List<String> forwards = changes("--json");
        List<String> backwards = new ArrayList<>(changes("--json", "--last", "--limit", 100));
        Collections.reverse(backwards);
        assertThat(backwards).isEqualTo(forwards);
        String last = forwards.get(forwards.size() - 1);
        long at = Long.parseLong(last.substring(0, last.indexOf(' ')));
        assertThat(changes("--json", "--last")).containsExactly(last);
        assertThat(changes("--json", "--last", "--to", at)).containsExactly(last);
        assertThat(changes("--json", "--last", "--to", at - 1)).doesNotContain(last);
        assertThat(changes("--json", "--from", at, "--to", at)).containsExactly(last);
    }

    @Test
    void textShowsTheEventAndBothValues() {
        assertThat(CommandRun.of("watch", trace, "register CONTROL")
                        .expect(ExitCode.OK)
                        .out())
                .as("Coherent is set after reset")
                .contains("MmioWrite")
                .contains("0x400 -> 0x1400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "register",
                "register NONE",
                "dte 3",
                "pte 00:03.0",
                "memory x",
                "cache 00:03.0 0x1000",
                "irte 00:03.0",
                "irte 00:03.0 2048",
                "iommu 256 dte 00:03.0",
                "iommu 1"
            })
    void whatIsNoPlaceIsRefused(String what) {
        assertThat(CommandRun.of("watch", trace, what).expect(ExitCode.USAGE).err())
                .contains("WHAT: expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dte 00:03.0",
                "pte 00:03.0 0x1000",
                "irte 00:03.0 5",
                "iotlb 00:03.0 0x1000",
                "memory 0x1000",
                "guest 3 0x2000",
                "register 0x18",
                "iommu 7 register CONTROL",
                "iommu 7 dte 00:03.0",
                "iommu 7 pte 00:03.0 0x1000",
                "iommu 7 irte 00:03.0 5",
                "iommu 7 iotlb 00:03.0 0x1000",
                "iommu 7 guest 3 0x2000"
            })
    void anyPlaceCanBeWatched(String what) {
        CommandRun.of("watch", trace, what).expect(ExitCode.OK);
        CommandRun.of("watch", trace, what, "--last").expect(ExitCode.OK);
        CommandRun.of("watch", trace, what, "--intervals").expect(ExitCode.OK);
    }

    private static List<String> list(Map<String, String> json, String name, String... fields) {
        List<String> all = new ArrayList<>();
        for (int i = 0; json.containsKey(name + "." + i); i++) {
            List<String> words = new ArrayList<>();
            for (String field : fields) {
                words.add(json.get(name + "." + i + "." + field));
            }
            all.add(String.join(" ", words));
        }
        return all;
    }

    /** The driver maps the page once and unmaps it once: three intervals, which meet at the two changes. */
    @Test
    void whenAMappingWasValidIsToldAndKept() throws IOException {
        String page = "pte 00:02.0 0x10000000";
        List<String> changes =
                list(CommandRun.of("watch", trace, page, "--json").json(), "changes", "sequence", "after");
        List<String> intervals = list(
                CommandRun.of("watch", trace, page, "--intervals", "--json")
                        .expect(ExitCode.OK)
                        .json(),
                "intervals",
                "first",
                "last",
                "value");
        assertThat(intervals).hasSize(changes.size() + 1);
        assertThat(intervals.get(0)).startsWith("null ");
        assertThat(intervals).last().asString().contains(" null ").contains("PAGE_NOT_PRESENT");
        for (int i = 0; i < changes.size(); i++) {
            String[] words = changes.get(i).split(" ", 2);
            assertThat(intervals.get(i + 1)).startsWith(words[0] + " ").endsWith(" " + words[1]);
        }
        assertThat(intervals.stream().filter(interval -> interval.contains(" rights 3 domain 5")))
                .as("valid once")
                .hasSize(1);
        Path kept = folder.resolve("trace.iorw.history");
        assertThat(kept).isNotEmptyFile();
        assertThat(list(
                        CommandRun.of("watch", trace, page, "--intervals", "--json")
                                .json(),
                        "intervals",
                        "first",
                        "last",
                        "value"))
                .isEqualTo(intervals);
        Files.write(kept, new byte[] {1, 2, 3});
        assertThat(list(
                        CommandRun.of("watch", trace, page, "--intervals", "--json")
                                .json(),
                        "intervals",
                        "first",
                        "last",
                        "value"))
                .as("what else has the name of the cache is left alone")
                .isEqualTo(intervals);
        assertThat(kept).hasBinaryContent(new byte[] {1, 2, 3});
        CommandRun.of("watch", trace, page, "--intervals", "--last").expect(ExitCode.USAGE);
        assertThat(CommandRun.of("watch", trace, page, "--intervals").out()).contains("start to #", " to end: ");
    }

    @Test
    void ofAProfileThereIsAnotherHistory() throws IOException {
        String register = "register CONTROL";
        String spec = CommandRun.of("watch", trace, register, "--intervals").out();
        String qemu = CommandRun.of("watch", trace, register, "--intervals", "--profile", "qemu-10.0")
                .out();
        assertThat(CommandRun.of("watch", trace, register, "--intervals", "--no-cache")
                        .out())
                .isEqualTo(spec);
        assertThat(CommandRun.of("watch", trace, register, "--intervals", "--profile", "qemu-10.0", "--no-cache")
                        .out())
                .isEqualTo(qemu);
    }

    @Test
    void whoReadsAnEntryNextIsTheRequestThatWalks() throws IOException {
        String page = "pte 00:02.0 0x10000000";
        List<String> changes =
                list(CommandRun.of("watch", trace, page, "--json").json(), "changes", "sequence", "after");
        String mapped = changes.stream()
                .filter(change -> change.contains("rights 3"))
                .findFirst()
                .orElseThrow()
                .split(" ")[0];
        Map<String, String> reads = CommandRun.of(
                        "watch", trace, page, "--reads", "--from", Long.parseLong(mapped) + 1, "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(reads)
                .containsEntry("reads.0.kind", "DmaRequest")
                .as("the second request is served from the cache, the one after the unmap walks")
                .containsEntry("reads.1.kind", "DmaRequest")
                .doesNotContainKey("reads.2");
        Map<String, String> last = CommandRun.of("watch", trace, page, "--reads", "--last", "--json")
                .expect(ExitCode.OK)
                .json();
        assertThat(last.get("reads.0.sequence")).isEqualTo(reads.get("reads.1.sequence"));
        assertThat(CommandRun.of("watch", trace, "register CONTROL", "--reads")
                        .expect(ExitCode.USAGE)
                        .err())
                .contains("lies in memory");
    }

    /** The guest sets an entry up, and takes it away again. */
    @Test
    void anInterruptTableEntryIsWatchedInBothDirections() throws IOException {
        Path interrupts = folder.resolve("interrupts.iorw");
        CommandRun.of("record", "sample", "sw-emulated-intremap", "-o", interrupts)
                .expect(ExitCode.OK);
        String entry = "iommu 1 irte 00:04.0 0";
        List<String> forwards = list(
                CommandRun.of("watch", interrupts, entry, "--json").json(), "changes", "sequence", "before", "after");
        assertThat(forwards).hasSizeGreaterThanOrEqualTo(2);
        List<String> backwards = list(
                CommandRun.of("watch", interrupts, entry, "--json", "--last", "--limit", 100)
                        .json(),
                "changes",
                "sequence",
                "before",
                "after");
        Collections.reverse(backwards);
        assertThat(backwards).isEqualTo(forwards);
        assertThat(list(
                        CommandRun.of("watch", interrupts, entry, "--json", "--reads", "--last")
                                .json(),
                        "reads",
                        "kind"))
                .containsExactly("InterruptRequest");
    }
}
