package org.iorewind.samples.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.model.platform.guest.DriverBug;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.Scenarios;
import org.iorewind.samples.scenario.WorkloadWork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON form of workloads: strict, bounded, and the same as the one in Java. */
class WorkloadReaderTest {
    private static final String GUESTS = "\"guests\": [{\"name\": \"a\"}]";
    private static final String PHASES =
            "\"phases\": [{\"name\": \"p\", \"work\": [{\"guest\": \"a\", \"do\": \"packet\"}]}]";

    private static Workload read(String json) {
        return WorkloadReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Workload> workloads() {
        return Scenarios.list().stream()
                .map(Scenario::work)
                .filter(WorkloadWork.class::isInstance)
                .map(work -> ((WorkloadWork) work).workload());
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void whatIsWrittenIsReadAgain(Workload workload) {
        assertThat(read(WorkloadWriter.write(workload))).isEqualTo(workload);
    }

    /** A control character would reach a terminal, and half a character cannot be written again. */
    @ParameterizedTest
    @CsvSource({
        "story, '\"story\": \"a\\u001b[2J\"', U+001B",
        "story, '\"story\": \"a\\ud83d\"', U+D83D",
        "tag, '\"tags\": [\"\\u0007\"]', printable"
    })
    void whatCannotBeShownIsRefused(String where, String field, String found) {
        assertThatThrownBy(() -> read("{\"workload\": \"abc\", " + field + ", " + GUESTS + ", " + PHASES + "}"))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining(where)
                .hasMessageContaining(found);
    }

    /** The message quotes names only once they are known to be plain. */
    @Test
    void theGuestOfAPieceOfWorkHasAPlainNameToo() {
        String work = "\"phases\": [{\"name\": \"p\", \"work\": [{\"guest\": \"" + "x".repeat(5000)
                + "\", \"do\": \"packet\"}]}]";
        assertThatThrownBy(() -> read("{\"workload\": \"abc\", " + GUESTS + ", " + work + "}"))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining("phases[0].work[0]")
                .hasMessageContaining("5000 characters");
    }

    @Test
    void theBuilderAndTheFileSayTheSame() {
        Workload built = Workload.named("two-guests")
                .story("Two.")
                .tags("workload")
                .guest("quiet", guest -> {})
                .guest("lazy", guest -> guest.lazy(8).smallPages().bug(DriverBug.DOUBLE_FLUSH, 2, 5))
                .phase(
                        "both",
                        phase -> phase.packets("quiet", 3)
                                .packets("lazy", 9, 4096, 8192)
                                .atRate(4)
                                .strays("lazy", 1))
                .build();
        assertThat(read("""
                {"workload": "two-guests", "story": "Two.", "tags": ["workload"],
                 "guests": [{"name": "quiet", "flush": "strict"},
                            {"name": "lazy", "flush": 8, "pages": "small",
                             "bugs": [{"bug": "DOUBLE_FLUSH", "from": 2, "to": 5}]}],
                 "phases": [{"name": "both", "work": [
                    {"guest": "quiet", "do": "packet", "count": 3},
                    {"guest": "lazy", "do": "packet", "count": 9, "rate": 4, "bytes": [4096, 8192]},
                    {"guest": "lazy", "do": "stray"}]}]}
                """)).isEqualTo(built);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "guests\": [{\"nam\": \"a\"}] | guests[0]: there is no field \"nam\"",
                "guests\": [] | guests: expected 1 to 16, found 0",
                "guests\": [{\"name\": 7}] | guests[0].name: expected a text, found 7",
                "guests\": [{\"name\": \"a\"}, {\"name\": \"a\"}] | two have the name \"a\"",
                "guests\": [{\"name\": \"b\"}] | there is no guest \"a\"; guests: b",
                "guests\": [{\"name\": \"a\", \"flush\": 65537}] | guests[0].flush: expected 1 to 65536, found 65537",
                "guests\": [{\"name\": \"a\", \"flush\": \"never\"}] | guests[0].flush: expected one of strict",
                "guests\": [{\"name\": \"a\", \"name\": \"a\"}] | guests[0].name stands there twice",
                "guests\": [{\"name\": \"a\", \"bugs\": [{\"bug\": \"NONE\"}]}] | expected one of NO_FLUSH_ON_UNMAP",
                "guests\": [{\"name\": \"a\", \"bugs\": [{\"bug\": \"DOUBLE_FLUSH\", \"from\": 3, \"to\": 2}]}]"
                        + " | guests[0].bugs[0]: expected 1 <= from <= to",
                "guests\": [{\"name\": \"a\", \"flush\": 1.5}] | guests[0].flush: expected a whole number, found 1.5",
            })
    void aGuestThatCannotBeIsRefusedWithItsPlace(String guests, String message) {
        assertThatThrownBy(() -> read("{\"workload\": \"abc\", \"" + guests + ", " + PHASES + "}"))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"do\": \"dance\" | expected one of packet, stray, late, mix, found \"dance\"",
                "\"do\": \"packet\", \"count\": 0 | count: expected 1 to 1000000000000, found 0",
                "\"do\": \"packet\", \"rate\": 10001 | rate: expected 1 to 10000",
                "\"do\": \"packet\", \"bytes\": [4096] | expected [smallest, largest]",
                "\"do\": \"stray\", \"bytes\": [4096, 4096] | expected [smallest, largest] buffer of a packet",
                "\"do\": \"packet\", \"bytes\": [4096, 5000] | expected multiples of 4096",
                "\"do\": \"packet\", \"bytes\": [8192, 4096] | bytes: expected 8192 to",
            })
    void workThatCannotBeIsRefusedWithItsPlace(String work, String message) {
        String phases = "\"phases\": [{\"name\": \"p\", \"work\": [{\"guest\": \"a\", " + work + "}]}]";
        assertThatThrownBy(() -> read("{\"workload\": \"abc\", " + GUESTS + ", " + phases + "}"))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining("phases[0].work[0]")
                .hasMessageContaining(message);
    }

    @Test
    void whatIsNoDescriptionIsRefused() {
        String document = "{\"workload\": \"abc\", " + GUESTS + ", " + PHASES + "}";
        assertThat(read(document).name()).isEqualTo("abc");
        for (String json : List.of("", "[]", "7", "{", document + "{}", "{\"workload\": \"../../etc\"}", "\u0000")) {
            assertThatThrownBy(() -> read(json)).as(json).isInstanceOf(WorkloadException.class);
        }
        assertThatThrownBy(() -> read("{\"workload\": \"A B\", " + GUESTS + ", " + PHASES + "}"))
                .hasMessageContaining("lower case letters");
        assertThatThrownBy(() -> read("{\"workload\": \"abc\", " + GUESTS + "}"))
                .hasMessageContaining("expected a field \"phases\"");
    }

    @Test
    void aDescriptionIsBounded() {
        assertThatThrownBy(() -> WorkloadReader.read(new byte[WorkloadReader.MOST_BYTES + 1]))
                .hasMessageContaining("bytes");
        assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(WorkloadException.class);
        assertThatThrownBy(() -> read("{\"guests\": [" + "0,".repeat(30_000) + "0]}"))
                .hasMessageContaining("20000 values");
    }
}
