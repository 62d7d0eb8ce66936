package org.iorewind.cli.debug.dap;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.lsp4j.debug.Source;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;

/**
 * The event list as sources that nobody has to hold in memory: each of 10,000 events, one a line. Not thread-safe.
 *
 * <p>A page has a reference and a path, {@code events-10000-19999}. Some editors send back only the path, behind a prefix of
 * their own, when breakpoints are set.
 */
final class EventPages {
    /** Events of a page. */
    static final int EVENTS = 10_000;

    private static final Pattern PATH = Pattern.compile("(?:.*/)?events-(\\d{1,18})-\\d{1,18}");

    private final TraceReader trace;
    private final int firstLine;

    /**
     * The pages of a trace.
     *
     * @param firstLine number that the editor gives the first line: 0 or 1
     */
    EventPages(TraceReader trace, int firstLine) {
        this.trace = trace;
        this.firstLine = firstLine;
    }

    /** The page of an event. */
    Source source(long sequence) {
        long page = Math.max(0, sequence) / EVENTS;
        Source source = new Source();
        long first = page * EVENTS;
        source.setName("events " + first + " to " + (first + EVENTS - 1));
        source.setPath("events-" + first + "-" + (first + EVENTS - 1));
        source.setSourceReference((int) Math.min(Integer.MAX_VALUE, page + 1));
        return source;
    }

    /** The reference of the page that an editor means; 0 if it is none. */
    static int reference(Source source) {
        if (source.getSourceReference() != null && source.getSourceReference() > 0) {
            return source.getSourceReference();
        }
        Matcher path = PATH.matcher(source.getPath() == null ? "" : source.getPath());
        long first = path.matches() ? Long.parseLong(path.group(1)) : -1;
        boolean isPage = first >= 0 && first % EVENTS == 0 && first / EVENTS < Integer.MAX_VALUE;
        return isPage ? (int) (first / EVENTS) + 1 : 0;
    }

    /** The line of an event in its page. */
    int line(long sequence) {
        return (int) (Math.max(0, sequence) % EVENTS) + firstLine;
    }

    /**
     * The event of a line; -1 if the page is none.
     *
     * @param reference of the page
     */
    long sequence(int reference, int line) {
        return reference < 1 ? -1 : (reference - 1L) * EVENTS + Math.max(0, line - firstLine);
    }

    /** The text of a page, up to where it can be read, and why not further; empty behind the end of the trace. */
    String text(int reference) {
        StringBuilder text = new StringBuilder();
        long first = sequence(reference, firstLine);
        DumpLine words = new DumpLine();
        try (EventCursor cursor = trace.cursor()) {
            cursor.seek(Math.max(0, first));
            while (first >= 0 && cursor.next() && cursor.event().sequence() < first + EVENTS) {
                if (cursor.event().sequence() >= first) {
                    text.append(words.of(cursor.event())).append('\n');
                }
            }
        } catch (TraceFormatException e) {
            text.append(e.getMessage()).append('\n');
        }
        return text.toString();
    }
}
