package org.iorewind.replay.checkpoint;

import java.util.EnumMap;
import java.util.Map;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.replay.Playback;
import org.iorewind.trace.EventKind;

/**
 * What a replay has counted up to a checkpoint. All of it only grows, so that the checkpoint before a given count is found
 * by halving.
 *
 * @param next how many events were handled: the sequence number of the one that follows
 * @param faults requests refused
 * @param divergences unexplained divergences
 * @param greatestTimeNs latest time of all these events
 * @param kinds events of each kind, those that there were
 */
public record Counts(long next, long faults, long divergences, long greatestTimeNs, Map<EventKind, Long> kinds) {

    static Counts of(Playback playback) {
        Map<EventKind, Long> kinds = new EnumMap<>(EventKind.class);
        for (EventKind kind : EventKind.values()) {
            long count = playback.events(kind);
            if (count > 0) {
                kinds.put(kind, count);
            }
        }
        return new Counts(
                playback.events(), playback.faults(), playback.divergences(), playback.greatestTimeNs(), kinds);
    }

    /** Events of a kind. */
    public long of(EventKind kind) {
        return kinds.getOrDefault(kind, 0L);
    }

    void saveTo(StateSink sink) {
        sink.addLong(next);
        sink.addLong(faults);
        sink.addLong(divergences);
        sink.addLong(greatestTimeNs);
        kinds.forEach((kind, count) -> {
            sink.addLong(kind.templateId());
            sink.addLong(count);
        });
        sink.addLong(StateSink.END);
    }

    static Counts from(StateImage.Reader source) {
        long next = source.next();
        long faults = source.next();
        long divergences = source.next();
        long greatestTimeNs = source.next();
        Map<EventKind, Long> kinds = new EnumMap<>(EventKind.class);
        for (int id = source.nextIndex(1 << 16); id >= 0; id = source.nextIndex(1 << 16)) {
            long count = source.next();
            EventKind kind = EventKind.of(id);
            if (kind != null) {
                kinds.put(kind, count);
            }
        }
        return new Counts(next, faults, divergences, greatestTimeNs, kinds);
    }
}
