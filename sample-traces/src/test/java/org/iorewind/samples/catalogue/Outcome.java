package org.iorewind.samples.catalogue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.sbe.CommandConsumedDecoder;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.iorewind.trace.sbe.LogKind;
import org.iorewind.trace.sbe.TranslationDecoder;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.iorewind.trace.schema.EventTable;

/**
 * What became of a recorded scenario: read from the recording, replayed and analysed.
 *
 * @param name of the scenario
 * @param commands by opcode, how many were taken from the rings of host and guests
 * @param events by code, how many entries there are in the event logs of host and guests
 * @param pageRequests entries in PPR logs
 * @param interrupts entries in logs for guests' interrupts
 * @param outcomes of requests: by outcome, how many
 * @param entries of logs, as people read them: the first and the last ones
 * @param telling events that the review names, likewise
 * @param analysis of the recording
 */
record Outcome(
        String name,
        SortedMap<Integer, Long> commands,
        SortedMap<Integer, Long> events,
        long pageRequests,
        long interrupts,
        SortedMap<String, Long> outcomes,
        Excerpt entries,
        Excerpt telling,
        Analysis analysis) {
    /**
     * Lines of which only the first and the last ones are kept.
     *
     * @param count how many there are
     * @param first of them
     * @param last of them, if they are not among the first
     */
    record Excerpt(long count, List<String> first, List<String> last) {
        private static final int FIRST = 8;
        private static final int LAST = 4;

        /** Nothing yet. */
        static Excerpt empty() {
            return new Excerpt(0, new ArrayList<>(), new ArrayList<>());
        }

        Excerpt with(String line) {
            if (first.size() < FIRST) {
                first.add(line);
            } else {
                last.add(line);
                if (last.size() > LAST) {
                    last.remove(0);
                }
            }
            return new Excerpt(count + 1, first, last);
        }

        List<String> lines() {
            List<String> lines = new ArrayList<>(first);
            long between = count - first.size() - last.size();
            if (between > 0) {
                lines.add("… " + between + " more");
            }
            lines.addAll(last);
            return lines;
        }
    }

    /** Reads a recording; the filter takes what tells of its story. */
    static Outcome of(String name, Path trace, String filter) {
        Reading reading = new Reading(EventFilter.compile(filter));
        try (TraceReader reader = Traces.open(trace);
                EventCursor cursor = reader.cursor()) {
            while (cursor.next()) {
                reading.take(cursor.event());
            }
        }
        try (TraceReader reader = Traces.open(trace)) {
            return new Outcome(
                    name,
                    reading.commands,
                    reading.events,
                    reading.pageRequests,
                    reading.interrupts,
                    reading.outcomes,
                    reading.entries,
                    reading.telling,
                    Analyses.analyze(reader, ReplayOptions.defaults()));
        }
    }

    /** Findings in their order. */
    List<Finding> findings() {
        return analysis.rules().findings();
    }

    /** A finding as golden files have it. */
    static String line(Finding finding) {
        int device = finding.where().device();
        int domain = finding.where().domain();
        return finding.severity().id() + " " + finding.rule().id() + " IOMMU "
                + finding.where().iommu() + (device < 0 ? "" : " device " + EventTable.bdf(device))
                + (domain < 0 ? "" : " domain " + domain) + " x" + finding.count() + " at #" + finding.firstSequence();
    }

    private static final class Reading {
        private final SortedMap<Integer, Long> commands = new TreeMap<>();
        private final SortedMap<Integer, Long> events = new TreeMap<>();
        private final SortedMap<String, Long> outcomes = new TreeMap<>();
        private final GoldenLines lines = new GoldenLines();
        private final EventFilter filter;
        private final CommandConsumedDecoder command = new CommandConsumedDecoder();
        private final LogEntryDecoder entry = new LogEntryDecoder();
        private final TranslationDecoder translation = new TranslationDecoder();
        private long pageRequests;
        private long interrupts;
        private Excerpt entries = Excerpt.empty();
        private Excerpt telling = Excerpt.empty();

        Reading(EventFilter filter) {
            this.filter = filter;
        }

        void take(EventView event) {
            if (event.kind() == null) {
                return;
            }
            if (filter.test(event)) {
                telling = telling.with(lines.event(event));
            }
            switch (event.kind()) {
                case COMMAND_CONSUMED -> {
                    command.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                    commands.merge(CommandDescriptor.opcode(command.qword0()), 1L, Long::sum);
                }
                case LOG_ENTRY -> log(event);
                case TRANSLATION -> {
                    translation.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
                    TranslationOutcome outcome = translation.outcome();
                    String how = outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
                    outcomes.merge(how, 1L, Long::sum);
                }
                default -> {}
            }
        }

        private void log(EventView event) {
            entry.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            if (entry.log() == LogKind.PPR) {
                pageRequests++;
            } else if (entry.log() == LogKind.EVENT) {
                events.merge(EventDescriptor.code(entry.qword0()), 1L, Long::sum);
            } else {
                interrupts++;
            }
            entries = entries.with(lines.log(event));
        }
    }
}
