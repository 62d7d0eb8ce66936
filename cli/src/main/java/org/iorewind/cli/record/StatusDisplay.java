package org.iorewind.cli.record;

import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.Terminal;
import org.iorewind.record.live.OpenMetricsFile;
import org.iorewind.record.live.RecordingListener;
import org.iorewind.record.live.RecordingStatus;
import org.jspecify.annotations.Nullable;

/** Shows how a recording goes. One thread. */
public final class StatusDisplay implements RecordingListener, AutoCloseable {
    private static final long REDRAW_NS = 500_000_000L;
    private static final String WIPE = "\r\u001b[K";
    private static final String TITLE_BEGIN = "\u001b]2;";
    private static final String TITLE_END = "\u0007";
    private static final long MS = 1_000_000L;

    private final Terminal terminal;
    private final StatusPlace place;
    private final @Nullable OpenMetricsFile metrics;
    private long nextNs = System.nanoTime();
    private boolean drawn;

    /** Shows it there, and in the file if there is one. */
    public StatusDisplay(Terminal terminal, StatusPlace place, @Nullable OpenMetricsFile metrics) {
        this.terminal = terminal;
        this.place = place;
        this.metrics = metrics;
    }

    @Override
    public void status(RecordingStatus status) {
        if (metrics != null) {
            metrics.update(status);
        }
        if (place == StatusPlace.OFF || System.nanoTime() - nextNs < 0) {
            return;
        }
        nextNs = System.nanoTime() + REDRAW_NS;
        String text = text(status);
        terminal.err().print(place == StatusPlace.LINE ? WIPE + text : TITLE_BEGIN + "iorewind: " + text + TITLE_END);
        terminal.err().flush();
        drawn = true;
    }

    /** The status in one line. */
    static String text(RecordingStatus status) {
        StringBuilder text = new StringBuilder("recording: ");
        text.append(Notation.count(status.events(), "event"));
        text.append(", ").append(Notation.count(status.eventsPerSecond())).append("/s");
        text.append(", ").append(Notation.size(status.bytes()));
        text.append(", lag ").append(status.lagNs() / MS).append(" ms");
        text.append(", ").append(Notation.count(status.gaps(), "gap"));
        if (status.lateReadings() > 0) {
            text.append(", ").append(Notation.count(status.lateReadings())).append(" late");
        }
        if (status.freeBytes() >= 0) {
            text.append(", ").append(Notation.size(status.freeBytes())).append(" left");
        }
        return text.toString();
    }

    @Override
    public void note(String text) {
        wipe();
        terminal.note("iorewind: " + text);
    }

    private void wipe() {
        if (drawn && place == StatusPlace.LINE) {
            terminal.err().print(WIPE);
            terminal.err().flush();
        }
    }

    @Override
    public void close() {
        wipe();
        if (drawn && place == StatusPlace.TITLE) {
            terminal.err().print(TITLE_BEGIN + TITLE_END);
            terminal.err().flush();
        }
    }
}
