package org.iorewind.analyze.report;

import java.io.IOException;
import org.iorewind.analyze.text.PlainText;

/**
 * Writes markup, and is the only place that escapes. Markup comes from literals of this package; whatever comes from an
 * analysis goes through {@link #text(String)} and lands between tags, never inside one: no attribute ever holds data
 * other than numbers. One thread.
 */
final class HtmlWriter {
    /** Longest piece of text that is shown; a trace's texts may have 64 KiB each. */
    static final int TEXT_LIMIT = 2_000;

    private final Appendable out;
    private int tables;

    HtmlWriter(Appendable out) {
        this.out = out;
    }

    /** Markup as it stands: literals and numbers only. */
    HtmlWriter raw(String markup) throws IOException {
        out.append(markup);
        return this;
    }

    /** A line of markup. */
    HtmlWriter line(String markup) throws IOException {
        out.append(markup).append('\n');
        return this;
    }

    /** Text: cleaned, clipped and escaped. */
    HtmlWriter text(String text) throws IOException {
        String clean = PlainText.clip(text, TEXT_LIMIT);
        int from = 0;
        for (int i = 0; i < clean.length(); i++) {
            String entity = entity(clean.charAt(i));
            if (!entity.isEmpty()) {
                out.append(clean, from, i).append(entity);
                from = i + 1;
            }
        }
        out.append(clean, from, clean.length());
        return this;
    }

    /**
     * An element that holds text.
     *
     * @param tag name and literal attributes, such as {@code td class="number"}
     */
    HtmlWriter element(String tag, String text) throws IOException {
        int blank = tag.indexOf(' ');
        raw("<").raw(tag).raw(">").text(text);
        return raw("</").raw(blank < 0 ? tag : tag.substring(0, blank)).raw(">");
    }

    /** A table's head; columns whose name starts with {@code #} hold numbers and are set to the right. */
    HtmlWriter tableHead(String caption, String... columns) throws IOException {
        tables++;
        raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"table-" + tables + "\">");
        raw("<table><caption id=\"table-" + tables + "\">").text(caption).raw("</caption><thead><tr>");
        for (String column : columns) {
            if (column.startsWith("#")) {
                element("th scope=\"col\" class=\"number\"", column.substring(1));
            } else {
                element("th scope=\"col\"", column);
            }
        }
        return line("</tr></thead><tbody>");
    }

    HtmlWriter tableEnd() throws IOException {
        return line("</tbody></table></div>");
    }

    /** A row of two cells, the first of which names the row. */
    HtmlWriter fact(String name, String value) throws IOException {
        raw("<tr>").element("th scope=\"row\"", name).element("td", value);
        return line("</tr>");
    }

    private static String entity(char c) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            default -> "";
        };
    }
}
