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
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
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
 * @param excerpt the first log entries, as people read them
 * @param analysis of the recording
 */
record Outcome(
        String name,
        SortedMap<Integer, Long> commands,
        SortedMap<Integer, Long> events,
        long pageRequests,
        long interrupts,
        SortedMap<String, Long> outcomes,
        List<String> excerpt,
        Analysis analysis) {
    private static final int MOST_LINES = 12;

    /** Reads a recording. */
    static Outcome of(String name, Path trace) {
        Reading reading = new Reading();
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
                    reading.excerpt,
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
        private final List<String> excerpt = new ArrayList<>();
        private final CommandConsumedDecoder command = new CommandConsumedDecoder();
        private final LogEntryDecoder entry = new LogEntryDecoder();
        private final TranslationDecoder translation = new TranslationDecoder();
        private long pageRequests;
        private long interrupts;

        void take(EventView event) {
            if (event.kind() == null) {
                return;
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
            if (excerpt.size() < MOST_LINES) {
                excerpt.add(describe(event));
            }
        }

        private String describe(EventView event) {
            String whose = event.guest() == EventWriter.NO_GUEST ? "host" : "guest " + event.guest();
            long qword0 = entry.qword0();
            String what = entry.log() == LogKind.EVENT ? RingEntryNames.event(qword0, -1L) : entry.log() + " entry";
            return String.format(
                    Locale.ROOT,
                    "#%d %s %s %s flags 0x%x tag 0x%x 0x%x",
                    event.sequence(),
                    whose,
                    what,
                    EventTable.bdf(EventDescriptor.requester(qword0)),
                    EventDescriptor.flags(qword0),
                    EventDescriptor.tag(qword0),
                    entry.qword1());
        }
    }
}
