package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.iorewind.replay.Playback;
import org.iorewind.replay.Replay;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;

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
        List<List<ReplayListener>> parts = parts(threads, groups);
        List<CompletableFuture<Playback>> others = new ArrayList<>();
        for (List<ReplayListener> part : parts.subList(1, parts.size())) {
            others.add(CompletableFuture.supplyAsync(
                    () -> replay(options.withProgress(Progress.NONE), part), GroupedReplay::begin));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(others.toArray(new CompletableFuture<?>[0]));
        try {
            Playback result = replay(options, parts.get(0));
            all.join();
            return result;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            if (e.getCause() instanceof Error reason) {
                throw reason;
            }
            throw e;
        } finally {
            // Nobody goes on reading when the caller has the result, or the reason why there is none.
            all.exceptionally(e -> null).join();
        }
    }

    private static void begin(Runnable replay) {
        Thread thread = new Thread(replay, "iorewind-analysis");
        thread.setDaemon(true);
        thread.start();
    }

    private static List<List<ReplayListener>> parts(int threads, List<List<ReplayListener>> groups) {
        List<List<ReplayListener>> parts = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            if (i < threads) {
                parts.add(new ArrayList<>());
            }
            parts.get(i % parts.size()).addAll(groups.get(i));
        }
        return parts;
    }

    private Playback replay(ReplayOptions with, List<ReplayListener> listeners) {
        return Replay.play(trace, with, listeners.toArray(new ReplayListener[0]));
    }
}
