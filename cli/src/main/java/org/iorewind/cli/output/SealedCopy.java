package org.iorewind.cli.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.archive.Sealer;

/** Seals a trace into an archive that appears whole or not at all, also when it replaces another. */
public final class SealedCopy {
    private SealedCopy() {}

    /**
     * Makes the archive.
     *
     * @param trace what to seal; stays open
     * @param target the archive
     * @param force whether a file of that name may be replaced
     * @param progress told now and then, in events
     * @return number of events
     * @throws org.iorewind.cli.UsageException if it exists and may not be replaced
     * @throws org.iorewind.trace.TraceStoreException if it cannot be written
     */
    public static long make(TraceReader trace, Path target, boolean force, Progress progress) {
        OutputFile.refuseExisting(target, force);
        Path work = target.resolveSibling(target.getFileName() + ".unfinished");
        Path stage = OutputFile.partial(work);
        Unfinished.begin(work);
        Unfinished.begin(stage);
        try {
            Unfinished.delete(work);
            long events = Sealer.seal(trace, work, progress);
            Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
            return events;
        } catch (IOException e) {
            throw OutputFile.unwritable(target, e);
        } finally {
            Unfinished.end(stage);
            discard(work);
        }
    }

    private static void discard(Path work) {
        try {
            Unfinished.delete(work);
            Unfinished.end(work);
        } catch (IOException ignored) {
            // stays listed, so that the end of the process tries again
        }
    }
}
