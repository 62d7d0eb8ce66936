package org.iorewind.cli.debug.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.iorewind.analyze.AddressStory;
import org.iorewind.analyze.UsedEntry;
import org.iorewind.cli.bisect.Change;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.predicate.PlaceHistory;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.replay.travel.Stop;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/** Looks elsewhere in the trace, while the user stays where he stands. Stops when the session is interrupted. */
public final class Scout implements AutoCloseable {
    private final DebugSession session;
    private final TraceReader trace;
    private final ReplayCursor cursor;
    private final EffectNotes notes = new EffectNotes();
    private final Reads reads = new Reads();
    private final Invalidations invalidations = new Invalidations();
    private final UsedEntry usedEntry = new UsedEntry();
    private final Follower follower = new Follower();
    private final DumpLine words = new DumpLine();

    Scout(DebugSession session, TraceReader trace, ReplayOptions options, CheckpointStore store) {
        this.session = session;
        this.trace = trace;
        cursor = ReplayCursor.open(
                trace,
                options,
                store,
                Spacing.forSeekTime(Spacing.USUAL_TARGET_NS),
                notes,
                reads,
                invalidations,
                usedEntry,
                follower);
    }

    /** The cursor, to be read; the methods here move it. */
    public ReplayCursor cursor() {
        return cursor;
    }

    /** What the scout's event made the IOMMU read. */
    public Reads reads() {
        return reads;
    }

    /** The device table entry that the scout's event used. */
    public UsedEntry usedEntry() {
        return usedEntry;
    }

    /**
     * Replays from the start to an event: what an address meant at a moment is told by all that came before.
     *
     * @param story hears it
     * @param sequence of the event
     * @return false if somebody interrupts
     */
    public boolean follow(AddressStory story, long sequence) {
        if (!seek(-1)) {
            return false;
        }
        follower.begin(story.listener(), cursor.machine());
        try {
            return runUntil((event, playback, effects) -> event.sequence() >= sequence);
        } finally {
            follower.end();
        }
    }

    /** Goes to an event, -1 for the start; false if there is none, or somebody interrupts. */
    public boolean seek(long sequence) {
        return session.move(cursor, () -> cursor.seek(sequence)) == Stop.REACHED;
    }

    /** Runs on; false if nothing is found. */
    public boolean runUntil(MomentTest test) {
        return session.move(cursor, () -> cursor.runUntil(test)) == Stop.REACHED;
    }

    /** Runs back; false if nothing is found. */
    public boolean runBackUntil(MomentTest test) {
        return session.move(cursor, () -> cursor.runBackUntil(test)) == Stop.REACHED;
    }

    /** The first command behind the scout's event that invalidates an address of a domain; false if there is none. */
    public boolean findInvalidation(int domain, long address) {
        invalidations.lookFor(domain, address);
        return runUntil(invalidations);
    }

    /** All that the model did because of an event, in order and in words. */
    public List<String> effectsOf(long sequence) {
        if (sequence < 0 || !seek(sequence - 1)) {
            return List.of();
        }
        notes.begin();
        seek(sequence);
        return notes.end();
    }

    /**
     * The last change of each place up to an event, that one included.
     *
     * @param sequence of the event
     * @param places to look at
     * @return for each place its last change, or null if it was never changed or the search was interrupted
     */
    public List<@Nullable Change> lastChanges(long sequence, List<Watch> places) {
        List<@Nullable Change> changes = new ArrayList<>();
        Pending pending = new Pending(places);
        for (int i = 0; i < places.size(); i++) {
            PlaceHistory history = session.histories().find(places.get(i));
            changes.add(history == null ? null : change(places.get(i), history, sequence));
            if (history != null) {
                pending.done(i);
            }
        }
        if (pending.isEmpty() || !seek(sequence)) {
            return changes;
        }
        take(pending, changes);
        while (!pending.isEmpty() && runBackUntil(pending)) {
            take(pending, changes);
        }
        return changes;
    }

    /** Which places the scout's event changed is seen by meeting it once more. */
    private void take(Pending pending, List<@Nullable Change> changes) {
        if (cursor.sequence() < 0) {
            return;
        }
        cursor.stepBack();
        pending.begin(cursor.playback());
        cursor.step();
        pending.holds(cursor.event(), cursor.playback(), cursor.effects());
        for (int i = 0; i < changes.size(); i++) {
            Watch changed = pending.changed(i);
            if (changed != null) {
                changes.set(i, change(changed));
                pending.done(i);
            }
        }
    }

    private Change change(Watch watch) {
        return change(cursor.event(), watch.before(), watch.after());
    }

    private Change change(EventView event, String before, String after) {
        return new Change(event.sequence(), event.timeNs(), DumpLine.kind(event), words.of(event), before, after);
    }

    /** The same from what is known of the whole trace: no replay is needed. */
    private @Nullable Change change(Watch place, PlaceHistory history, long sequence) {
        int at = history.at(sequence);
        if (at == 0) {
            return null;
        }
        PlaceHistory.Interval now = history.intervals().get(at);
        PlaceHistory.Interval before = history.intervals().get(at - 1);
        return at(now.first(), event -> change(event, place.meaning(before.value()), place.meaning(now.value())));
    }

    /** An event in words, looked up without a replay. */
    public String line(long sequence) {
        return at(sequence, words::of);
    }

    private <T> T at(long sequence, Function<EventView, T> use) {
        try (EventCursor events = trace.cursor()) {
            events.seek(sequence);
            if (!events.next()) {
                throw new IllegalStateException("a history of another trace: sequence=" + sequence);
            }
            return use.apply(events.event());
        }
    }

    @Override
    public void close() {
        cursor.close();
    }

    /** Several places, each until it was met. */
    private static final class Pending implements MomentTest {
        private final List<@Nullable Watch> places;
        private final boolean[] isChanged;

        Pending(List<Watch> places) {
            this.places = new ArrayList<>(places);
            isChanged = new boolean[places.size()];
        }

        boolean isEmpty() {
            return places.stream().allMatch(place -> place == null);
        }

        @Nullable
        Watch changed(int index) {
            return isChanged[index] ? places.get(index) : null;
        }

        void done(int index) {
            places.set(index, null);
            isChanged[index] = false;
        }

        @Override
        public void begin(Playback playback) {
            for (Watch place : places) {
                if (place != null) {
                    place.begin(playback);
                }
            }
        }

        @Override
        public boolean holds(EventView event, Playback playback, Effects effects) {
            boolean isAny = false;
            for (int i = 0; i < isChanged.length; i++) {
                Watch place = places.get(i);
                isChanged[i] = place != null && place.holds(event, playback, effects);
                isAny |= isChanged[i];
            }
            return isAny;
        }
    }
}
