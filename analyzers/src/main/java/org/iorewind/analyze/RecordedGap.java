package org.iorewind.analyze;

/**
 * A place of a recording at which events are missing.
 *
 * @param sequence of the {@code Gap} event
 * @param timeNs of it, ns since the session's start
 * @param lost how many events at least, -1 if the source does not know
 * @param reason name of the reason
 * @param note what the source says of it; of anybody
 */
public record RecordedGap(long sequence, long timeNs, long lost, String reason, String note) {}
