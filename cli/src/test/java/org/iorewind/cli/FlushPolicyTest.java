package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.iorewind.samples.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two recordings of the same work that differ in when they flush: the difference is named, and what it costs. */
class FlushPolicyTest {
    @TempDir
    Path folder;

    private Path sample(String name) {
        Path trace = folder.resolve(name + ".iorw");
        CommandRun.of("record", "sample", name, "-o", trace).expect(ExitCode.OK);
        return trace;
    }

    private Path capture(String name) {
        return Captures.named(name).orElseThrow().traceIn(folder);
    }

    private static Map<String, String> compare(Path strict, Path lazy) throws IOException {
        return CommandRun.of("bisect", strict, lazy, "--json")
                .expect(ExitCode.FOUND)
                .json();
    }

    /** The driver flushes each range, or everything after 256 unmaps; nothing else differs. */
    @Test
    void ofModelledGuests() throws IOException {
        Map<String, String> json = compare(sample("hw-direct-strict-nic"), sample("hw-direct-lazy-nic"));
        assertThat(json)
                .containsEntry("first.lane", "commands of guest 1")
                .containsEntry("costs.0.operation", "unmap")
                .containsEntry("costs.0.counter", "guestCommands");
        assertThat(json.get("first.what")).startsWith("INVALIDATE_IOMMU_PAGES").endsWith("of a range");
        assertThat(json.get("first.otherWhat")).endsWith("of everything");
        assertThat(Long.parseLong(json.get("costs.0.count")))
                .isGreaterThan(Long.parseLong(json.get("costs.0.otherCount")));
    }

    /** Linux 6.12 with {@code iommu.strict=1} and with flush queues. */
    @Test
    void ofRealBoots() throws IOException {
        Map<String, String> json = compare(capture("q11-linux612-strict-memory"), capture("q11-linux612-lazy-memory"));
        assertThat(json)
                .containsEntry("first.lane", "commands of IOMMU 0")
                .containsEntry("first.what", "INVALIDATE_IOMMU_PAGES of a range")
                .containsEntry("first.otherWhat", "INVALIDATE_IOMMU_PAGES of everything")
                .containsEntry("costs.0.counter", "hostCommands");
        assertThat(json.values()).as("devices did the same").contains("requests of 00:02.0");
    }
}
