package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.iorewind.replay.Playback;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * A replay that groups of listeners follow. Each thread replays the whole trace for some of the groups, so that every listener
 * hears what it would hear if there were one thread; the replay itself, which is done again, is the smaller part of the work.
 *
 * <pre>
 *            ┌─▶ replay ─▶ rules
 *   trace ───┤
 *            └─▶ replay ─▶ faults, traffic, costs, events over time
 * </pre>
 */
final class GroupedReplay {
    private final TraceReader trace;
    private final ReplayOptions options;

    GroupedReplay(TraceReader trace, ReplayOptions options) {
        this.trace = trace;
        this.options = options;
    }

    /**
     * Replays.
     *
     * @param threads at most so many at once, from 1
     * @param groups of listeners; those of one group share what they know, those of different ones share nothing
     * @return a replay behind the last event; all of them have come to the same
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    Playback run(int threads, List<List<ReplayListener>> groups) {
        int parts = Math.max(1, Math.min(threads, groups.size()));
        List<FutureTask<Playback>> others = new ArrayList<>();
        for (int i = 1; i < parts; i++) {
            List<ReplayListener> followers = part(i, parts, groups);
            FutureTask<Playback> task = new FutureTask<>(() -> replay(options.withProgress(Progress.NONE), followers));
            others.add(task);
            Thread thread = new Thread(task, "iorewind-analysis-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        Playback result;
        try {
            result = replay(options, part(0, parts, groups));
        } catch (RuntimeException | Error e) {
            // What stops one stops the others at the same event: nobody goes on when the caller has the reason.
            others.forEach(GroupedReplay::ended);
            throw e;
        }
        for (FutureTask<Playback> other : others) {
            Throwable reason = ended(other);
            if (reason instanceof Error error) {
                throw error;
            }
            if (reason instanceof RuntimeException exception) {
                throw exception;
            }
        }
        return result;
    }

    /** Waits for a replay, and returns why it failed, if it did. */
    private static @Nullable Throwable ended(FutureTask<Playback> task) {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return null;
                } catch (InterruptedException e) {
                    isInterrupted = true;
                } catch (ExecutionException e) {
                    return e.getCause();
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<ReplayListener> part(int part, int parts, List<List<ReplayListener>> groups) {
        List<ReplayListener> all = new ArrayList<>();
        for (int i = part; i < groups.size(); i += parts) {
            all.addAll(groups.get(i));
        }
        return all;
    }

    private Playback replay(ReplayOptions with, List<ReplayListener> listeners) {
        return Replay.play(trace, with, listeners.toArray(new ReplayListener[0]));
    }
}
