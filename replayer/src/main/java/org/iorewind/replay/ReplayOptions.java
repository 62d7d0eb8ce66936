package org.iorewind.replay;

import org.iorewind.trace.Progress;

/**
 * How to replay.
 *
 * @param profile label of the profile to run the model under, or empty for the one the trace names
 * @param divergenceLimit how many divergences are kept in full; all are counted
 * @param faultLimit how many faults are kept in full; all are counted
 * @param progress told now and then, in events
 */
public record ReplayOptions(String profile, int divergenceLimit, int faultLimit, Progress progress) {
    private static final int DIVERGENCES = 20;
    private static final int FAULTS = 100_000;

    /** The trace's own profile, the usual limits, no progress. */
    public static ReplayOptions defaults() {
        return new ReplayOptions("", DIVERGENCES, FAULTS, Progress.NONE);
    }

    /** The same under another profile. */
    public ReplayOptions withProfile(String label) {
        return new ReplayOptions(label, divergenceLimit, faultLimit, progress);
    }

    /** The same with somebody to tell. */
    public ReplayOptions withProgress(Progress listener) {
        return new ReplayOptions(profile, divergenceLimit, faultLimit, listener);
    }
}
