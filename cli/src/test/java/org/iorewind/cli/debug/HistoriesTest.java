package org.iorewind.cli.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.CommandRun;
import org.iorewind.cli.ExitCode;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.sbe.MemoryWriteDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Histories of places: made once, kept, and no other answers than those of a search. */
class HistoriesTest {
    private static final int WORDS = 12;
    private static final int MOMENTS = 9;
    private static final String PAGE = "pte 00:02.0 0x10000000";

    @TempDir
    Path dir;

    private Path record(String sample) {
        Path trace = dir.resolve(sample + ".iorw");
        CommandRun.of("record", "sample", sample, "-o", trace).expect(ExitCode.OK);
        return trace;
    }

    /** Some words of memory that the trace writes; and the number of its events. */
    private static long words(Path trace, SplittableRandom random, Set<String> places) {
        List<Long> written = new ArrayList<>();
        MemoryWriteDecoder write = new MemoryWriteDecoder();
        long events = 0;
        try (TraceReader reader = Traces.open(trace);
                EventCursor cursor = reader.cursor()) {
            while (cursor.next()) {
                events++;
                if (cursor.event().kind() == EventKind.MEMORY_WRITE) {
                    write.wrap(
                            cursor.event().buffer(),
                            cursor.event().bodyOffset(),
                            cursor.event().blockLength(),
                            cursor.event().version());
                    written.add(write.address() & -Long.BYTES);
                }
            }
        }
        for (int i = 0; i < WORDS; i++) {
            places.add("mem " + Notation.hex(written.get(random.nextInt(written.size()))));
        }
        return events;
    }

    private static List<String> answersTo(String questions, Path trace, String... more) {
        List<Object> arguments = new ArrayList<>(List.of("debug", trace, "--json"));
        arguments.addAll(List.of(more));
        return CommandRun.withInput(questions, arguments.toArray())
                .out()
                .lines()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "base-dma-v1, 00:02.0, 0",
        "hw-two-guests, 00:05.0, 0",
        "sw-emulated-intremap, 00:04.0, 1",
        "sw-emulated-dma, 00:04.0, 1"
    })
    void answersAreThoseOfASearch(String sample, String device, int iommu) {
        Path trace = record(sample);
        SplittableRandom random = new SplittableRandom(sample.hashCode());
        Set<String> places = new LinkedHashSet<>();
        String of = iommu == 0 ? "" : "iommu " + iommu + " ";
        for (String place :
                List.of("register Control", "register CommandTail", "dte DEV", "irte DEV 0", "irte DEV 1")) {
            places.add(of + place.replace("DEV", device));
        }
        for (String address : List.of("0x10000000", "0x10001000", "0xfffff000", "0xffffe000")) {
            places.add(of + "pte " + device + " " + address);
            places.add(of + "iotlb " + device + " " + address);
        }
        long events = words(trace, random, places);
        StringBuilder questions = new StringBuilder();
        StringBuilder histories = new StringBuilder();
        for (String place : places) {
            for (int i = 0; i < MOMENTS; i++) {
                long at = i == 0 ? events - 1 : random.nextLong(-1, events);
                questions.append("seek ").append(at).append("\nwho wrote ").append(place);
                questions
                        .append("\nwho reads ")
                        .append(place)
                        .append("\nlast ")
                        .append(place)
                        .append('\n');
                histories.append("seek ").append(at).append("\nwhen ").append(place);
                histories.append("\nwhen read ").append(place).append('\n');
            }
        }
        questions.append("seek fault 1\nwhy\nseek dmarequest 2\nwhy\n");
        List<String> searched = answersTo(questions.toString(), trace, "--no-cache");
        assertThat(searched)
                .hasSize(places.size() * MOMENTS * 4 + 4)
                .filteredOn(answer -> answer.contains("\"found\":true"))
                .hasSizeGreaterThan(places.size());
        answersTo(histories.toString(), trace);
        assertThat(dir.resolve(sample + ".iorw.history")).exists();
        assertThat(answersTo(questions.toString(), trace)).isEqualTo(searched);
    }

    private static String session(Path trace, boolean isJson, String... commands) {
        List<Object> arguments = new ArrayList<>(List.of("debug", trace, "--batch"));
        if (isJson) {
            arguments.add("--json");
        }
        for (String command : commands) {
            arguments.addAll(List.of("-ex", command));
        }
        return CommandRun.of(arguments.toArray()).expect(ExitCode.OK).out();
    }

    private static Map<String, String> last(Path trace, String... commands) throws IOException {
        List<String> answers = session(trace, true, commands).lines().toList();
        return new CommandRun(0, answers.get(answers.size() - 1), "").json();
    }

    private static List<String> list(Map<String, String> answer, String list, String field) {
        List<String> values = new ArrayList<>();
        for (int i = 0; answer.containsKey(list + "." + i + field); i++) {
            values.add(answer.get(list + "." + i + field));
        }
        return values;
    }

    @Test
    void aHistoryTellsWhenAMappingWasValid() throws IOException {
        Path trace = record("base-dma-v1");
        Map<String, String> page = last(trace, "when " + PAGE);
        assertThat(page).containsEntry("complete", "true").containsEntry("intervals.0.first", "null");
        List<String> values = list(page, "intervals", ".value");
        assertThat(values)
                .contains("0x100a000 rights 3 domain 5")
                .last()
                .isEqualTo("PAGE_NOT_PRESENT rights 0 domain 5");
        assertThat(page).containsEntry("total", "" + values.size());
        int mapped = values.indexOf("0x100a000 rights 3 domain 5");
        Map<String, String> writer = last(trace, "seek fault 1", "who wrote " + PAGE);
        assertThat(list(page, "intervals", ".first").get(mapped + 1)).isEqualTo(writer.get("writer"));
        assertThat(session(trace, false, "seek fault 1", "when " + PAGE))
                .contains("=> #" + writer.get("writer") + " to end: PAGE_NOT_PRESENT rights 0 domain 5\n");
        assertThat(CommandRun.of("watch", trace, PAGE, "--intervals", "--json")
                        .expect(ExitCode.OK)
                        .json()
                        .get("intervals." + mapped + ".first"))
                .as("watch --intervals says the same")
                .isEqualTo(list(page, "intervals", ".first").get(mapped));
    }

    @Test
    void aHistoryTellsWhoReads() throws IOException {
        Path trace = record("base-dma-v1");
        Map<String, String> answer = last(trace, "seek dmarequest 1", "when read " + PAGE);
        List<String> readers = list(answer, "readers", "");
        assertThat(answer).containsEntry("complete", "true").containsEntry("total", "" + readers.size());
        List<String> one = new ArrayList<>();
        for (Map<String, String> next = last(trace, "seek dmarequest 1", "seek start", "seek 100", "who reads " + PAGE);
                next.get("found").equals("true");
                next = last(trace, "seek " + next.get("reader"), "who reads " + PAGE)) {
            one.add(next.get("reader"));
        }
        assertThat(one).isNotEmpty();
        assertThat(readers).endsWith(one.toArray(String[]::new));
        assertThat(session(trace, false, "when read mem 0x123456780")).contains("no event reads it");
    }

    /** One that was made by another version, or damaged, is made anew; the answer does not change. */
    @Test
    void aDamagedHistoryIsMadeAnew() throws IOException {
        Path trace = record("base-dma-v1");
        String answer = session(trace, true, "when " + PAGE);
        Path kept = dir.resolve("base-dma-v1.iorw.history");
        byte[] bytes = Files.readAllBytes(kept);
        for (int i = 0; i < bytes.length; i += 97) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 0x40;
            Files.write(kept, damaged);
            assertThat(session(trace, true, "when " + PAGE)).isEqualTo(answer);
        }
    }
}
