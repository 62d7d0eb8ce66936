package org.iorewind.cli.debug.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.predicate.PlaceHistory;
import org.iorewind.replay.predicate.ReadHistory;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.Stop;
import org.jspecify.annotations.Nullable;

/**
 * What places held from when to when, and who read them, over the whole trace: made when somebody asks for it, then kept for this
 * session and in {@code TRACE.history} for others. Who asks afterwards who wrote or reads a place is answered from it, without a
 * replay. Not thread-safe.
 */
public final class Histories {
    /** So many are held in memory. */
    private static final int MOST = 64;

    private final DebugSession session;
    private final AnswerCache cache;
    private final Map<String, PlaceHistory> places = bounded();
    private final Map<String, ReadHistory> reads = bounded();

    Histories(DebugSession session, AnswerCache cache) {
        this.session = session;
        this.cache = cache;
    }

    private static <T> Map<String, T> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > MOST;
            }
        };
    }

    /** The history of a place, if it was made before and reaches to the end; else null. */
    public @Nullable PlaceHistory find(Watch watch) {
        PlaceHistory held = places.get(watch.toString());
        if (held == null) {
            held = PlaceHistory.find(watch, cache);
            if (held != null) {
                places.put(watch.toString(), held);
            }
        }
        return held;
    }

    /** The history of a place, made if need be; not whole if it is interrupted, or there are too many changes. */
    public PlaceHistory of(Watch watch) {
        PlaceHistory held = find(watch);
        if (held != null) {
            return held;
        }
        PlaceHistory[] made = new PlaceHistory[1];
        Scout scout = session.scout();
        session.move(scout.cursor(), () -> {
            made[0] = PlaceHistory.of(scout.cursor(), watch, cache);
            return Stop.REACHED;
        });
        PlaceHistory history = made[0] == null ? PlaceHistory.none() : made[0];
        if (history.isWhole()) {
            places.put(watch.toString(), history);
        }
        return history;
    }

    /** Who reads a place, if it was found out before and reaches to the end; else null. */
    public @Nullable ReadHistory find(ReadWatch watch) {
        ReadHistory held = reads.get(watch.toString());
        if (held == null) {
            held = ReadHistory.find(watch.toString(), cache);
            if (held != null) {
                reads.put(watch.toString(), held);
            }
        }
        return held;
    }

    /**
     * Who reads a place, found out if need be; not whole if it is interrupted, or there are too many.
     *
     * @param watch asks the reads of the scout
     */
    public ReadHistory of(ReadWatch watch) {
        ReadHistory held = find(watch);
        if (held != null) {
            return held;
        }
        ReadHistory[] made = new ReadHistory[1];
        Scout scout = session.scout();
        session.move(scout.cursor(), () -> {
            made[0] = ReadHistory.of(scout.cursor(), watch.toString(), watch, cache);
            return Stop.REACHED;
        });
        ReadHistory history = made[0] == null ? ReadHistory.none() : made[0];
        if (history.isWhole()) {
            reads.put(watch.toString(), history);
        }
        return history;
    }
}
