package org.iorewind.cli.debug.session;

import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.dump.Fields;
import org.iorewind.replay.Playback;
import org.iorewind.replay.RegisterNames;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.schema.EventTable;

/**
 * Holds for an event that reads a place: the IOMMU memory, software a register. The places are those of {@link Watch}; where a
 * table entry lies is settled when this is made. What a CPU reads of memory is in no recording. Not thread-safe.
 */
public final class ReadWatch implements MomentTest {
    private static final int PAGE_SHIFT = 12;

    /** Something that is read. */
    private interface Place {
        boolean isRead(EventView event, Reads reads);
    }

    private final String text;
    private final Reads reads;
    private final Place place;

    private ReadWatch(String text, Reads reads, Place place) {
        this.text = text;
        this.reads = reads;
        this.place = place;
    }

    /**
     * Reads the words.
     *
     * @param text such as {@code pte 00:03.0 0x1000}
     * @param playback in the state in which the place is looked up
     * @param reads of the cursor that will ask
     * @throws IllegalArgumentException if they are something else
     * @throws DebugException if the place is nowhere now
     */
    public static ReadWatch parse(String text, Playback playback, Reads reads) {
        Watch watch = Watch.parse(text);
        WordList words = WordList.of(text);
        int number = words.takeIommu(playback.machine());
        switch (words.next("a place")) {
            case "register" -> {
                String name = words.next("the name or offset of a register");
                int offset = Character.isDigit(name.charAt(0))
                        ? (int) WordList.number(name) & -Long.BYTES
                        : RegisterNames.offset(name).orElseThrow();
                return new ReadWatch(
                        "iommu " + number + " register " + Notation.hex(offset),
                        reads,
                        (event, seen) -> isRegisterRead(event, number, offset));
            }
            case "iotlb" -> {
                int requester = words.nextDevice();
                long page = words.nextNumber("an address") >>> PAGE_SHIFT;
                return new ReadWatch(
                        "iommu " + number + " iotlb " + EventTable.bdf(requester) + " "
                                + Notation.hex(page << PAGE_SHIFT),
                        reads,
                        (event, seen) -> seen.isCacheHit(number, requester, page));
            }
            default -> {
                long address = watch.address(playback);
                if (address < 0) {
                    throw new DebugException("expected a place that is in memory now, found none: " + text
                            + "; go to an event at which its table is there");
                }
                return new ReadWatch(
                        "memory " + Notation.hex(address), reads, (event, seen) -> seen.touched(address, Long.BYTES));
            }
        }
    }

    private static boolean isRegisterRead(EventView event, int number, int offset) {
        if (event.kind() != EventKind.MMIO_READ || Math.max(0, event.iommu()) != number) {
            return false;
        }
        Fields fields = new Fields().of(event);
        return fields.text("space").equals("HOST") && (fields.raw("registerOffset") & -Long.BYTES) == offset;
    }

    @Override
    public boolean holds(EventView event, Playback playback, Effects effects) {
        return place.isRead(event, reads);
    }

    /** What is read, where it lies: the same for all that ask for the same. */
    @Override
    public String toString() {
        return text;
    }
}
