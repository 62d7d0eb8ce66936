package org.iorewind.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
            strings = {"", "register", "register NONE", "dte 3", "pte 00:03.0", "memory x", "cache 00:03.0 0x1000"})
    void whatIsNoPlaceIsRefused(String what) {
        assertThat(CommandRun.of("watch", trace, what).expect(ExitCode.USAGE).err())
                .contains("WHAT: expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dte 00:03.0", "pte 00:03.0 0x1000", "iotlb 00:03.0 0x1000", "memory 0x1000", "guest 3 0x2000"})
    void anyPlaceCanBeWatched(String what) {
        CommandRun.of("watch", trace, what).expect(ExitCode.OK);
        CommandRun.of("watch", trace, what, "--last").expect(ExitCode.OK);
    }
}
