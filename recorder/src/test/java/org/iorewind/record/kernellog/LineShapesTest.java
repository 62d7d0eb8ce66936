package org.iorewind.record.kernellog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever wrote the log down, the kernel's words and their time are found. */
class LineShapesTest {
    private static final String WORDS =
            "nvme 0000:01:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000b address=0xfee0f000 flags=0x0020]";

    static Stream<String> shapes() throws IOException {
        List<String> shapes = EntryFormsTest.resource("stamps.txt").stream()
                .filter(line -> line.startsWith("= "))
                .toList();
        assertThat(shapes).hasSizeGreaterThan(30);
        return shapes.stream();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void theTimeAndTheWordsAreFound(String shape) {
        String[] parts = shape.split(" ", 3);
        long expected = Long.parseLong(parts[1]);
        String line = parts[2].replace("WORDS", WORDS).replace("ESC", "\u001b").replace("CR", "\r");
        String before = line.replace(WORDS, "first words")
                .replace("04:32:51", "04:32:50")
                .replace("1795753971", "1795753970")
                .replace("12.345678", "11.345678")
                .replace("12345678", "11345678");
        ImportedLog log = ImportedLog.of(List.of(before, line));
        assertThat(log.result().unparsedExamples()).isEmpty();
        assertThat(log.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.timeNs())
                    .isEqualTo(line.contains("+1.0") || line.contains("<    1.0") ? 2 * expected : expected);
            assertThat(entry.qword1()).isEqualTo(0xfee0f000L);
            assertThat(entry.qword0() & 0xFFFF).isEqualTo(0x0100);
        });
    }

    @Test
    void messagesOfDmesgsJsonAreRead() {
        ImportedLog log = ImportedLog.ofText("""
                {
                   "dmesg": [
                      {
                         "pri": 5,
                         "time":    12.345678,
                         "msg": "%s"
                      },{
                         "pri": 5,
                         "time":    13.000000,
                         "msg": "x"
                      }
                   ]
                }
                """.formatted(WORDS));
        assertThat(log.entries())
                .singleElement()
                .satisfies(e -> assertThat(e.timeNs()).isEqualTo(12_345_678_000L));
    }

    @Test
    void messagesOfTheJournalsPrettyJsonAndOfBytesAreRead() {
        assertThat(ImportedLog.ofText("{\n\t\"MESSAGE\" : \"" + WORDS + "\",\n\t\"PRIORITY\" : \"3\"\n}\n")
                        .all())
                .hasSize(1);
        StringBuilder bytes = new StringBuilder();
        WORDS.chars().forEach(c -> bytes.append(bytes.length() == 0 ? "" : ",").append(c));
        assertThat(ImportedLog.ofText("{\"MESSAGE\":[" + bytes + "],\"PRIORITY\":\"3\"}\n")
                        .all())
                .hasSize(1);
    }

    @Test
    void aWallClockIsTheSessionsStart() {
        assertThat(ImportedLog.of(List.of("2026-11-27T04:32:51+0000 host kernel: " + WORDS))
                        .events()
                        .lines(List.of(org.iorewind.trace.EventKind.SESSION_START), "startUnixNs"))
                .containsExactly("SessionStart startUnixNs=1795753971000000000");
        assertThat(ImportedLog.of(List.of("[Fri Nov 27 04:32:51 2026] " + WORDS))
                        .events()
                        .lines(List.of(org.iorewind.trace.EventKind.SESSION_START), "startUnixNs"))
                .as("no zone, no moment")
                .containsExactly("SessionStart startUnixNs=0");
    }
}
