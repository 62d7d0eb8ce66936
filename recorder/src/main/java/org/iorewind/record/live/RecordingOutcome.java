package org.iorewind.record.live;

import org.iorewind.record.ImportResult;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.sbe.EndReason;
import org.jspecify.annotations.Nullable;

/**
 * How a recording ended.
 *
 * @param result what was recorded
 * @param status at the end
 * @param reason why it ended
 * @param note the same in words
 * @param exitCode of QEMU, 128 and more for a signal; -1 if it runs on
 * @param killed QEMU was killed by a signal that the recorder did not send
 * @param unrecordedLines that came after the trace had ended early
 * @param failure why the trace ended early; null if it did not
 */
public record RecordingOutcome(
        ImportResult result,
        RecordingStatus status,
        EndReason reason,
        String note,
        int exitCode,
        boolean killed,
        long unrecordedLines,
        @Nullable TraceStoreException failure) {}
