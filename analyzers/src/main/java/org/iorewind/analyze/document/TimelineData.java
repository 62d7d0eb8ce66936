package org.iorewind.analyze.document;

import java.io.IOException;
import org.iorewind.analyze.text.PlainText;

/**
 * The numbers of a timeline as JSON inside a page. Slices without an event are left out: each row is pairs of slice and
 * count. Text is ASCII, and no character of it is one that HTML knows. Stateless.
 */
final class TimelineData {
    private static final int LABEL_LIMIT = 120;
    private static final int MARK_LIMIT = 1_000;

    private TimelineData() {}

    static void write(Block.Timeline timeline, HtmlWriter html) throws IOException {
        html.raw("{\"start\":" + timeline.startNs() + ",\"slice\":" + timeline.sliceNs() + ",\"slices\":"
                + slices(timeline) + ",\"command\":");
        html.raw(quoted(timeline.command(), HtmlWriter.TEXT_LIMIT)).raw(",\"rows\":[");
        String comma = "";
        for (Block.Series series : timeline.series()) {
            html.raw(comma).raw("{\"name\":").raw(quoted(series.name(), LABEL_LIMIT));
            html.raw(",\"style\":\"").raw(series.style()).raw("\",\"counts\":[");
            String between = "";
            for (int i = 0; i < series.counts().length; i++) {
                if (series.counts()[i] > 0) {
                    html.raw(between + i + "," + series.counts()[i]);
                    between = ",";
                }
            }
            html.raw("]}");
            comma = ",\n";
        }
        html.raw("],\"marks\":[");
        comma = "";
        int left = MARK_LIMIT;
        for (Block.Mark mark : timeline.marks()) {
            if (left-- == 0) {
                break;
            }
            html.raw(comma + "[" + mark.timeNs() + ",").raw(quoted(mark.label(), LABEL_LIMIT));
            html.raw("]");
            comma = ",";
        }
        html.raw("]}");
    }

    private static int slices(Block.Timeline timeline) {
        return timeline.series().isEmpty() ? 0 : timeline.series().get(0).counts().length;
    }

    /** A JSON string in which everything but letters, digits and plain punctuation is escaped. */
    private static String quoted(String text, int limit) {
        String clean = PlainText.clip(text, limit);
        StringBuilder json = new StringBuilder(clean.length() + 2).append('"');
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            boolean plain = c >= ' ' && c < 0x7f && "\"\\<>&'".indexOf(c) < 0;
            if (plain) {
                json.append(c);
            } else {
                json.append("\\u");
                json.append(Integer.toHexString(0x10000 | c), 1, 5);
            }
        }
        return json.append('"').toString();
    }
}
