package org.iorewind.samples.workload;

/**
 * Something that a guest does again and again.
 *
 * @param guest its name
 * @param action what
 * @param count how often, 1 to {@value #MOST}
 * @param rate how often in each round of its phase, 1 to {@value #HIGHEST_RATE}
 * @param leastBytes smallest buffer, a multiple of 4096; of {@link Action#PACKET} alone
 * @param mostBytes largest buffer, up to {@value #LARGEST}
 */
public record Work(String guest, Action action, long count, int rate, long leastBytes, long mostBytes) {
    /** Most repetitions. */
    public static final long MOST = 1_000_000_000_000L;
    /** Most repetitions in a round. */
    public static final int HIGHEST_RATE = 10_000;
    /** Largest buffer. */
    public static final long LARGEST = 4L << 20;
    /** Smallest buffer, of which others are multiples. */
    public static final long PAGE = 4096;
    /** Largest buffer where nothing is said. */
    public static final long USUAL_MOST = 4 * PAGE;

    /** Checks the ranges. */
    public Work {
        Names.check("guest", guest);
        between("count", count, 1, MOST);
        between("rate", rate, 1, HIGHEST_RATE);
        between("bytes", leastBytes, PAGE, LARGEST);
        between("bytes", mostBytes, leastBytes, LARGEST);
        if ((leastBytes | mostBytes) % PAGE != 0) {
            throw new WorkloadException(
                    "bytes: expected multiples of " + PAGE + ", found " + leastBytes + " and " + mostBytes);
        }
    }

    private static void between(String what, long found, long least, long most) {
        if (found < least || found > most) {
            throw new WorkloadException(what + ": expected " + least + " to " + most + ", found " + found);
        }
    }

    /** An action with the usual buffers, once a round. */
    public static Work of(String guest, Action action, long count) {
        return new Work(guest, action, count, 1, PAGE, USUAL_MOST);
    }
}
