package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each planted mistake is found by a command, and not by hand. Where it is, is known from how the story was made: at the 7th unmap,
 * from the 61st on, behind 64 rounds of 6 buffers.
 */
class PlantedBugsTest {
    private static final int MISTAKE = 7;
    private static final int FIRST_DOUBLE = 61;
    private static final int SMALL_RING_REQUESTS = 6 * 64;
    private static final int NEW_BUFFERS = 506;

    @TempDir
    Path folder;

    private Path trace;

    private void record(String name) {
        trace = folder.resolve(name + ".iorw");
        CommandRun.of("record", "sample", name, "-o", trace).expect(ExitCode.OK);
    }

    /** Sequence numbers of the events that a filter takes. */
    private List<Long> sequences(String filter) {
        EventFilter wanted = EventFilter.compile(filter);
        List<Long> all = new ArrayList<>();
        try (TraceReader reader = Traces.open(trace);
                EventCursor events = reader.cursor()) {
            while (events.next()) {
                if (wanted.test(events.event())) {
                    all.add(events.event().sequence());
                }
            }
        }
        return all;
    }

    private record Call(long enter, long exit) {
        String inside(String filter) {
            return filter + " && sequence > " + enter + " && sequence < " + exit;
        }
    }

    /** The n-th call of a name, from 1. */
    private Call call(String name, int number) {
        String calls = "kind == 'DriverCall' && call == '" + name + "' && phase == ";
        return new Call(
                sequences(calls + "'ENTER'").get(number - 1),
                sequences(calls + "'EXIT'").get(number - 1));
    }

    private long only(String filter) {
        List<Long> found = sequences(filter);
        assertThat(found).as(filter).hasSize(1);
        return found.get(0);
    }

    private long first(String filter) {
        return sequences(filter).get(0);
    }

    /** The finding of a rule in a report: fields by name. */
    private String finding(String rule, String field) throws IOException {
        Map<String, String> json =
                CommandRun.of("report", trace, "--json").expect(ExitCode.FOUND).json();
        for (int i = 0; json.containsKey("findings." + i); i++) {
            if (rule.equals(json.get("findings." + i + ".rule"))) {
                return json.get("findings." + i + "." + field);
            }
        }
        throw new AssertionError("no finding of " + rule + " in " + json);
    }

    private String bisect(String predicate) throws IOException {
        return CommandRun.of("bisect", trace, "--first", predicate, "--json")
                .expect(ExitCode.FOUND)
                .json()
                .get("sequence");
    }

    private String lastChange(String place, long before) throws IOException {
        return CommandRun.of("watch", trace, place, "--to", before, "--last", "--json")
                .expect(ExitCode.OK)
                .json()
                .get("changes.0.sequence");
    }

    private String iova(long event) throws IOException {
        return CommandRun.of("dump", trace, "--from", event, "--to", event, "--json")
                .expect(ExitCode.OK)
                .json()
                .get("events.0.iova");
    }

    private static String number(long sequence) {
        return Long.toString(sequence);
    }

    @Test
    void anUnmapWithoutItsInvalidation() throws IOException {
        record("planted-missing-flush");
        Call unmap = call("unmap", MISTAKE);
        long store = only(unmap.inside("kind == 'MemoryWrite'"));
        long use = first("kind == 'DmaRequest' && sequence > " + unmap.exit());
        assertThat(finding("missing-invalidation", "evidence.0.sequence")).isEqualTo(number(store));
        assertThat(finding("stale-translation", "firstSequence")).isEqualTo(number(use));
        assertThat(lastChange("pte 00:04.0 " + iova(unmap.enter()), use)).isEqualTo(number(store));
        assertThat(bisect("kind == 'DriverCall' && call == 'unmap' && phase == 'EXIT' && iotlb.contains('00:04.0', "
                        + iova(unmap.enter()) + ")"))
                .isEqualTo(number(unmap.exit()));
    }

    @Test
    void anInvalidationOfTheWrongDomain() throws IOException {
        record("planted-wrong-domain");
        Call unmap = call("unmap", MISTAKE);
        long doorbell = first(unmap.inside("kind == 'MmioWrite'"));
        assertThat(finding("wrong-domain-invalidation", "evidence.1.sequence")).isEqualTo(number(doorbell));
        assertThat(finding("wrong-domain-invalidation", "domain")).isEqualTo("1");
    }

    @Test
    void aDeviceTableEntryThatChangesUntold() throws IOException {
        record("planted-device-entry");
        long store = only(call("detach", 1).inside("kind == 'MemoryWrite' && region == 'DEVICE_TABLE'"));
        List<Long> requests = sequences("kind == 'DmaRequest'");
        long use = requests.get(requests.size() - 1);
        assertThat(finding("device-entry-not-invalidated", "evidence.0.sequence"))
                .isEqualTo(number(store));
        assertThat(finding("device-entry-not-invalidated", "evidence.1.sequence"))
                .isEqualTo(number(use));
        assertThat(lastChange("dte 00:04.0", use)).isEqualTo(number(store));
    }

    @Test
    void anInvalidationThatNobodyWaitsFor() throws IOException {
        record("planted-no-wait");
        long doorbell = only(call("unmap", MISTAKE).inside("kind == 'MmioWrite'"));
        assertThat(finding("wait-omitted", "evidence.1.sequence")).isEqualTo(number(doorbell));
        assertThat(finding("wait-omitted", "firstSequence"))
                .as("mapped again")
                .isEqualTo(number(only(call("map", MISTAKE + 1).inside("kind == 'MemoryWrite'"))));
    }

    @Test
    void anUnmapBeforeTheDeviceIsDone() throws IOException {
        record("planted-early-unmap");
        Call unmap = call("unmap", MISTAKE);
        long use = first("kind == 'DmaRequest' && sequence > " + unmap.exit());
        assertThat(bisect("faults > 0")).isEqualTo(number(use));
        assertThat(lastChange("pte 00:04.0 " + iova(unmap.enter()), use))
                .isEqualTo(number(only(unmap.inside("kind == 'MemoryWrite' && region == 'HOST_TABLE'"))));
        assertThat(finding("unmapped-before", "firstSequence")).isEqualTo(number(use));
    }

    @Test
    void aRightThatIsTakenAwayInTheTablesOnly() throws IOException {
        record("planted-downgrade");
        Call protect = call("protect", 1);
        long store = only(protect.inside("kind == 'MemoryWrite'"));
        long use = first("kind == 'DmaRequest' && access == 'WRITE' && sequence > " + protect.exit());
        assertThat(finding("stale-translation", "evidence.0.sequence")).isEqualTo(number(store));
        assertThat(finding("stale-translation", "firstSequence")).isEqualTo(number(use));
        assertThat(bisect("kind == 'DmaRequest' && access == 'WRITE' && effects.decision == 'TRANSLATED'"
                        + " && !pte('00:04.0', " + iova(protect.enter()) + ").writable"))
                .isEqualTo(number(use));
    }

    @Test
    void aDriverThatBeginsToFlushTwice() throws IOException {
        record("planted-double-flush");
        Map<String, String> json = CommandRun.of("bisect", trace, "--cost", "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(json)
                .containsEntry("sequence", number(call("unmap", FIRST_DOUBLE).enter()))
                .containsEntry("changes.0.operation", "host unmap")
                .containsEntry("changes.0.ordinal", number(FIRST_DOUBLE))
                .containsEntry("changes.0.counter", "hostCommands")
                .containsEntry("changes.0.counterBefore", "2.00")
                .containsEntry("changes.0.counterAfter", "4.00")
                .containsValue("INVALIDATE_IOMMU_PAGES")
                .doesNotContainKey("changes.1");
        assertThat(CommandRun.of("bisect", trace, "--cost", "hostCommands", "--json")
                        .expect(ExitCode.FOUND)
                        .json())
                .containsEntry("sequence", json.get("sequence"));
    }

    @Test
    void anIotlbThatIsTooSmall() throws IOException {
        record("planted-small-iotlb");
        List<Long> requests = sequences("kind == 'DmaRequest'");
        Map<String, String> json = CommandRun.of("bisect", trace, "--cost", "--json")
                .expect(ExitCode.FOUND)
                .json();
        assertThat(json)
                .containsEntry("sequence", number(requests.get(SMALL_RING_REQUESTS)))
                .containsEntry("changes.0.operation", "requests of 00:04.0")
                .containsEntry("changes.0.counter", "walkReads")
                .containsValue("IOTLB")
                .containsValue("host table, level 1")
                .doesNotContainKey("changes.1");
        assertThat(CommandRun.of("bisect", trace, "--option", "iotlb.entries=1024", "--json")
                        .expect(ExitCode.FOUND)
                        .json())
                .as("larger, it would answer where the NIC comes back to its first buffers")
                .containsEntry("sequence", "null")
                .containsEntry("costSequence", number(requests.get(SMALL_RING_REQUESTS + NEW_BUFFERS)))
                .containsEntry("costs.0.operation", "miss");
    }
}
