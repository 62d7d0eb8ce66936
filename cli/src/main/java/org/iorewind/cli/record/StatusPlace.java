package org.iorewind.cli.record;

/** Where the status of a recording is shown. */
public enum StatusPlace {
    /** A line on standard error that is redrawn. */
    LINE,
    /** The title of the terminal's window. */
    TITLE,
    /** Nowhere. */
    OFF
}
