package org.iorewind.cli.command;

import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.trace.TraceReader;
import picocli.CommandLine.Option;

/** Where checkpoints are kept. */
final class CacheOption {
    @Option(
            names = "--no-cache",
            description = "Do not use or make the cache TRACE.checkpoints beside the trace, nor checkpoints inside an"
                    + " archive.")
    private boolean without;

    /** The checkpoints of a trace, to be closed before it. */
    CheckpointStore open(TraceReader trace, ReplayOptions options) {
        return without
                ? CheckpointStore.inMemory(CheckpointStore.USUAL_MEMORY_BYTES)
                : CheckpointStore.of(trace, options);
    }

    /** The answers about a trace that are kept, to be closed before it. */
    AnswerCache answers(TraceReader trace, ReplayOptions options) {
        return without ? AnswerCache.none() : AnswerCache.of(trace, options);
    }
}
