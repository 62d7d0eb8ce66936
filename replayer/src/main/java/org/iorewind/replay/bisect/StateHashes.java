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
import org.iorewind.trace.TraceReader;

/**
 * Hashes of the state of a replay behind some events, as lines of text, so that two builds of the program, which cannot run as
 * one, can be compared.
 *
 * <pre>
 *   # iorewind state hashes, session 00…2a, model 1, profile spec
 *   65535 3e7313ce6e3fff5d          behind event 65535
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
     * The state behind an event.
     *
     * @param sequence of the event
     * @param hash of registers, caches and memory
     */
    public record At(long sequence, long hash) {
        /** As a line. */
        public String line() {
            return sequence + " " + Words.hex16(hash);
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
     * @param lastAlike the last event behind which the states were alike, -1 if none was
     * @param firstUnlike the first one behind which they were not, -1 if all were alike
     * @param compared how many were compared
     */
    public record Comparison(long lastAlike, long firstUnlike, long compared) {}

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
        Playback playback = Playback.start(trace.session(), trace.path().toString(), options);
        try (EventCursor events = trace.cursor()) {
            long last = -1;
            long told = -1;
            while (last < span.to() && events.next()) {
                playback.handle(events.event());
                last = events.event().sequence();
                if (span.has(last)) {
                    taker.accept(new At(last, playback.machine().stateHash()));
                    told = last;
                    options.progress().at(last, -1);
                }
            }
            if (last >= span.from() && told != last) {
                taker.accept(new At(last, playback.machine().stateHash()));
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
            if (words.length == 2 && words[1].length() == HEX_DIGITS) {
                long sequence = Long.parseLong(words[0]);
                if (sequence > before) {
                    return new At(sequence, Long.parseUnsignedLong(words[1], RADIX));
                }
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "line " + number + ": expected a sequence number, ascending, and a hash of 16 digits, found: " + line);
    }

    /**
     * Replays a trace and compares it with hashes of somebody else's replay of it, up to the first difference.
     *
     * @param trace stays open
     * @param others ascending
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static Comparison compare(TraceReader trace, ReplayOptions options, List<At> others) {
        Playback playback = Playback.start(trace.session(), trace.path().toString(), options);
        long alike = -1;
        int next = 0;
        try (EventCursor events = trace.cursor()) {
            while (next < others.size() && events.next()) {
                playback.handle(events.event());
                long sequence = events.event().sequence();
                At other = others.get(next);
                if (sequence == other.sequence()) {
                    next++;
                    options.progress().at(sequence, -1);
                    if (playback.machine().stateHash() != other.hash()) {
                        return new Comparison(alike, sequence, next);
                    }
                    alike = sequence;
                }
            }
        }
        return new Comparison(alike, -1, next);
    }
}
