package org.iorewind.analyze.document;

import org.iorewind.analyze.text.PlainText;

/**
 * Draws in SVG. Coordinates are whole numbers, so that the same drawing has the same bytes on every machine; colours are
 * classes of the report's style sheet, {@code k-input} and the like. Text is cleaned, clipped and escaped here. One thread.
 */
public final class SvgCanvas {
    private final StringBuilder body = new StringBuilder();

    /** Nothing yet. */
    public SvgCanvas() {}

    /**
     * A path.
     *
     * @param style class, a literal
     * @param data of the path, made of numbers and letters
     */
    public SvgCanvas path(String style, String data) {
        body.append("<path class=\"")
                .append(style)
                .append("\" d=\"")
                .append(data)
                .append("\"/>\n");
        return this;
    }

    /** A rectangle. */
    public SvgCanvas rect(String style, int x, int y, int width, int height) {
        return path(style, "M" + x + " " + y + "h" + width + "v" + height + "h-" + width + "z");
    }

    /**
     * Text in a line.
     *
     * @param style class, a literal
     * @param anchor {@code start}, {@code middle} or {@code end}
     * @param text of anybody
     * @param limit characters that are shown at most
     */
    public SvgCanvas text(String style, int x, int y, String anchor, String text, int limit) {
        body.append("<text class=\"").append(style);
        body.append("\" x=\"").append(x).append("\" y=\"").append(y);
        body.append("\" text-anchor=\"").append(anchor).append("\">");
        String shown = text.length() <= limit ? text : text.substring(0, Math.max(0, limit - 1)) + "\u2026";
        body.append(HtmlWriter.escape(PlainText.clean(shown))).append("</text>\n");
        return this;
    }

    /** A picture of what was drawn; the meaning of the arguments is that of {@link Block.Picture}. */
    public Block.Picture picture(String name, String title, String description, int width, int height) {
        return new Block.Picture(name, title, description, width, height, body.toString());
    }
}
