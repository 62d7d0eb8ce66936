package org.iorewind.replay.checkpoint;

import java.nio.file.Path;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.archive.ArchiveWriter;
import org.jspecify.annotations.Nullable;

/** Makes an archive of a trace with checkpoints inside, which whoever gets it can begin from. */
public final class CheckpointedSealer {
    /** Events between two checkpoints: fixed, so that the same events give the same bytes. */
    public static final long EVENTS = 1 << 18;

    private static final int FULL_EVERY = 16;
    private static final int PROGRESS_PERIOD = 1 << 16;

    private CheckpointedSealer() {}

    /**
     * Writes all events of a trace into a new archive, and the state before some of them.
     *
     * @param trace what to seal; stays open
     * @param out the archive to make; must not exist
     * @param every so many events a checkpoint
     * @param progress told now and then, in events
     * @return number of events
     * @throws org.iorewind.trace.TraceFormatException if the trace is damaged; no archive is left then
     * @throws org.iorewind.trace.TraceStoreException if the archive cannot be written; no archive is left then
     */
    public static long seal(TraceReader trace, Path out, long every, Progress progress) {
        ReplayOptions options = ReplayOptions.defaults();
        CheckpointKey key = CheckpointKey.of(trace.session(), options);
        ReplayOptions unlisted =
                new ReplayOptions(options.profile(), options.divergenceLimit(), 0, options.model(), Progress.NONE);
        Playback playback = Playback.start(trace.session(), trace.path().toString(), unlisted);
        ArchiveWriter writer = ArchiveWriter.create(out);
        @Nullable Checkpoint before = null;
        long taken = 0;
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                EventView event = cursor.event();
                writer.append(event.buffer(), event.offset(), event.frameLength());
                playback.handle(event);
                if (playback.events() % every == 0) {
                    Checkpoint checkpoint = Checkpoint.take(playback);
                    byte[] bytes = CheckpointCodec.encode(checkpoint, taken++ % FULL_EVERY == 0 ? null : before);
                    writer.checkpoint(key.modelVersion(), key.optionsHash(), bytes);
                    before = checkpoint;
                }
                if (playback.events() % PROGRESS_PERIOD == 0) {
                    progress.at(playback.events(), -1);
                }
            }
            writer.close();
        } finally {
            // After a close in order this does nothing.
            writer.abort();
        }
        return playback.events();
    }
}
