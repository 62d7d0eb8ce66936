package org.iorewind.cli.bisect;

/**
 * A change of what is watched.
 *
 * @param sequence of the event that made it
 * @param timeNs of the event
 * @param kind name of its kind
 * @param line as {@code dump} prints it
 * @param before what was there
 * @param after what is there
 */
public record Change(long sequence, long timeNs, String kind, String line, String before, String after) {}
