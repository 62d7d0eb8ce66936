package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.samples.Capture.Form;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every capture that is a sealed archive of a live machine: whole, and replayed without a difference. */
class RecordingsTest {
    private static final int LARGEST_BYTES = 300 << 10;

    @TempDir
    Path folder;

    static Stream<Capture> archives() {
        return Captures.list().stream().filter(capture -> capture.form() == Form.ARCHIVE);
    }

    @ParameterizedTest
    @MethodSource("archives")
    void everyDmaIsWalkedAgainAndEveryFaultIsOneTheGuestProvoked(Capture capture) throws IOException {
        Path archive = capture.traceIn(folder);
        assertThat(archive).isEqualTo(folder.resolve(capture.file()));
        assertThat(Files.size(archive)).isLessThanOrEqualTo(LARGEST_BYTES);
        try (TraceReader trace = Traces.open(archive)) {
            assertThat(trace.check().isIntact()).isTrue();
            ReplayResult result = Replay.run(trace, ReplayOptions.defaults());
            assertThat(result.firstDivergences()).isEmpty();
            assertThat(result.observations().divergences()).isZero();
            assertThat(result.observations().notComparable()).isZero();
            assertThat(result.notModelled()).isEmpty();
            assertThat(result.fidelity()).isEqualTo(capture.fidelity());
            assertThat(result.byKind()).doesNotContainKey("Gap");
            if (capture.tags().contains("loop")) {
                ProvokedFaults.ofTheFirstAccessAreAllOf(result);
            } else if (capture.tags().contains("fault")) {
                ProvokedFaults.areAllOf(result);
            } else {
                assertThat(result.faults()).isEmpty();
            }
        }
    }
}
