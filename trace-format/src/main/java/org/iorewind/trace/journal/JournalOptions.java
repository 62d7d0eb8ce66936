package org.iorewind.trace.journal;

/**
 * How a journal is written.
 *
 * @param sync what is done against the death of the kernel and loss of power
 * @param syncIntervalMs longest time between two forced writes while events arrive, 1 to 3,600,000; without meaning for
 *     {@link SyncLevel#NONE}
 * @param watchLevelBytes the recording ends, as if the disk were full, before the file system has less usable space than
 *     this; at least 0
 */
public record JournalOptions(SyncLevel sync, int syncIntervalMs, long watchLevelBytes) {
    private static final int LONGEST_INTERVAL_MS = 3_600_000;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public JournalOptions {
        if (syncIntervalMs < 1 || syncIntervalMs > LONGEST_INTERVAL_MS || watchLevelBytes < 0) {
            throw new IllegalArgumentException(
                    "out of range: syncIntervalMs=" + syncIntervalMs + " watchLevelBytes=" + watchLevelBytes);
        }
    }

    /** No forced writes; 4 MiB of the disk are left to others. */
    public static JournalOptions defaults() {
        return new JournalOptions(SyncLevel.NONE, 100, 4L << 20);
    }

    /** The same with another level. */
    public JournalOptions sync(SyncLevel level) {
        return new JournalOptions(level, syncIntervalMs, watchLevelBytes);
    }

    /** The same with another interval. */
    public JournalOptions syncIntervalMs(int interval) {
        return new JournalOptions(sync, interval, watchLevelBytes);
    }

    /** The same with another watch level. */
    public JournalOptions watchLevelBytes(long level) {
        return new JournalOptions(sync, syncIntervalMs, level);
    }
}
