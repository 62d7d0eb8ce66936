package org.iorewind.analyze.document;

import java.io.IOException;
import org.iorewind.analyze.text.PlainText;

/**
 * Writes markup, and is the only place that escapes. Markup comes from literals of this package; whatever comes from an
 * analysis goes through {@link #text(String)} and lands between tags, never inside one: no attribute ever holds data
 * other than numbers. One thread.
 */
final class HtmlWriter {
    /** Longest piece of text that is shown; a trace's texts may have 64 KiB each. */
    static final int TEXT_LIMIT = 1_000;

    private final Appendable out;
    private int tables;
    private long bytes;

    HtmlWriter(Appendable out) {
        this.out = out;
    }

    /** Markup as it stands: literals and numbers only. */
    HtmlWriter raw(String markup) throws IOException {
        return append(markup);
    }

    /** A line of markup. */
    HtmlWriter line(String markup) throws IOException {
        return append(markup).append("\n");
    }

    /** Text: cleaned, clipped and escaped. */
    HtmlWriter text(String text) throws IOException {
        return append(escape(PlainText.clip(text, TEXT_LIMIT)));
    }

    /** Bytes written so far, as UTF-8 has them. */
    long bytes() {
        return bytes;
    }

    private HtmlWriter append(String markup) throws IOException {
        out.append(markup);
        for (int i = 0; i < markup.length(); i++) {
            char c = markup.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return this;
    }

    /** Text in which no character is markup, of HTML or of SVG. */
    static String escape(String clean) {
        StringBuilder escaped = new StringBuilder(clean.length() + 16);
        for (int i = 0; i < clean.length(); i++) {
            String entity = entity(clean.charAt(i));
            if (entity.isEmpty()) {
                escaped.append(clean.charAt(i));
            } else {
                escaped.append(entity);
            }
        }
        return escaped.toString();
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
