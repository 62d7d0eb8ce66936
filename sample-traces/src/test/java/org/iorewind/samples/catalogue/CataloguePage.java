package org.iorewind.samples.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.iorewind.analyze.protocol.ProtocolRules;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.samples.Sample;
import org.iorewind.samples.guide.Guide;

/** {@code docs/samples.md}: what there is, what each covers, and who covers what. */
final class CataloguePage {
    private static final int CODE_SHIFT = 60;
    private static final int MOST_NAMED = 4;
    static final int LAST_COMMAND = 0xA;
    static final int LAST_EVENT = 0xE;

    private final Collection<Outcome> outcomes;
    private final List<String> lines = new ArrayList<>();

    CataloguePage(Collection<Outcome> outcomes) {
        this.outcomes = outcomes;
    }

    String text() {
        lines.clear();
        add(
                "# Samples",
                "",
                "<!-- Written by CatalogueTest: mvn -pl sample-traces test -Dtest=CatalogueTest -Diorewind.golden.update -->",
                "",
                "Everything here comes with the program. A *scenario* is modelled software around a modelled IOMMU, recorded while it",
                "runs; a *capture* is the recording of a real machine, QEMU's log or a sealed archive. `iorewind samples` lists them,",
                "`iorewind samples NAME` says what to look for in one and which commands find it.",
                "",
                "    iorewind record sample base-dma-v1 -o dma.iorw           a scenario becomes a trace",
                "    iorewind samples q11-linux612-fault-tap -o fault.iorw    a sealed capture, to be opened as it is",
                "    iorewind samples q11-qtest -o q11-qtest.log.zst          a capture that is a log, to be imported",
                "    iorewind demo --capture q11-qtest                        the same, all the way to the report",
                "");
        coverage();
        backwards(
                "Commands",
                LAST_COMMAND,
                code -> RingEntryNames.command(code),
                (outcome, code) -> outcome.commands().containsKey(code));
        backwards(
                "Events",
                LAST_EVENT,
                code -> RingEntryNames.event((long) code << CODE_SHIFT, -1L),
                (outcome, code) -> outcome.events().containsKey(code));
        rules();
        entries();
        return String.join("\n", lines) + "\n";
    }

    private void add(String... more) {
        lines.addAll(List.of(more));
    }

    private void coverage() {
        add(
                "## What each scenario covers",
                "",
                "Counted in the recording of seed 1: commands that an IOMMU took and entries in event logs, by their code, of host and",
                "guests together; `PPR` and `GA` stand for entries of those logs. Rules are those of [rules.md](rules.md) that find something.",
                "",
                "| scenario | commands | events | rules |",
                "| --- | --- | --- | --- |");
        for (Outcome outcome : outcomes) {
            List<String> events = new ArrayList<>(hex(outcome.events().keySet()));
            if (outcome.pageRequests() > 0) {
                events.add("PPR");
            }
            if (outcome.interrupts() > 0) {
                events.add("GA");
            }
            String rules = new TreeSet<>(
                            outcome.findings().stream().map(f -> f.rule().id()).toList())
                    .stream().collect(Collectors.joining(", "));
            add("| `" + outcome.name() + "` | "
                    + String.join(" ", hex(outcome.commands().keySet()))
                    + " | " + String.join(" ", events) + " | " + rules + " |");
        }
        add("");
    }

    private static List<String> hex(Collection<Integer> codes) {
        return codes.stream()
                .map(code -> Integer.toHexString(code).toUpperCase(Locale.ROOT))
                .toList();
    }

    /** Whether a scenario has something with a code. */
    private interface Has {
        boolean test(Outcome outcome, int code);
    }

    private void backwards(String heading, int last, Function<Integer, String> name, Has has) {
        add("## " + heading, "", "| code | name | scenarios |", "| --- | --- | --- |");
        for (int code = 1; code <= last; code++) {
            int wanted = code;
            add("| " + Integer.toHexString(code).toUpperCase(Locale.ROOT) + " | `" + name.apply(code) + "` | "
                    + named(outcome -> has.test(outcome, wanted)) + " |");
        }
        add("");
    }

    /** Names of those that are most about it: few scenarios in all, or the first ones of many. */
    private String named(Predicate<Outcome> wanted) {
        List<String> names = outcomes.stream().filter(wanted).map(Outcome::name).toList();
        String first = names.stream().limit(MOST_NAMED).map(n -> "`" + n + "`").collect(Collectors.joining(", "));
        return names.size() > MOST_NAMED ? first + " and " + (names.size() - MOST_NAMED) + " more" : first;
    }

    private void rules() {
        add("## Rules", "", "| rule | scenarios |", "| --- | --- |");
        for (Rule rule : ProtocolRules.all()) {
            add("| `" + rule.id() + "` | "
                    + named(outcome -> outcome.findings().stream()
                            .anyMatch(finding -> finding.rule().id().equals(rule.id())))
                    + " |");
        }
        add("");
    }

    private void entries() {
        add("## All of them", "");
        Sample.list().forEach(this::entry);
        lines.remove(lines.size() - 1);
    }

    private void entry(Sample sample) {
        boolean isCapture = sample.kind() == Sample.Kind.CAPTURE;
        String tags = (isCapture ? "capture, " : "") + String.join(", ", sample.tags());
        add("### " + sample.name(), "", "*" + tags + "*. " + sample.story(), "");
        if (isCapture) {
            add("**Made**: " + sample.made(), "", "**Cannot show**: " + sample.misses(), "");
        }
        add("**Look for**: " + sample.guide().lookFor(), "");
        if (isCapture) {
            sample.commands().forEach(command -> add("    " + command));
        }
        for (Guide.Step step : sample.guide().steps()) {
            add("    " + step.command());
        }
        add("");
    }
}
