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
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.iorewind.replay.Fault;
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
    /** What the guest's script lets edu do, in accesses of 4 bytes: 16 bytes at 0x100000, 16 at 0x200010, 8 at 0xfffe000. */
    private static final List<Long> PROVOKED = List.of(
            0x100000L,
            0x100004L,
            0x100008L,
            0x10000cL,
            0x200010L,
            0x200014L,
            0x200018L,
            0x20001cL,
            0xfffe000L,
            0xfffe004L);

    private static final int EDU = 0x30;

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
            assertThat(result.faults()).extracting(Fault::address).containsExactlyElementsOf(PROVOKED);
            assertThat(result.faults()).allMatch(fault -> fault.requester() == EDU && fault.observed());
        }
    }
}
