package org.iorewind.analyze.document;

/**
 * A stretch of text in one kind.
 *
 * @param kind how it is meant
 * @param text plain text, of anybody
 * @param target id of the place in the document that a link leads to; empty for other kinds. Never of a trace
 */
public record Span(Kind kind, String text, String target) {
    /** How a stretch of text is meant. */
    public enum Kind {
        /** Prose. */
        PLAIN,
        /** An address, name or number as a machine writes it. */
        CODE,
        /** To be seen first. */
        STRONG,
        /** Leads to another place of the document. */
        LINK
    }
}
