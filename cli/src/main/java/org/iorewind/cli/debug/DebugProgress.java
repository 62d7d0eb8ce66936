package org.iorewind.cli.debug;

import org.iorewind.trace.Progress;
import org.jspecify.annotations.Nullable;

/** Hands progress on to whoever shows it at the moment. One thread. */
public final class DebugProgress implements Progress {
    private @Nullable Progress shown;

    /** Nobody shows it yet. */
    public DebugProgress() {}

    /** From now on this one shows it; null for nobody. */
    public void show(@Nullable Progress next) {
        shown = next;
    }

    @Override
    public void at(long done, long total) {
        if (shown != null) {
            shown.at(done, total);
        }
    }
}
