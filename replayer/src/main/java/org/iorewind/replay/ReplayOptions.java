package org.iorewind.replay;

import org.iorewind.trace.Progress;

/**
 * How to replay.
 *
 * @param profile label of the profile to run the model under, or empty for the one the trace names
 * @param divergenceLimit how many divergences are kept in full; all are counted
 * @param faultLimit how many faults are kept in full; all are counted
 * @param model options of the model that differ from what the trace asks for
 * @param progress told now and then, in events
 */
public record ReplayOptions(
        String profile, int divergenceLimit, int faultLimit, ModelOptions model, Progress progress) {
    private static final int DIVERGENCES = 20;
    private static final int FAULTS = 100_000;

    /** The trace's own profile, the usual limits, no progress. */
    public static ReplayOptions defaults() {
        return new ReplayOptions("", DIVERGENCES, FAULTS, ModelOptions.NONE, Progress.NONE);
    }

    /** The same under another profile. */
    public ReplayOptions withProfile(String label) {
        return new ReplayOptions(label, divergenceLimit, faultLimit, model, progress);
    }

    /** The same with somebody to tell. */
    public ReplayOptions withProgress(Progress listener) {
        return new ReplayOptions(profile, divergenceLimit, faultLimit, model, listener);
    }

    /** The same with other options of the model. */
    public ReplayOptions withModel(ModelOptions options) {
        return new ReplayOptions(profile, divergenceLimit, faultLimit, options, progress);
    }
}
