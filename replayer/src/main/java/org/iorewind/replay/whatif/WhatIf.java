package org.iorewind.replay.whatif;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.predicate.CommandFilter;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;

/**
 * A replay of what was not recorded: its divergences are the differences that it would have made. Observations of a dropped
 * input are dropped with it. One use; not thread-safe.
 */
public final class WhatIf {
    private static final int PROGRESS_EVENTS = 1 << 14;

    private final TraceReader trace;
    private final ReplayOptions options;
    private final List<EventFilter> droppedEvents = new ArrayList<>();
    private final List<CommandFilter> droppedCommands = new ArrayList<>();
    private final List<Injection> injections;

    /**
     * What came of it.
     *
     * @param replay the replay; its divergences are the differences from the recording
     * @param droppedEvents inputs left out
     * @param droppedCommands commands that did nothing
     * @param injected inputs added
     */
    public record Result(ReplayResult replay, long droppedEvents, long droppedCommands, long injected) {}

    /**
     * A question.
     *
     * @param trace to replay; stays open
     * @param options of the replay, those of the model among them
     * @param drops predicates over inputs, or over commands where they speak of {@code command.}
     * @param injections inputs that never were, in any order
     * @throws org.iorewind.replay.predicate.FilterException if a predicate is not valid
     */
    public WhatIf(TraceReader trace, ReplayOptions options, List<String> drops, List<Injection> injections) {
        this.trace = trace;
        this.options = options;
        for (String drop : drops) {
            if (CommandFilter.isMeant(drop)) {
                droppedCommands.add(CommandFilter.compile(drop));
            } else {
                droppedEvents.add(EventFilter.compile(drop));
            }
        }
        this.injections = new ArrayList<>(injections);
        this.injections.sort(Comparator.comparingLong(Injection::before));
    }

    /**
     * Replays.
     *
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public Result run() {
        Playback playback = Playback.start(trace.session(), trace.path().toString(), options);
        BlankedCommands commands = new BlankedCommands(droppedCommands);
        int injected = 0;
        long dropped = 0;
        long blanked = 0;
        boolean isDropping = false;
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                EventView event = cursor.event();
                while (injected < injections.size() && injections.get(injected).before() <= event.sequence()) {
                    playback.handle(injections.get(injected++).event());
                    // What nobody recorded has no observation to be compared with.
                    playback.forgetPredictions();
                }
                EventKind kind = event.kind();
                if (kind != null && kind.eventClass() == EventClass.INPUT) {
                    isDropping = kind != EventKind.SESSION_START
                            && droppedEvents.stream().anyMatch(filter -> filter.test(event));
                    dropped += isDropping ? 1 : 0;
                }
                boolean isOfDropped =
                        isDropping && kind != null && kind.eventClass() != EventClass.MARKER && kind != EventKind.GAP;
                if (!isOfDropped) {
                    blanked += commands.before(event, playback.machine());
                    playback.handle(event);
                    commands.after(playback);
                }
                if (event.sequence() % PROGRESS_EVENTS == 0) {
                    options.progress().at(event.sequence(), -1);
                }
            }
        }
        playback.settle();
        return new Result(playback.result(), dropped, blanked, injected);
    }
}
