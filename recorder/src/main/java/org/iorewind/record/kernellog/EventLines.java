package org.iorewind.record.kernellog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds entries of the event log in lines of text, and puts together what came in two lines: kernels before 4.18 print
 * {@code Event logged [} and the rest apart, mail programs break lines. Not thread-safe.
 */
final class EventLines {
    /** What a line turned out to be. */
    enum Found {
        /** Nothing of an entry. */
        NOTHING,
        /** The beginning of an entry. */
        PART,
        /** A whole entry, or the end of one: {@link #event()} and {@link #text()} hold it. */
        EVENT,
        /** An entry that cannot be understood: {@link #text()}. */
        UNKNOWN
    }

    /** Other lines may come between the two halves, from other processors. */
    private static final int PATIENCE_LINES = 4;

    private static final int LONGEST = 4096;
    private static final String AMD_VI = "AMD-Vi";
    private static final String LOGGED = "Event logged";

    private @Nullable LoggedEvent event;
    private String text = "";
    private boolean waiting;
    private int waited;
    private String begun = "";
    private Reporter reporter = Reporter.NONE;
    private long abandoned;

    /** The entry of the last line. */
    LoggedEvent event() {
        return Objects.requireNonNull(event);
    }

    /** The entry's text, in one line. */
    String text() {
        return text;
    }

    /** How many entries were begun and never ended. */
    long abandoned() {
        return abandoned + (waiting ? 1 : 0);
    }

    /** Looks at the next line. */
    Found take(String line) {
        int vendor = line.indexOf(AMD_VI);
        int logged = vendor < 0 ? -1 : line.indexOf(LOGGED, vendor);
        if (logged >= 0) {
            abandon();
            Reporter by = Reporter.of(line);
            return open(by, inside(line.substring(logged + LOGGED.length())));
        }
        Reporter by = Reporter.of(line);
        String words = by.after(line);
        if (words.startsWith(AMD_VI + ":")) {
            words = words.substring(AMD_VI.length() + 1).strip();
        }
        words = inside(words);
        if (waiting) {
            Found found = goOn(by, words);
            if (found != Found.NOTHING) {
                return found;
            }
        }
        boolean isWhole = words.endsWith("]") || words.startsWith("UNKNOWN event[");
        return isWhole && EventName.at(words) != null ? open(by, words) : Found.NOTHING;
    }

    private static String inside(String words) {
        String stripped = words.strip();
        return stripped.startsWith("[") ? stripped.substring(1).strip() : stripped;
    }

    private Found goOn(Reporter by, String words) {
        if (begun.isEmpty() && EventName.at(words) != null) {
            return open(by.isNamed() ? by : reporter, words);
        }
        int equals = words.indexOf('=');
        boolean goesOn = equals > 0 && words.indexOf(' ') != 0 && words.lastIndexOf(' ', equals) < 0;
        if (!begun.isEmpty() && goesOn && begun.length() + words.length() < LONGEST) {
            if (begun.startsWith(EventName.NOT_ATTACHED)) {
                waiting = false;
                text = begin(reporter) + begun + " " + words;
                event = EventText.notAttached(words);
                return event == null ? Found.UNKNOWN : Found.EVENT;
            }
            return open(reporter, begun + " " + words);
        }
        waited++;
        if (!begun.isEmpty() || waited > PATIENCE_LINES) {
            abandon();
        }
        return Found.NOTHING;
    }

    private Found open(Reporter by, String words) {
        reporter = by;
        waiting = false;
        text = begin(by) + words;
        if (words.isEmpty() || words.startsWith(EventName.NOT_ATTACHED)) {
            return wait(words);
        }
        EventName name = EventName.at(words);
        if (name == null) {
            return Found.UNKNOWN;
        }
        int bracket = words.lastIndexOf(']');
        boolean isWhole = name == EventName.UNKNOWN ? words.contains("event[3]=") || bracket > 0 : bracket > 0;
        if (!isWhole) {
            return wait(words);
        }
        String whole = name == EventName.UNKNOWN ? words : words.substring(0, bracket + 1);
        event = EventText.parse(name, whole, by.device());
        return event == null ? Found.UNKNOWN : Found.EVENT;
    }

    private Found wait(String words) {
        waiting = true;
        waited = 0;
        begun = words;
        return Found.PART;
    }

    private void abandon() {
        if (waiting) {
            abandoned++;
            waiting = false;
        }
    }

    private static String begin(Reporter by) {
        return (by.isNamed() ? by.words() + ": " : "") + AMD_VI + ": " + LOGGED + " [";
    }
}
