package org.iorewind.cli.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same number is another address in another domain: only what happened in the one that a request was looked up in is its
 * cause. Two domains with tables of three levels each, for one device; reference 2.2.
 */
class WhySpacesTest {
    private static final String DEVICE = "00:06.0";
    private static final long ENTRY = 0x10_0000 + 0x30 * 32;
    private static final long FIVE = 0x30_0000;
    private static final long SIX = 0x31_0000;
    private static final long READ_WRITE = 3L << 61;
    private static final long PAGE_ENTRY = 0x2000 + 5 * 8;
    private static final String IN_FIVE = "0x302028";
    private static final String IN_SIX = "0x312028";

    @TempDir
    Path folder;

    private final List<String> steps = new ArrayList<>();
    private Path trace = Path.of("");
    private int tail;

    private static String hex(long value) {
        return "\"0x" + Long.toHexString(value) + "\"";
    }

    private WhySpacesTest store(long address, String words) {
        steps.add("{\"do\": \"MemoryWrite\", \"address\": " + hex(address) + ", \"words\": [" + words + "]}");
        return this;
    }

    private WhySpacesTest register(String name, long value) {
        steps.add("{\"do\": \"MmioWrite\", \"register\": \"" + name + "\", \"value\": " + hex(value) + "}");
        return this;
    }

    private WhySpacesTest machine() {
        for (long page : new long[] {0x10_0000, 0x20_0000, 0x21_0000}) {
            store(page, "512");
        }
        for (long root : new long[] {FIVE, SIX}) {
            store(root, hex(root + 0x1000 | 2L << 9 | READ_WRITE | 1) + ", 511");
            store(root + 0x1000, hex(root + 0x2000 | 1L << 9 | READ_WRITE | 1) + ", 511");
            store(root + 0x2000, "512");
        }
        return in(5, FIVE)
                .register("DeviceTableBase", 0x10_0000)
                .register("CommandBase", 0x20_0000 | 8L << 56)
                .register("EventLogBase", 0x21_0000 | 8L << 56)
                .register("Control", 1 | 1 << 2 | 1 << 12);
    }

    private WhySpacesTest command(long low, long high) {
        store(0x20_0000 + tail, hex(low) + ", " + hex(high));
        tail += 16;
        return register("CommandTail", tail);
    }

    /** One store of a whole entry. */
    private WhySpacesTest in(int domain, long root) {
        return store(ENTRY, hex(root | 3L << 9 | READ_WRITE | 3) + ", " + hex(domain));
    }

    private WhySpacesTest movedTo(int domain, long root) {
        return in(domain, root).command(2L << 60 | 0x30, 0);
    }

    private WhySpacesTest mapped(long root) {
        return store(root + PAGE_ENTRY, hex(0x12_3000 | READ_WRITE | 1));
    }

    private WhySpacesTest unmapped(long root, int domain) {
        return store(root + PAGE_ENTRY, "\"0x0\"").command(3L << 60 | (long) domain << 32, 0x5000);
    }

    private WhySpacesTest request() {
        steps.add("{\"do\": \"DmaRequest\", \"requester\": \"" + DEVICE
                + "\", \"access\": \"READ\", \"address\": \"0x5000\", \"length\": 8}");
        return this;
    }

    private Map<String, String> why(String where) throws IOException {
        Path scenario = Files.writeString(
                folder.resolve("spaces.json"),
                "{\"scenario\": \"spaces\", \"machine\": {\"profile\": \"spec\"}, \"steps\": ["
                        + String.join(",\n", steps) + "]}");
        trace = folder.resolve("spaces.iorw");
        CommandRun.of("record", "sample", "--scenario", scenario, "-o", trace).expect(ExitCode.OK);
        return whyOf(where);
    }

    private Map<String, String> whyOf(String where) throws IOException {
        List<String> answers = CommandRun.of(
                        "debug", trace, "--no-cache", "--json", "--batch", "-ex", "seek " + where, "-ex", "why")
                .expect(ExitCode.OK)
                .out()
                .lines()
                .toList();
        return new CommandRun(0, answers.get(1), "").json();
    }

    private String conclusion() throws IOException {
        return CommandRun.of("report", trace, "--json").json().get("findings.0.rule");
    }

    /** Sequence numbers of the stores to a place, or of other events. */
    private List<String> events(String filter) {
        return CommandRun.of("dump", trace, "--filter", filter)
                .out()
                .lines()
                .map(line -> line.strip().split(" +")[0])
                .toList();
    }

    private List<String> stores(String address) {
        return events("kind == 'MemoryWrite' && address == " + address);
    }

    private static String sequence(Map<String, String> why, String role) {
        for (int i = 0; why.containsKey("chain." + i); i++) {
            if (why.get("chain." + i + ".role").startsWith(role)) {
                return why.get("chain." + i + ".sequence");
            }
        }
        return "none: " + why;
    }

    /** Both map it; it is unmapped in 6; the device goes to 5, where it is still mapped, and comes back. */
    @Test
    void ofTwoDomainsThatMapItOnlyTheOneThatWasAskedIsTheCause() throws IOException {
        machine().mapped(FIVE).movedTo(6, SIX).mapped(SIX).request().unmapped(SIX, 6);
        movedTo(5, FIVE).request().movedTo(6, SIX).request();
        Map<String, String> why = why("fault 1");
        assertThat(sequence(why, "took the mapping away"))
                .isEqualTo(stores(IN_SIX).get(1));
        assertThat(sequence(why, "made the mapping")).isEqualTo(stores(IN_SIX).get(0));
        assertThat(why.get("verdict")).contains("event " + stores(IN_SIX).get(1) + " had unmapped before");
        assertThat(Long.parseLong(sequence(why, "invalidated it in the IOTLB")))
                .as("the doorbell behind the unmap, not one of those behind")
                .isBetween(
                        Long.parseLong(stores(IN_SIX).get(1)),
                        Long.parseLong(stores(IN_SIX).get(1)) + 4);
        assertThat(conclusion()).isEqualTo("unmapped-before");
    }

    /** The store that moves the device takes nothing away: in its new domain the address never was. */
    @Test
    void whatTheDomainBeforeMappedIsNoMappingOfThisOne() throws IOException {
        machine().mapped(FIVE).request().movedTo(6, SIX).request();
        Map<String, String> why = why("fault 1");
        assertThat(why.get("verdict"))
                .contains("No event of this recording ever mapped the address in the address space of the request")
                .contains("domain 0x6, host tables at 0x310000")
                .contains("only another one, domain 0x5, host tables at 0x300000, did");
        assertThat(sequence(why, "mapped it in another address space"))
                .isEqualTo(stores(IN_FIVE).get(0));
        assertThat(sequence(why, "took the device out of that space"))
                .isEqualTo(stores("0x100600").get(1));
        assertThat(sequence(why, "took the mapping away")).startsWith("none");
        assertThat(conclusion()).isEqualTo("mapped-elsewhere");
    }

    /** What is unmapped in one domain is still mapped in the other: nobody took it away there. */
    @Test
    void anUnmapInTheOtherDomainIsNoCause() throws IOException {
        machine().mapped(FIVE).unmapped(FIVE, 5).movedTo(6, SIX).request();
        Map<String, String> why = why("fault 1");
        assertThat(sequence(why, "took the mapping away")).startsWith("none");
        assertThat(why.get("verdict")).contains("only another one, domain 0x5");
    }

    @Test
    void whatIsUnmappedWhileTheDeviceIsElsewhereIsGoneWhenItComesBack() throws IOException {
        machine()
                .mapped(FIVE)
                .request()
                .movedTo(6, SIX)
                .unmapped(FIVE, 5)
                .movedTo(5, FIVE)
                .request();
        Map<String, String> why = why("fault 1");
        assertThat(why.get("verdict"))
                .contains(
                        "was no longer mapped when event " + stores("0x100600").get(2));
        assertThat(sequence(why, "made the mapping")).isEqualTo(stores(IN_FIVE).get(0));
    }

    @Test
    void withoutAnyMappingNobodyIsNamed() throws IOException {
        machine().request();
        assertThat(why("fault 1").get("verdict")).contains("No event of this recording ever mapped the address");
    }

    /** The IOTLB answers for the domain of the entry that was used: a flush of the other one does not count. */
    @Test
    void aStaleTranslationIsThatOfTheDomainThatWasAsked() throws IOException {
        machine().mapped(FIVE).request();
        store(FIVE + PAGE_ENTRY, "\"0x0\"").command(3L << 60 | 6L << 32, 0x5000);
        request().command(3L << 60 | 5L << 32, 0x5000);
        Map<String, String> why = why("dmarequest 2");
        assertThat(why.get("verdict"))
                .contains("stale")
                .contains("event " + stores(IN_FIVE).get(1));
        assertThat(sequence(why, "invalidated the address only after the request"))
                .isEqualTo(events("kind == 'MmioWrite' && registerOffset == 0x2008")
                        .get(1));
    }

    /** Reports tell the story by the same code: whatever they conclude, the debugger does. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "base-dma-v1",
                "base-sva-v2",
                "base-event-log",
                "guest-svm",
                "sw-fault",
                "sw-shadow-dma",
                "hw-two-guests",
                "hw-direct-logs"
            })
    void theDebuggerConcludesWhatReportsDo(String sample) throws IOException {
        trace = folder.resolve("sample.iorw");
        CommandRun.of("record", "sample", sample, "-o", trace).expect(ExitCode.OK);
        String conclusion = String.valueOf(conclusion());
        Map<String, String> json = CommandRun.of("report", trace, "--json").json();
        String verdict = whyOf(json.get("findings.0.firstSequence")).get("verdict");
        switch (conclusion) {
            case "unmapped-before" -> assertThat(verdict).containsAnyOf("had unmapped before", "no longer mapped");
            case "mapped-elsewhere" -> assertThat(verdict).contains("only another one");
            case "never-mapped" -> assertThat(verdict).contains("No event of this recording ever mapped the address");
            default -> assertThat(verdict).as(conclusion).doesNotContain("unmapped before", "ever mapped");
        }
    }
}
