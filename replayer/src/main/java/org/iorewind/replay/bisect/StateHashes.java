package org.iorewind.replay.bisect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.Words;
import org.iorewind.replay.checkpoint.CheckpointKey;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of the state of a replay behind some events, and of all outcomes up to there, as lines of text, so that two builds of the
 * program, which cannot run as one, can be compared. Older builds give states only.
 *
 * <pre>
 *   # iorewind state hashes, session 00…2a, model 1, profile spec
 *   65535 3e7313ce6e3fff5d 5b1d07c8a9e2f430         behind event 65535: state, outcomes of events 0 to 65535
 *   131071 90ab…
 * </pre>
 */
public final class StateHashes {
    private static final String MARK = "# iorewind state hashes";
    private static final String SESSION = ", session ";
    private static final Pattern MODEL = Pattern.compile("^# .*, model ([0-9]{1,9}),");
    private static final int HEX_DIGITS = 16;
    private static final int RADIX = 16;

    private StateHashes() {}

    /**
     * A replay behind an event.
     *
     * @param sequence of the event
     * @param hash of registers, caches and memory
     * @param outcomes hash of what the model answered, stored, logged and signalled, up to this event; null if not known
     */
    public record At(long sequence, long hash, @Nullable Long outcomes) {
        /** As a line. */
        public String line() {
            return sequence + " " + Words.hex16(hash) + (outcomes == null ? "" : " " + Words.hex16(outcomes));
        }
    }

    /** A replay that knows what it did so far. */
    private static final class Run {
        private final EventOutcome outcome = new EventOutcome();
        private final Playback playback;
        private long outcomes;

        private Run(TraceReader trace, ReplayOptions options) {
            playback = Playback.start(trace.session(), trace.path().toString(), options, outcome);
        }

        private void handle(EventView event) {
            long divergences = playback.divergences();
            playback.handle(event);
            if (event.kind() == EventKind.MMIO_READ_VALUE) {
                // What a register read answers shows in no other way.
                outcome.divergences(playback.divergences() - divergences);
            }
            outcomes = outcome.hash(outcomes);
        }

        private At at(long sequence) {
            return new At(sequence, playback.machine().stateHash(), outcomes);
        }
    }

    /**
     * Which events.
     *
     * @param from the first
     * @param to the last
     * @param every each so many of them, and the last one; the first too if it is not that of the trace, so that what was alike
     *     before can be seen to be alike still
     */
    public record Span(long from, long to, long every) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if they select nothing
         */
        public Span {
            if (from < 0 || to < from || every < 1) {
                throw new IllegalArgumentException("from=" + from + " to=" + to + " every=" + every);
            }
        }

        private boolean has(long sequence) {
            boolean isFirst = from > 0 && sequence == from;
            return sequence >= from && sequence <= to && (isFirst || (sequence - from + 1) % every == 0);
        }
    }

    /**
     * Where a replay first differs from hashes.
     *
     * @param lastAlike the last event behind which states and outcomes were alike, -1 if none was
     * @param firstUnlike the first one behind which they were not, -1 if all were alike
     * @param isStateUnlike whether the states were not alike there; else only outcomes were not
     * @param compared how many were compared
     * @param outcomesCompared of how many of them the outcomes were known
     */
    public record Comparison(
            long lastAlike, long firstUnlike, boolean isStateUnlike, long compared, long outcomesCompared) {}

    /** The first line: of which recording, model and options. */
    public static String header(TraceReader trace, ReplayOptions options) {
        String profile = options.profile().isEmpty() ? trace.session().profile() : options.profile();
        return MARK + SESSION + trace.session().sessionId() + ", model " + CheckpointKey.MODEL_VERSION + ", profile "
                + profile + (options.model().isEmpty() ? "" : ", " + options.model());
    }

    /**
     * Replays a trace and gives hashes.
     *
     * @param trace stays open
     * @param taker of each, in order
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static void of(TraceReader trace, ReplayOptions options, Span span, Consumer<At> taker) {
        Run run = new Run(trace, options);
        try (EventCursor events = trace.cursor()) {
            long last = -1;
            long told = -1;
            while (last < span.to() && events.next()) {
                run.handle(events.event());
                last = events.event().sequence();
                if (span.has(last)) {
                    taker.accept(run.at(last));
                    told = last;
                    options.progress().at(last, -1);
                }
            }
            if (last >= span.from() && told != last) {
                taker.accept(run.at(last));
            }
        }
    }

    /**
     * Reads lines; those that begin with {@code #} only say of which recording they are.
     *
     * @param trace that they must be of
     * @param options under which they must be
     * @throws IllegalArgumentException if a line is something else, or they are of another recording, profile or options
     */
    public static List<At> parse(List<String> lines, TraceReader trace, ReplayOptions options) {
        String expected = conditions(header(trace, options));
        List<At> all = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith("#")) {
                if (line.startsWith(MARK) && !conditions(line).equals(expected)) {
                    throw new IllegalArgumentException("expected hashes of" + expected + ", found: " + line);
                }
            } else if (!line.isEmpty()) {
                all.add(at(
                        line,
                        i + 1,
                        all.isEmpty() ? -1 : all.get(all.size() - 1).sequence()));
            }
        }
        return all;
    }

    /** The first line without what may differ: the version of what is saved. */
    private static String conditions(String header) {
        return header.substring(MARK.length()).replaceFirst("^, ", " ").replaceFirst(", model [0-9]+,", ",");
    }

    /** The version of what is saved that the first line names, -1 if it names none. */
    public static int modelVersion(List<String> lines) {
        Matcher version = MODEL.matcher(lines.isEmpty() ? "" : lines.get(0));
        return version.find() ? Integer.parseInt(version.group(1)) : -1;
    }

    private static At at(String line, int number, long before) {
        String[] words = line.split("\\s+", -1);
        try {
            boolean hasOutcomes = words.length == 3 && words[2].length() == HEX_DIGITS;
            if ((words.length == 2 || hasOutcomes) && words[1].length() == HEX_DIGITS) {
                long sequence = Long.parseLong(words[0]);
                if (sequence > before) {
                    long hash = Long.parseUnsignedLong(words[1], RADIX);
                    return new At(sequence, hash, hasOutcomes ? Long.parseUnsignedLong(words[2], RADIX) : null);
                }
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("line " + number
                + ": expected a sequence number, ascending, and one or two hashes of 16 digits, found: " + line);
    }

    /**
     * Replays a trace and compares it with hashes of somebody else's replay of it, up to the first difference.
     *
     * @param trace stays open
     * @param others ascending
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static Comparison compare(TraceReader trace, ReplayOptions options, List<At> others) {
        Run run = new Run(trace, options);
        long alike = -1;
        int next = 0;
        int outcomes = 0;
        try (EventCursor events = trace.cursor()) {
            while (next < others.size() && events.next()) {
                run.handle(events.event());
                long sequence = events.event().sequence();
                At other = others.get(next);
                if (sequence == other.sequence()) {
                    next++;
                    outcomes += other.outcomes() == null ? 0 : 1;
                    options.progress().at(sequence, -1);
                    At own = run.at(sequence);
                    boolean isStateUnlike = own.hash() != other.hash();
                    if (isStateUnlike
                            || other.outcomes() != null && !other.outcomes().equals(own.outcomes())) {
                        return new Comparison(alike, sequence, isStateUnlike, next, outcomes);
                    }
                    alike = sequence;
                }
            }
        }
        return new Comparison(alike, -1, false, next, outcomes);
    }
}
