package org.iorewind.cli;

import java.io.PrintStream;
import org.iorewind.analyze.text.Notation;
import org.iorewind.trace.Progress;
import org.jspecify.annotations.Nullable;

/** One line on a terminal, redrawn as work goes on and wiped when it is done. One thread. */
public final class ProgressLine implements Progress, AutoCloseable {
    private static final long REDRAW_NS = 100_000_000L;
    private static final String WIPE = "\r\u001b[K";

    private final @Nullable PrintStream err;
    private final String what;
    private final String unit;
    private long nextNs = System.nanoTime();
    private boolean drawn;

    ProgressLine(@Nullable PrintStream err, String what, String unit) {
        this.err = err;
        this.what = what;
        this.unit = unit;
    }

    @Override
    public void at(long done, long total) {
        PrintStream terminal = err;
        if (terminal == null || System.nanoTime() - nextNs < 0) {
            return;
        }
        nextNs = System.nanoTime() + REDRAW_NS;
        String share = total > 0 ? " (" + Math.min(100, done * 100 / total) + " %)" : "";
        terminal.print(WIPE + what + ": " + Notation.count(done) + " " + unit + share);
        terminal.flush();
        drawn = true;
    }

    @Override
    public void close() {
        PrintStream terminal = err;
        if (terminal != null && drawn) {
            terminal.print(WIPE);
            terminal.flush();
            drawn = false;
        }
    }
}
