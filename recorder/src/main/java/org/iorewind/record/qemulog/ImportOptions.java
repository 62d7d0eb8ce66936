package org.iorewind.record.qemulog;

/**
 * How to read a log.
 *
 * @param profile label of the profile to note in the trace, or empty to choose by the log's shape; a log alone cannot tell
 *     QEMU 7.2 from 10.0
 */
public record ImportOptions(String profile) {
    /** Chooses everything by the log's shape. */
    public static ImportOptions defaults() {
        return new ImportOptions("");
    }
}
