package org.iorewind.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sealed recording of a live machine: whole, and replayed without a difference. */
class RecordingsTest {
    private static final int LARGEST_BYTES = 300 << 10;

    @TempDir
    Path folder;

    /** A line of the table. */
    record Row(String name, String file, String fidelity) {}

    static Stream<Row> recordings() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(resource("recordings.tsv"), StandardCharsets.UTF_8))) {
            return lines
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .map(cells -> new Row(cells[0], cells[1], cells[2]))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(Capture.class.getResourceAsStream("recordings/" + name), name);
    }

    @Test
    void thereAreSome() {
        assertThat(recordings()).hasSizeGreaterThanOrEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void everyDmaIsWalkedAgainAndEveryFaultIsOneTheGuestProvoked(Row row) throws IOException {
        Path archive = folder.resolve(row.file());
        try (InputStream in = resource(row.file())) {
            Files.copy(in, archive);
        }
        assertThat(Files.size(archive)).isLessThanOrEqualTo(LARGEST_BYTES);
        try (TraceReader trace = Traces.open(archive)) {
            ReplayResult result = Replay.run(trace, ReplayOptions.defaults());
            assertThat(result.firstDivergences()).isEmpty();
            assertThat(result.observations().divergences()).isZero();
            assertThat(result.observations().notComparable()).isZero();
            assertThat(result.notModelled()).isEmpty();
            assertThat(result.fidelity()).isEqualTo(row.fidelity());
            assertThat(result.byKind()).doesNotContainKey("Gap");
            ProvokedFaults.areAllOf(result);
        }
    }
}
