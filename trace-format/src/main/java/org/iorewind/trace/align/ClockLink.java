package org.iorewind.trace.align;

/**
 * How the clock of one trace runs by that of another: {@code reference = other + offset + drift × (other − pivot)}.
 *
 * @param reference number of the trace whose clock counts
 * @param other number of the trace that is moved
 * @param basis what ties them together
 * @param offsetNs at the pivot
 * @param lowNs least offset that agrees with as many anchors
 * @param highNs greatest one
 * @param pivotNs time of the other's clock
 * @param driftPpb by how much the other clock is slow, in billionths; 0 if less than can be told
 * @param anchors things that both traces tell of
 * @param agreeing those that fit this offset
 * @param distanceNs median distance of what belongs together, after alignment
 */
public record ClockLink(
        int reference,
        int other,
        Basis basis,
        long offsetNs,
        long lowNs,
        long highNs,
        long pivotNs,
        long driftPpb,
        int anchors,
        int agreeing,
        long distanceNs) {
    private static final long BILLION = 1_000_000_000L;

    /** What ties two clocks together. */
    public enum Basis {
        /** Both know the time of day. */
        WALL_CLOCK("the time of day at their starts"),
        /** Both count from the same moment, because the user says so. */
        SAME_START("the same start, as asked for"),
        /** The user gave the offset. */
        GIVEN("the offset given"),
        /** Pages that one maps and the other uses, faults and groups that both tell of. */
        CONTENT("what both tell of"),
        /** A line of the one tells the time of day, in whole seconds. */
        CLOCK_LINE("the line in which the kernel sets its clock"),
        /** One of the two is a state without times, from which the other starts. */
        STATE("the start, since one of them is a state without times");

        private final String words;

        Basis(String words) {
            this.words = words;
        }

        /** In words, after "by". */
        public String words() {
            return words;
        }
    }

    static ClockLink exact(int reference, int other, Basis basis, long offsetNs) {
        return new ClockLink(reference, other, basis, offsetNs, offsetNs, offsetNs, 0, 0, 0, 0, 0);
    }

    /** A time of the other trace by the reference's clock. */
    public long toReference(long timeNs) {
        long since = timeNs - pivotNs;
        long drift = since / BILLION * driftPpb + since % BILLION * driftPpb / BILLION;
        return timeNs + offsetNs + drift;
    }
}
