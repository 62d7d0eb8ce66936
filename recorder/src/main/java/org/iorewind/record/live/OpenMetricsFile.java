package org.iorewind.record.live;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;

/**
 * A recording's numbers in a file in the OpenMetrics text format, replaced as a whole every few seconds, for a collector
 * of text files. One thread.
 */
public final class OpenMetricsFile {
    private static final long PERIOD_NS = 5_000_000_000L;

    private final Path file;
    private final Path partial;
    private long nextNs = System.nanoTime();
    private boolean failed;

    /** Will be this file; what is there is replaced. */
    public OpenMetricsFile(Path file) {
        this.file = file;
        this.partial = file.resolveSibling(file.getFileName() + ".partial");
    }

    /** Writes the file if it is time. A disk that refuses it does not disturb the recording. */
    public void update(RecordingStatus status) {
        if (System.nanoTime() - nextNs >= 0 && !failed) {
            nextNs = System.nanoTime() + PERIOD_NS;
            try {
                write(status, false);
            } catch (IOException e) {
                failed = true;
            }
        }
    }

    /**
     * Writes it for the last time.
     *
     * @throws TraceStoreException if it cannot be written, now or before
     */
    public void finish(RecordingStatus status) {
        try {
            write(status, true);
        } catch (IOException e) {
            throw new TraceStoreException(
                    file.toString(),
                    "",
                    "a file for the metrics that can be replaced",
                    PlainReason.of(e),
                    "choose another place with --metrics; the trace itself is whole",
                    e);
        }
    }

    private void write(RecordingStatus status, boolean over) throws IOException {
        Files.write(partial, text(status, over).getBytes(StandardCharsets.UTF_8));
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static String text(RecordingStatus status, boolean over) {
        StringBuilder out = new StringBuilder();
        gauge(out, "recording", "", "1 while the recording goes on.", over ? "0" : "1");
        gauge(out, "elapsed_seconds", "seconds", "Time since the start.", seconds(status.elapsedNs()));
        counter(out, "events", "", "Events written.", status.events());
        counter(out, "event_bytes", "bytes", "Bytes of events written, before compression.", status.bytes());
        counter(out, "source_lines", "", "Lines received from QEMU.", status.lines());
        counter(out, "gaps", "", "Places where something is missing.", status.gaps());
        counter(out, "late_readings", "", "Readings of memory that came too late.", status.lateReadings());
        gauge(out, "waiting_lines", "", "Lines received and not written yet.", Long.toString(status.waitingLines()));
        gauge(out, "lag_seconds", "seconds", "How far the writing is behind.", seconds(status.lagNs()));
        if (status.freeBytes() >= 0) {
            gauge(out, "disk_free_bytes", "bytes", "Left on the trace's disk.", Long.toString(status.freeBytes()));
        }
        return out.append("# EOF\n").toString();
    }

    private static void counter(StringBuilder out, String name, String unit, String help, long value) {
        head(out, name, "counter", unit, help);
        out.append("iorewind_").append(name).append("_total ").append(value).append('\n');
    }

    private static void gauge(StringBuilder out, String name, String unit, String help, String value) {
        head(out, name, "gauge", unit, help);
        out.append("iorewind_").append(name).append(' ').append(value).append('\n');
    }

    private static void head(StringBuilder out, String name, String type, String unit, String help) {
        out.append("# TYPE iorewind_").append(name).append(' ').append(type).append('\n');
        if (!unit.isEmpty()) {
            out.append("# UNIT iorewind_").append(name).append(' ').append(unit).append('\n');
        }
        out.append("# HELP iorewind_").append(name).append(' ').append(help).append('\n');
    }

    private static String seconds(long ns) {
        return BigDecimal.valueOf(ns, 9).toPlainString();
    }
}
