package org.iorewind.analyze.document;

/** How serious something is: decides its colour where there are colours. */
public enum Tone {
    /** Says nothing about good or bad. */
    PLAIN(""),
    /** All well. */
    GOOD("good"),
    /** Strange, and worth a look. */
    ODD("odd"),
    /** Broken. */
    BAD("bad");

    private final String style;

    Tone(String style) {
        this.style = style;
    }

    /** Name of its class in a style sheet; empty for {@link #PLAIN}. */
    String style() {
        return style;
    }
}
