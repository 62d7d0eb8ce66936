package org.iorewind.model.platform.driver;

/**
 * An entry of a log as software finds it.
 *
 * @param quadword0 code, IDs and flags: see {@link EventRecord} and {@link PageRequestRecord}
 * @param quadword1 address
 */
public record LogEntry(long quadword0, long quadword1) {}
