package org.iorewind.analyze.document;

import java.util.ArrayList;
import java.util.List;

/**
 * Text of several kinds in a row.
 *
 * @param spans in order
 */
public record Line(List<Span> spans) {
    /** Copies the spans. */
    public Line {
        spans = List.copyOf(spans);
    }

    /** Prose. */
    public static Line of(String text) {
        return new Line(List.of(new Span(Span.Kind.PLAIN, text, "")));
    }

    /** As a machine writes it. */
    public static Line code(String text) {
        return new Line(List.of(new Span(Span.Kind.CODE, text, "")));
    }

    /** No text yet, to be added to. */
    public static Line empty() {
        return new Line(List.of());
    }

    /** With more text of a kind at its end. */
    public Line and(Span.Kind kind, String text) {
        return and(new Span(kind, text, ""));
    }

    /** With prose at its end. */
    public Line and(String text) {
        return and(Span.Kind.PLAIN, text);
    }

    /** With a link at its end. */
    public Line link(String text, String target) {
        return and(new Span(Span.Kind.LINK, text, target));
    }

    private Line and(Span span) {
        List<Span> all = new ArrayList<>(spans);
        all.add(span);
        return new Line(all);
    }
}
