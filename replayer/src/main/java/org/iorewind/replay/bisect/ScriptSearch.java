package org.iorewind.replay.bisect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Halves the events of a trace by the answers of somebody outside, as {@code git bisect} does: good up to some event, bad from
 * the next one on; what cannot be told is left out. Answers may come from a log of an earlier search. Not thread-safe.
 *
 * <pre>
 *   good good  ?  ?  skip  ?  ?  bad bad
 *              └────── next ─────┘            the middle of what is open, or the nearest to it that was not skipped
 * </pre>
 */
public final class ScriptSearch {
    /** What somebody said of an event. */
    public enum Answer {
        /** All is well behind this event. */
        GOOD,
        /** It has happened, at this event or before. */
        BAD,
        /** Cannot be told. */
        SKIP
    }

    private final TreeMap<Long, Answer> answers = new TreeMap<>();
    private final long events;

    /**
     * A search in which nothing is known.
     *
     * @param events how many there are
     */
    public ScriptSearch(long events) {
        this.events = events;
    }

    /** Takes an answer. */
    public void answer(long sequence, Answer answer) {
        answers.put(sequence, answer);
    }

    /**
     * Takes a line of a log, {@code good 17}; empty lines and those that begin with {@code #} say nothing.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public void replay(String line) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        String[] words = text.split("\\s+");
        try {
            if (words.length == 2) {
                long sequence = Long.parseLong(words[1]);
                if (sequence >= 0 && sequence < events) {
                    answer(sequence, Answer.valueOf(words[0].toUpperCase(Locale.ROOT)));
                    return;
                }
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "expected good, bad or skip and a sequence number below " + events + ", found: " + text);
    }

    /** An answer as a line of a log. */
    public static String line(long sequence, Answer answer) {
        return answer.name().toLowerCase(Locale.ROOT) + " " + sequence;
    }

    /** The last event known to be good, -1 if none is. */
    public long good() {
        long bad = bad();
        long good = -1;
        for (var entry : answers.headMap(bad).entrySet()) {
            good = entry.getValue() == Answer.GOOD ? entry.getKey() : good;
        }
        return good;
    }

    /** The first event known to be bad; the number of events if none is. */
    public long bad() {
        for (var entry : answers.entrySet()) {
            if (entry.getValue() == Answer.BAD) {
                return entry.getKey();
            }
        }
        return events;
    }

    /** The event to ask for next; empty when the answers suffice, or all that is open was skipped. */
    public OptionalLong next() {
        long good = good();
        long bad = bad();
        if (bad == events && !answers.containsKey(events - 1) && events > 0) {
            // Without a bad one there is nothing to look for.
            return OptionalLong.of(events - 1);
        }
        long middle = good + (bad - good) / 2;
        for (long distance = 0; distance < bad - good; distance++) {
            for (long candidate : List.of(middle - distance, middle + distance)) {
                if (candidate > good && candidate < bad && !answers.containsKey(candidate)) {
                    return OptionalLong.of(candidate);
                }
            }
        }
        return OptionalLong.empty();
    }

    /** The first bad event, if there is one and nothing before it is open. */
    public OptionalLong found() {
        long bad = bad();
        return bad < events && next().isEmpty() ? OptionalLong.of(bad) : OptionalLong.empty();
    }

    /** Events right before the first bad one that could not be told: the one looked for may be among them. */
    public List<Long> skipped() {
        List<Long> skipped = new ArrayList<>();
        for (var entry : answers.subMap(good(), false, bad(), false).entrySet()) {
            skipped.add(entry.getKey());
        }
        return skipped;
    }
}
