package org.iorewind.samples.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.samples.GoldenText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each scenario comes to, as reviewed: events, commands, outcomes, log entries, findings, and the state at its end. */
class GoldenScenariosTest {
    private static final Path FOLDER = Path.of("golden", "scenarios");
    private static final int CODE_SHIFT = 60;

    static Stream<String> names() {
        return Outcomes.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theScenarioComesToWhatWasReviewed(String name) throws IOException {
        Reviewed reviewed = Reviewed.of(name);
        String text = text(Outcomes.all().get(name), reviewed.sections(), reviewed.filter());
        GoldenText.compare(FOLDER.resolve(name + ".txt"), text);
    }

    @Test
    void thereIsNoFileWithoutAScenario() throws IOException {
        assumeThat(GoldenText.isUpdated()).as("files are being written").isFalse();
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
                    .containsExactlyInAnyOrderElementsOf(Outcomes.all().keySet());
        }
    }

    /** A line of the table for each scenario, with sections, and events that its filter takes: else the file would not show what it is about. */
    @Test
    void eachScenarioWasReviewedAndShowsWhatItIsAbout() {
        assertThat(Reviewed.all().keySet())
                .containsExactlyElementsOf(Outcomes.all().keySet());
        assertThat(Reviewed.all().values())
                .flatExtracting(Reviewed::sections)
                .allMatch(section -> section.matches("V?\\d+([.]\\d+)?"));
        assertThat(Outcomes.all().values())
                .allSatisfy(outcome ->
                        assertThat(outcome.telling().count()).as(outcome.name()).isPositive());
    }

    /**
     * An outcome as golden files have it.
     *
     * @param sections of the reference that it rests on
     * @param filter that took the telling events; empty if there is none
     */
    static String text(Outcome outcome, List<String> sections, String filter) {
        ReplayResult replay = outcome.analysis().replay();
        StringBuilder text = new StringBuilder();
        fact(text, "reference", String.join(", ", sections));
        fact(text, "events", Long.toString(replay.events()));
        fact(text, "state hash", replay.stateHash());
        fact(text, "commands", counts(outcome.commands(), RingEntryNames::command));
        fact(text, "event log", counts(outcome.events(), code -> RingEntryNames.event((long) code << CODE_SHIFT, -1L)));
        fact(text, "other logs", otherLogs(outcome));
        fact(text, "requests", counts(outcome.outcomes(), outcomeName -> outcomeName));
        fact(text, "by kind", counts(new TreeMap<>(replay.byKind()), kind -> kind));
        section(text, "log entries", outcome.entries().lines());
        if (!filter.isEmpty()) {
            section(text, filter, outcome.telling().lines());
        }
        section(text, "findings", outcome.findings().stream().map(Outcome::line).toList());
        return text.toString();
    }

    private static void fact(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "%-13s %s\n", name, value));
        }
    }

    private static String otherLogs(Outcome outcome) {
        SortedMap<String, Long> logs = new TreeMap<>();
        if (outcome.pageRequests() > 0) {
            logs.put("PPR", outcome.pageRequests());
        }
        if (outcome.interrupts() > 0) {
            logs.put("GA", outcome.interrupts());
        }
        return counts(logs, log -> log);
    }

    private static <K> String counts(SortedMap<K, Long> counts, Function<K, String> name) {
        return counts.entrySet().stream()
                .map((Map.Entry<K, Long> entry) -> {
                    String known = name.apply(entry.getKey());
                    return (known.isEmpty() ? "0h" : known) + " " + entry.getValue();
                })
                .collect(Collectors.joining(", "));
    }

    private static void section(StringBuilder text, String heading, List<String> lines) {
        text.append(heading).append('\n');
        lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }
}
