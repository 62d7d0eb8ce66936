package org.iorewind.replay.predicate;

import java.util.Arrays;
import org.iorewind.replay.Playback;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;

/**
 * A place whose changes are looked for, in either direction. Written as words:
 *
 * <pre>
 *   register CONTROL          a register of the host, by name or offset
 *   dte 00:03.0               a device table entry in memory
 *   pte 00:03.0 0x1000        what the tables in memory say of an address
 *   irte 00:03.0 5            an entry of the device's interrupt table in memory
 *   iotlb 00:03.0 0x1000      whether a translation is cached
 *   memory 0x1000             a quadword; mem for short
 *   guest 3 0x2000            a register of a guest's VF page, by its offset as of the host's
 *   iommu 1 dte 00:03.0       any of them at another IOMMU than 0
 * </pre>
 *
 * <p>It holds for an event that leaves another value than was there before. Not thread-safe.
 */
public final class Watch implements MomentTest {
    /** How many numbers a value has. */
    public static final int QUADWORDS = WatchedPlace.QUADWORDS;

    private final String text;
    private final WatchedPlace place;
    private long[] value = new long[QUADWORDS];
    private long[] old = new long[QUADWORDS];
    private long[] now = new long[QUADWORDS];

    private Watch(String text, WatchedPlace place) {
        this.text = text;
        this.place = place;
    }

    /**
     * Reads the words.
     *
     * @throws IllegalArgumentException if they are something else; the message says what was expected
     */
    public static Watch parse(String text) {
        return new Watch(text.strip(), WatchedPlace.parse(text));
    }

    @Override
    public void begin(Playback playback) {
        place.reader().read(playback.machine(), value);
    }

    @Override
    public boolean holds(EventView event, Playback playback, Effects effects) {
        EventKind kind = event.kind();
        if (kind == null || kind.eventClass() != EventClass.INPUT) {
            return false;
        }
        place.reader().read(playback.machine(), now);
        if (Arrays.equals(now, value)) {
            return false;
        }
        long[] before = old;
        old = value;
        value = now;
        now = before;
        return true;
    }

    /** What was there before the last change. */
    public String before() {
        return place.meaning().of(old);
    }

    /** What is there now. */
    public String after() {
        return place.meaning().of(value);
    }

    /** What is there now, in numbers. */
    public long[] value() {
        return value.clone();
    }

    /**
     * What numbers of this place mean.
     *
     * @param numbers {@link #QUADWORDS} of them, as of {@link #value}
     */
    public String meaning(long[] numbers) {
        return place.meaning().of(numbers);
    }

    /**
     * Looks at where the place lies in memory at this moment, so that it can be told who reads it.
     *
     * @return address of the quadword, as the machine has it; -1 if it is not in memory
     */
    public long address(Playback playback) {
        return place.locator().address(playback.machine());
    }

    @Override
    public String toString() {
        return text;
    }
}
