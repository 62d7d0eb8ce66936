package org.iorewind.cli.debug.dap;

import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.trace.TraceReader;

/** Opens the trace that an editor, or the command line, names. */
public interface TraceOpener {
    /**
     * A trace with what is kept of it, to be closed by whoever asked.
     *
     * @param reader of the trace
     * @param store of its checkpoints under these options
     * @param answers about the whole trace under these options
     * @param options of the replay
     */
    record Opened(TraceReader reader, CheckpointStore store, AnswerCache answers, ReplayOptions options)
            implements AutoCloseable {
        @Override
        public void close() {
            answers.close();
            store.close();
            reader.close();
        }
    }

    /**
     * Opens it.
     *
     * @param trace name that the editor gave, empty if it gave none
     * @param profile to run the model under, empty for the recorded one
     * @throws org.iorewind.cli.UsageException if no trace or no such profile is named
     * @throws org.iorewind.trace.TraceFormatException if it is no trace
     */
    Opened open(String trace, String profile);
}
