package org.iorewind.cli.debug.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.iorewind.replay.Playback;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventView;

/** All that stops a run, asked together. Not thread-safe. */
public final class Breakpoints implements MomentTest {
    private final NavigableMap<Integer, Breakpoint> all = new TreeMap<>();
    private final List<Breakpoint> hits = new ArrayList<>();
    private int last;

    Breakpoints() {}

    /** Adds one, which is given its number. */
    public Breakpoint add(IntFunction<Breakpoint> maker) {
        Breakpoint made = maker.apply(++last);
        all.put(made.number(), made);
        return made;
    }

    /** Removes one; false if there is none of that number. */
    public boolean remove(int number) {
        return all.remove(number) != null;
    }

    /** Removes those that are not wanted. */
    public void removeAll() {
        all.clear();
    }

    /** All, by number. */
    public Collection<Breakpoint> all() {
        return all.values();
    }

    /** Those that stopped the last run, by number. */
    public List<Breakpoint> hits() {
        return List.copyOf(hits);
    }

    void forgetHits() {
        hits.clear();
    }

    @Override
    public void begin(Playback playback) {
        hits.clear();
        for (Breakpoint each : all.values()) {
            each.test().begin(playback);
        }
    }

    /** Asks every one, since watches must see each event. */
    @Override
    public boolean holds(EventView event, Playback playback, Effects effects) {
        hits.clear();
        for (Breakpoint each : all.values()) {
            if (each.test().holds(event, playback, effects)) {
                hits.add(each);
            }
        }
        return !hits.isEmpty();
    }
}
