package org.iorewind.record.live;

import java.nio.file.Path;

/**
 * How a recording is run.
 *
 * @param detachOnStop asked to end, it leaves QEMU running
 * @param outputToError QEMU's standard output goes to standard error, so that this process has its own for itself
 * @param traceDisk a path on the disk of the trace, to tell how much is left
 */
public record LiveOptions(boolean detachOnStop, boolean outputToError, Path traceDisk) {}
