package org.iorewind.replay.predicate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.replay.travel.Stop;
import org.jspecify.annotations.Nullable;

/**
 * What a place held from when to when, over a whole trace.
 *
 * <pre>
 *   -1 ─── nothing ─── 811 ─── 0x40000000 ─── 1200 ─── nothing ─── end
 * </pre>
 */
public final class PlaceHistory {
    /** So many changes are kept. */
    public static final int MOST_CHANGES = 1 << 20;

    private static final int RECORD_LONGS = 1 + Watch.QUADWORDS;

    private final List<Interval> intervals = new ArrayList<>();
    private final boolean isWhole;

    /**
     * A time in which a place held the same.
     *
     * @param first event behind which it held it; -1 from the start
     * @param last event behind which it held it still, {@link Long#MAX_VALUE} to the end
     * @param value what it held, in numbers of {@link Watch}
     */
    public record Interval(long first, long last, long[] value) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Interval interval
                    && interval.first == first
                    && interval.last == last
                    && Arrays.equals(interval.value, value);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(first) * 31 + Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return first + " to " + last + ": " + Arrays.toString(value);
        }
    }

    private PlaceHistory(List<long[]> records, boolean isWhole) {
        this.isWhole = isWhole;
        for (int i = 0; i < records.size(); i++) {
            long[] record = records.get(i);
            long last = i + 1 < records.size() ? records.get(i + 1)[0] - 1 : Long.MAX_VALUE;
            intervals.add(new Interval(record[0], last, Arrays.copyOfRange(record, 1, RECORD_LONGS)));
        }
    }

    /** Nothing is known. */
    public static PlaceHistory none() {
        return new PlaceHistory(List.of(), false);
    }

    /** The history if it is kept. */
    public static @Nullable PlaceHistory find(Watch watch, AnswerCache cache) {
        byte[] known = cache.find(watch.toString());
        List<long[]> records = known == null ? null : decode(known);
        return records == null ? null : new PlaceHistory(records, true);
    }

    /**
     * Finds the history, in one replay of the whole trace if it is not known yet.
     *
     * @param cursor of the trace; stands anywhere, and afterwards somewhere else
     * @param cache of the same trace and options
     */
    public static PlaceHistory of(ReplayCursor cursor, Watch watch, AnswerCache cache) {
        PlaceHistory known = find(watch, cache);
        if (known != null) {
            return known;
        }
        List<long[]> records = new ArrayList<>();
        cursor.seekStart();
        watch.begin(cursor.playback());
        records.add(at(-1, watch));
        Stop stop = cursor.runUntil(watch);
        while (stop == Stop.REACHED && records.size() <= MOST_CHANGES) {
            records.add(at(cursor.sequence(), watch));
            stop = cursor.runUntil(watch);
        }
        boolean isWhole = stop == Stop.END;
        if (isWhole && cursor.playback().result().ended()) {
            cache.keep(watch.toString(), encode(records));
        }
        return new PlaceHistory(records, isWhole);
    }

    private static long[] at(long sequence, Watch watch) {
        long[] record = new long[RECORD_LONGS];
        record[0] = sequence;
        System.arraycopy(watch.value(), 0, record, 1, Watch.QUADWORDS);
        return record;
    }

    private static byte[] encode(List<long[]> records) {
        ByteBuffer bytes =
                ByteBuffer.allocate(records.size() * RECORD_LONGS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        records.forEach(record -> Arrays.stream(record).forEach(bytes::putLong));
        return bytes.array();
    }

    private static @Nullable List<long[]> decode(byte[] stored) {
        if (stored.length == 0 || stored.length % (RECORD_LONGS * Long.BYTES) != 0) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        List<long[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            long[] record = new long[RECORD_LONGS];
            for (int i = 0; i < RECORD_LONGS; i++) {
                record[i] = bytes.getLong();
            }
            records.add(record);
        }
        return records;
    }

    /** All intervals, one behind the other, from before the first event to the end. */
    public List<Interval> intervals() {
        return List.copyOf(intervals);
    }

    /** The place in {@link #intervals} of what it held behind an event, -1 for before the first. */
    public int at(long sequence) {
        int from = 0;
        int to = intervals.size() - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (intervals.get(middle).first() <= sequence) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return from;
    }

    /** Whether it reaches to the end of the trace: not if it was interrupted, or there were too many changes. */
    public boolean isWhole() {
        return isWhole;
    }
}
