package org.iorewind.record.kernellog;

import org.iorewind.record.kernellog.KernelLine.Clock;

/**
 * Brings the stamps of a log to one time line: ns since the first stamp by a wall clock, or since the kernel's start. A
 * clock that comes up later starts where the time line is then; a kernel that starts again goes on there. Not thread-safe.
 */
final class SessionClock {
    private static final long UNSET = Long.MIN_VALUE;

    private final long[] offsets = new long[Clock.values().length];
    private long nowNs;
    private boolean started;
    private long firstWallNs;

    SessionClock() {
        java.util.Arrays.fill(offsets, UNSET);
    }

    /** Time of a line, ns. */
    long at(KernelLine line) {
        if (line.clock() == Clock.NONE) {
            return nowNs;
        }
        if (line.clock() == Clock.STEP) {
            nowNs = add(nowNs, line.timeNs());
            return nowNs;
        }
        int clock = line.clock().ordinal();
        if (offsets[clock] == UNSET) {
            boolean countsFromStart = !started && line.clock() == Clock.BOOT;
            offsets[clock] = countsFromStart ? 0 : nowNs - line.timeNs();
            if (!started && line.clock() == Clock.WALL) {
                firstWallNs = line.timeNs();
            }
            started = true;
        }
        nowNs = add(offsets[clock], line.timeNs());
        return nowNs;
    }

    /** The kernel starts again: its clock begins anew where the time line is. */
    void anotherBoot(KernelLine line) {
        if (line.clock() == Clock.BOOT) {
            offsets[Clock.BOOT.ordinal()] = nowNs - line.timeNs();
        }
    }

    /** Whether a line's stamp by the kernel's clock lies before the time line. */
    boolean stepsBack(KernelLine line) {
        int boot = Clock.BOOT.ordinal();
        return line.clock() == Clock.BOOT && offsets[boot] != UNSET && add(offsets[boot], line.timeNs()) < nowNs;
    }

    /** Wall clock at time 0, ns since 1970; 0 if the log does not tell. */
    long startUnixNs() {
        return firstWallNs;
    }

    private static long add(long a, long b) {
        long sum = a + b;
        // only stamps that no clock shows can get here
        return ((a ^ sum) & (b ^ sum)) < 0 ? a : sum;
    }
}
