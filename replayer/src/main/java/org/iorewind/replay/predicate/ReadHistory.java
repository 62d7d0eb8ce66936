package org.iorewind.replay.predicate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalLong;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.replay.travel.Stop;
import org.jspecify.annotations.Nullable;

/** Which events of a whole trace read a place. Immutable. */
public final class ReadHistory {
    /** So many reads are kept. */
    public static final int MOST_READS = 1 << 22;

    private static final int FIRST_CAPACITY = 64;
    private static final String QUESTION = "reads of ";

    private final long[] readers;
    private final boolean isWhole;

    private ReadHistory(long[] readers, boolean isWhole) {
        this.readers = readers;
        this.isWhole = isWhole;
    }

    /** Nothing is known. */
    public static ReadHistory none() {
        return new ReadHistory(new long[0], false);
    }

    /** The history if it is kept. */
    public static @Nullable ReadHistory find(String place, AnswerCache cache) {
        byte[] known = cache.find(QUESTION + place);
        if (known == null || known.length % Long.BYTES != 0) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(known).order(ByteOrder.LITTLE_ENDIAN);
        long[] readers = new long[known.length / Long.BYTES];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = bytes.getLong();
        }
        return new ReadHistory(readers, true);
    }

    /**
     * Finds the history, in one replay of the whole trace if it is not kept yet.
     *
     * @param cursor of the trace; stands anywhere, and afterwards somewhere else
     * @param place by which it is kept
     * @param isRead whether an event reads the place
     * @param cache of the same trace and options
     */
    public static ReadHistory of(ReplayCursor cursor, String place, MomentTest isRead, AnswerCache cache) {
        ReadHistory known = find(place, cache);
        if (known != null) {
            return known;
        }
        long[] readers = new long[FIRST_CAPACITY];
        int count = 0;
        cursor.seekStart();
        Stop stop = cursor.runUntil(isRead);
        while (stop == Stop.REACHED && count < MOST_READS) {
            if (count == readers.length) {
                readers = Arrays.copyOf(readers, 2 * count);
            }
            readers[count++] = cursor.sequence();
            stop = cursor.runUntil(isRead);
        }
        ReadHistory found = new ReadHistory(Arrays.copyOf(readers, count), stop == Stop.END);
        if (found.isWhole && cursor.playback().result().ended()) {
            cache.keep(QUESTION + place, found.encode());
        }
        return found;
    }

    private byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(readers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(readers).forEach(bytes::putLong);
        return bytes.array();
    }

    /** Sequence numbers of the events that read it, in order. */
    public long[] readers() {
        return readers.clone();
    }

    /** The first reader behind an event. */
    public OptionalLong next(long sequence) {
        int at = Arrays.binarySearch(readers, sequence + 1);
        int next = at >= 0 ? at : -at - 1;
        return next < readers.length ? OptionalLong.of(readers[next]) : OptionalLong.empty();
    }

    /** Whether it reaches to the end of the trace: not if it was interrupted, or there were too many reads. */
    public boolean isWhole() {
        return isWhole;
    }
}
