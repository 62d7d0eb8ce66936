package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.iorewind.cli.bisect.Change;
import org.iorewind.replay.predicate.PlaceHistory.Interval;
import org.iorewind.replay.predicate.Watch;

/** Changes of what is watched. */
public final class WatchJson {
    private WatchJson() {}

    /**
     * Writes the fields.
     *
     * @param name of the list: {@code changes}, or {@code reads}, which change nothing
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, String what, String name, List<Change> changes)
            throws IOException {
        JsonGenerator json = document.json();
        document.text("trace", trace).text("what", what);
        json.writeArrayFieldStart(name);
        for (Change change : changes) {
            json.writeStartObject();
            document.number("sequence", change.sequence()).number("timeNs", change.timeNs());
            document.text("kind", change.kind()).text("event", change.line());
            if (name.equals("reads")) {
                document.text("value", change.after());
            } else {
                document.text("before", change.before()).text("after", change.after());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /**
     * Writes what was held from when to when.
     *
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, String what, Watch watch, List<Interval> intervals)
            throws IOException {
        JsonGenerator json = document.json();
        document.text("trace", trace).text("what", what);
        json.writeArrayFieldStart("intervals");
        for (Interval interval : intervals) {
            json.writeStartObject();
            BisectJson.sequence(json, "first", sequence(interval.first() >= 0, interval.first()));
            BisectJson.sequence(json, "last", sequence(interval.last() != Long.MAX_VALUE, interval.last()));
            document.text("value", watch.meaning(interval.value()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static OptionalLong sequence(boolean isThere, long value) {
        return isThere ? OptionalLong.of(value) : OptionalLong.empty();
    }
}
