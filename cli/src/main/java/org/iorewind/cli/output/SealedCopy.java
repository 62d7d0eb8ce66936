package org.iorewind.cli.output;

import java.io.IOException;
import java.nio.file.Path;
import org.iorewind.replay.checkpoint.CheckpointedSealer;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.archive.Sealer;

/** Seals a trace into an archive that appears whole or not at all, also when it replaces another. */
public final class SealedCopy {
    private SealedCopy() {}

    /**
     * Makes the archive.
     *
     * @param trace what to seal; stays open
     * @param target the archive
     * @param force whether a regular file of that name may be replaced
     * @param checkpoints whether the archive gets checkpoints
     * @param progress told now and then, in events
     * @return number of events
     * @throws org.iorewind.cli.UsageException if it exists and may not be replaced
     * @throws TraceStoreException if it cannot be written, or another process is making it
     */
    public static long make(TraceReader trace, Path target, boolean force, boolean checkpoints, Progress progress) {
        try (Stage stage = Stage.hold(Destination.file(target, force))) {
            // Another process may have finished it since.
            Destination.file(target, force);
            try {
                long events = checkpoints
                        ? CheckpointedSealer.seal(trace, stage.content(), CheckpointedSealer.EVENTS, progress)
                        : Sealer.seal(trace, stage.content(), progress);
                stage.publish();
                return events;
            } catch (TraceStoreException e) {
                throw stage.named(e);
            }
        } catch (IOException e) {
            throw OutputFile.unwritable(target, e);
        }
    }
}
